"""Decisions and runs as they are read: the question, what became of it, and every way a run may end."""

import pytest

from bot.domain.acting_commands import Breach, Clear, Decide, FinishAction, LoseAction, ObserveTrigger, StartAction
from bot.domain.acting_events import ActionEnding, ActionFinished, ActionStarted, TriggerFired
from bot.domain.actors import System
from bot.domain.commands import Resolve
from bot.views.damage import Reading
from bot.views.keyboard import Capabilities
from bot.views.rendered import Rendered
from bot.views.tell import thread
from bot.views.tell_view import TellView
from bot.views.timeline import line as told
from bot.views.translations import Words
from tests.views.scenes import ANNA, ENGLISH, NOON, ROSTER, RUSSIAN, Scene, at, flat, lines, read, scene

BOTH = pytest.mark.parametrize("words", [ENGLISH, RUSSIAN])


def shown(what: Scene, kind: type, minutes: float, words: Words = ENGLISH, output: str = "") -> Rendered:
    """The thread's message about the last event of a kind, as it stands so many minutes after noon."""
    number = max(index for index, event in enumerate(what.log, start=1) if isinstance(event, kind))
    measured = (Reading("error_rate", 0.08),)
    can = Capabilities(charts=True)
    event = what.log[number - 1]
    return thread(TellView(what.rules, what.incident, event, at(minutes), words, number, output, measured, can))


def asked() -> Scene:
    """On-call is asked whether to roll back."""
    return scene("SEV-2").do(15, ObserveTrigger(System(), "error-rate-elevated", Breach(0.072)))


def test_a_decision_says_rule_value_and_who_decides() -> None:
    """The condition with its rule, the live value, when it was asked and will be again, and what would run."""
    text = [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines(shown(asked(), TriggerFired, 17))]
    assert text == [
        "⏪ INC-7: roll back? Error rate 7.2 % for 15 min (rule: 5 % – 10 % for 15 min)",
        "Now 8 %, in breach for 17 min.",
        "Decides: on-call or above. Asked 12:15 UTC, again at 12:20 UTC. Runs: Rollback (staging/rollback.sh).",
    ]
    assert flat(shown(asked(), TriggerFired, 17)) == "✔️ Approve ✖️ Reject 📈 Charts"


@BOTH
def test_a_settled_decision_has_no_buttons(words: Words) -> None:
    """Approved, rejected, expired, or over with its incident: it says so, each in its own words."""
    yes = asked().do(16, Decide(ANNA, None, approve=True, reason="go"))
    no = asked().do(16, Decide(ANNA, None, approve=False))
    over = asked().do(16, ObserveTrigger(System(), "error-rate-elevated", Clear(0.01)))
    closed = asked().do(16, Resolve(ANNA))
    acted = asked().do(16, ObserveTrigger(System(), "latency-critical", Breach(0.6)))
    ends = [shown(it, TriggerFired, 17, words) for it in (yes, no, over, closed)]
    number = asked().incident.acting.decisions[0].number
    settled = TellView(acted.rules, acted.incident, acted.log[number - 1], at(17), words, number)
    ends.append(thread(settled))
    assert all(not rendered.buttons for rendered in ends)
    assert len({lines(rendered)[-1] for rendered in ends}) == len(ends)


@BOTH
@pytest.mark.parametrize("ending", ActionEnding)
def test_each_ending_is_said_in_words(ending: ActionEnding, words: Words) -> None:
    """In the live message and in the thread, with what was printed."""
    it = scene().do(1, StartAction(ANNA, "rollback", confirmed=True))
    run = it.incident.acting.runs[0].number
    assert "begun" in read(shown(it, ActionStarted, 2, words, output="begun <b>")).text
    it.do(2, FinishAction(System(), run, ending, 3, "detail", "the end & more"))
    live, said = shown(it, ActionStarted, 3, words), shown(it, ActionFinished, 3, words)
    assert "the end & more" in read(live).text
    assert lines(live)[0] == lines(said)[0]


@pytest.mark.parametrize("printed", ["1900000000.0, " * 500, "\n".join(f"step {n} of 400" for n in range(1, 401))])
def test_much_output_is_no_wall_of_text(printed: str) -> None:
    """The chat shows the last lines of what an action printed, a few of them; a long line loses its beginning."""
    it = scene().do(1, StartAction(ANNA, "rollback", confirmed=True))
    run = it.incident.acting.runs[0].number
    it.do(2, FinishAction(System(), run, ActionEnding.EXITED, 0, "", printed))
    said = read(shown(it, ActionStarted, 3, ENGLISH)).text
    assert said.rstrip().endswith(printed.strip()[-12:])
    assert len(said) < 500
    assert said.count("\n") < 10


def test_a_lost_run_says_what_to_do() -> None:
    """Nobody knows how it ended; it is not run again by itself."""
    it = scene().do(1, StartAction(ANNA, "rollback", confirmed=True))
    it.do(2, LoseAction(System(), it.incident.acting.runs[0].number))
    text = read(shown(it, ActionStarted, 3)).text
    assert "nobody knows how Rollback ended" in text
    assert "not run again by itself" in text


@pytest.mark.parametrize("ending", ActionEnding)
def test_every_ending_stands_in_the_timeline(ending: ActionEnding) -> None:
    """In words of its own, in both languages."""
    event = ActionFinished(at=NOON, by=ANNA, run=4, action="rollback", ending=ending, code=0)
    assert "rollback" in told(ENGLISH, ROSTER, event, NOON).plain
    assert told(ENGLISH, ROSTER, event, NOON).plain != told(RUSSIAN, ROSTER, event, NOON).plain
