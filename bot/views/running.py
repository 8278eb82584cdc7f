"""Runs of actions as people read them: what runs, what it prints, and how it ended."""

from datetime import timedelta

from bot.domain.acting import Run
from bot.domain.acting_events import (
    ActionEnding,
    ActionFinished,
    ActionLost,
)
from bot.domain.actors import Responder
from bot.domain.masking import Masker
from bot.domain.plan import Action
from bot.domain.rules import Rules
from bot.views import naming
from bot.views.conditions import condition_of
from bot.views.drill import not_run
from bot.views.html import Line, Piece, bold, message, quote, text
from bot.views.outside_text import MORE
from bot.views.plan_words import of_plan
from bot.views.rendered import Rendered
from bot.views.tell_view import TellView
from bot.views.times import clock, duration
from bot.views.translations import Words

OUTPUT_LIMIT = 300
"""Characters of an action's output in the chat, and its last lines: what a phone shows beside what came of it."""
OUTPUT_LINES = 6
REASON_LIMIT = 200
COMMAND_LIMIT = 80

_INTERPRETERS = {"bash", "sh"}
_mask = Masker()


def run(view: TellView) -> Rendered:
    """A run as it stands: going on with what it prints, or ended with how."""
    words, incident = view.words, view.incident
    known = incident.acting.run(view.number)
    if known is None:
        return Rendered(message([Line(words("{incident}: nothing runs", incident=incident.id))]))
    if known.ended is not None:
        tail = known.ended.tail if isinstance(known.ended, ActionFinished) else view.output
        what_now = advice(view) if isinstance(known.ended, ActionLost) else Piece()
        lines = [Line(bold(ended(view, known.ended))), Line(what_now), Line(_why(view, known), 1), _output(tail)]
        return Rendered(message(lines))
    return Rendered(message([Line(bold(_going(view, known))), Line(_why(view, known), 1), _output(view.output)]))


def _going(view: TellView, known: Run) -> Piece:
    words = view.words
    about = {
        "incident": text(view.incident.id),
        "action": title(words, view.rules, known.action),
        "time": clock(words, known.started_at, view.now),
    }
    if isinstance(known.by, Responder):
        who = naming.actor(words, view.rules.roster, known.by)
        return words("⏳ {incident}: {action} runs since {time}, started by {who}", who=who, **about)
    return words("⏪ {incident}: {action} runs by itself since {time}", **about)


def _why(view: TellView, known: Run) -> Piece:
    """The row of the matrix that it runs for."""
    if known.trigger is None:
        return Piece()
    return condition_of(view.words, view.rules, known.trigger, view.incident.acting.values.get(known.trigger))


def ended(view: TellView, event: ActionFinished | ActionLost) -> Piece:
    """How a run ended, in words."""
    words = view.words
    known = view.incident.acting.run(event.run)
    about = {"incident": text(view.incident.id), "action": title(words, view.rules, event.action)}
    if isinstance(event, ActionLost):
        return words("❓ {incident}: nobody knows how {action} ended, the bot died meanwhile", **about)
    took = duration(words, timedelta(seconds=event.took_s))
    how = outcome(words, event)
    if event.ending is ActionEnding.SIMULATED:
        return words("🎓 {incident}: {action}: {how}", how=how, **about)
    if known is not None and known.ok:
        return words("✅ {incident}: {action} ended well after {took} ({how})", took=took, how=how, **about)
    if event.ending in {ActionEnding.NOT_STARTED, ActionEnding.STOPPED}:
        return words("❌ {incident}: {action}: {how}", how=how, **about)
    return words("❌ {incident}: {action} failed after {took}: {how}", took=took, how=how, **about)


def advice(view: TellView) -> Piece:
    """What to do about a run of unknown outcome."""
    return view.words("Look at the service first. It is not run again by itself: /rollback or /run does that.")


def outcome(words: Words, event: ActionFinished) -> Piece:  # noqa: PLR0911 - one flat table of endings
    """The ending alone."""
    detail = text(event.detail, REASON_LIMIT)
    match event.ending:
        case ActionEnding.EXITED:
            return words("exit status {code}", code=event.code or 0)
        case ActionEnding.KILLED:
            return words("ended by signal {signal}", signal=detail)
        case ActionEnding.TIMED_OUT:
            return words("ended at its time limit")
        case ActionEnding.NOT_STARTED:
            return words("did not start: {reason}", reason=detail)
        case ActionEnding.ANSWERED:
            return words("answered with status {code}", code=event.code or 0)
        case ActionEnding.NOT_ANSWERED:
            return words("no answer ({reason}): whether it took effect is not known", reason=detail)
        case ActionEnding.STOPPED:
            return words("the bot was stopped and ended it half-way")
        case ActionEnding.SIMULATED:
            return not_run(words)


def title(words: Words, rules: Rules, action: str) -> Piece:
    """What an action is called."""
    known = rules.plan.actions.get(action)
    return of_plan(words, known.title if known is not None else action)


def run_it(words: Words, rules: Rules, action: str) -> Piece:
    """The question before an action runs."""
    known = rules.plan.actions[action]
    return words(
        "Run {action} ({command})?", action=of_plan(words, known.title), command=text(command_of(known), COMMAND_LIMIT)
    )


def command_of(action: Action) -> str:
    """What an action does, shortly: the command without its interpreter, or the request; without what may be secret."""
    if action.http is not None:
        return _mask(f"{action.http.method} {action.http.url}")
    program, *arguments = action.run or ("",)
    return _mask(" ".join(arguments if program in _INTERPRETERS and arguments else (program, *arguments)))


def _output(tail: str) -> Line:
    last = "\n".join(tail.strip().splitlines()[-OUTPUT_LINES:])
    cut_off = len(last) > OUTPUT_LIMIT
    shown = MORE + last[-(OUTPUT_LIMIT - len(MORE)) :] if cut_off else last
    return Line(quote(shown, OUTPUT_LIMIT) if shown else Piece(), 3)
