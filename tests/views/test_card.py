"""Cards as they are read on a phone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.actors import System
from bot.domain.commands import (
    Absorb,
    Acknowledge,
    DescribeImpact,
    Escalate,
    MergeInto,
    Note,
    PostUpdate,
    ReportUnreachable,
    Resolve,
    TakeAlerts,
)
from bot.domain.measures import Trend
from bot.views import incident_presses
from bot.views.callbacks import parse
from bot.views.card import (
    CardView,
    ChoosingSeverity,
    ConfirmingSeverity,
    Mode,
    Normal,
    card,
)
from bot.views.damage import Reading
from bot.views.keyboard import Capabilities, Row
from bot.views.rendered import Rendered
from bot.views.resolving import ask_buttons
from bot.views.translations import Words
from tests.views.scenes import (
    ANNA,
    BORIS,
    ENGLISH,
    MONITOR,
    RUSSIAN,
    Scene,
    alert,
    at,
    flat,
    labels,
    lines,
    read,
    scene,
)

NARROW = 10
"""Letters of a word on a button of which three stand in a row, at 390 px."""
THREE = (alert("A", service="api"), alert("B", service="db"), alert("C", service="db"))


def seen(what: Scene, minutes: float, mode: Mode | None = None, words: Words = ENGLISH) -> Rendered:
    """The card of a scene so many minutes after noon."""
    return card(CardView(what.rules, what.incident, at(minutes), words, mode or Normal()))


@pytest.mark.parametrize("words", [ENGLISH, RUSSIAN])
def test_no_word_of_a_narrow_button_is_cut(words: Words) -> None:
    """A third of a phone's width holds ten letters: a longer word would end in dots."""
    it, every = scene(alerts=THREE), Capabilities(*[True] * 5)
    rows: list[Row] = []
    for step in (Acknowledge(by=ANNA), Resolve(by=ANNA)):
        rows += card(CardView(it.rules, it.incident, at(2), words, capabilities=every)).buttons
        it.do(2, step)
    rows.append((*ask_buttons(words, it.incident), *card(CardView(it.rules, it.incident, at(2), words)).buttons[-1]))
    narrow = [word for row in rows if len(row) > 2 for button in row for word in button.label.split()]
    assert max(map(len, narrow)) <= NARROW
    if words is RUSSIAN:
        # Cyrillic letters are wider: beside the sign eight of them fit, and a ninth pushes the word below it.
        assert [word for word in narrow if len(word) > 8] == []


def test_nobody_has_it() -> None:
    """How bad, which one, who has it; what is broken; what is due and what happens if nobody moves."""
    assert lines(seen(scene(alerts=THREE), 6)) == [
        "🔴 SEV-1 · INC-7 · nobody has it yet",
        "High error rate on payments-api",
        "3 alerts · api, db · since 12:00 UTC, 6 min",
        "",
        "Answer by 12:15 UTC · then the whole team is told",
    ]


def test_in_hand() -> None:
    """Who has it, the last word, and the next two dates."""
    it = scene(alerts=THREE).do(5, Acknowledge(by=ANNA)).do(10, PostUpdate(by=ANNA, text="rolled back\n4.2.1"))
    it.do(12, TakeAlerts(by=MONITOR, alerts=(alert("A", firing=False),)))
    assert lines(seen(it, 18)) == [
        "🟠 SEV-1 · INC-7 · Anna has it",
        "High error rate on payments-api",
        "2 of 3 alerts firing · db · since 12:00 UTC, 18 min",
        "",
        "12:10 UTC Anna: rolled back 4.2.1",
        "Next update by 12:40 · resolve by 16:00 UTC",
        "Not known yet: users affected, regions, nodes and 3 more · checklist 5 of 8",
    ]


def test_in_russian() -> None:
    """A Russian chat reads Russian, with times of its zone."""
    shown = seen(scene(alerts=THREE), 6, words=RUSSIAN)
    assert lines(shown)[0] == "🔴 SEV-1 · INC-7 · пока никто не взял"
    assert lines(shown)[2] == "3 алерта · api, db · с 15:00 MSK, 6 мин"
    assert lines(shown)[4] == "Ответить до 15:15 MSK · затем узнает вся команда"
    assert labels(shown)[0] == ["✅ Принять", "⬆️ Позвать"]


def test_broken_figures_stand_before_the_alerts() -> None:
    """A figure outside of its target says the target; one that keeps it, or was not measured, is not there."""
    it = scene()
    figures = (Reading("latency_p95", 0.02), Reading("error_rate", 0.072, Trend.FALLING), Reading("unheard_of", 1.0))
    shown = card(CardView(it.rules, it.incident, at(1), ENGLISH, readings=figures))
    first, second, *_ = lines(shown)[2].replace("\N{NO-BREAK SPACE}", " ").split(" · ")
    assert first.endswith("7.2 % (target < 0.1 %) ↓")
    assert second == "declared by Alertmanager"


def test_overdue_answer_is_said() -> None:
    """After the deadline the card says that nobody answered, and how it goes on."""
    shown = lines(seen(scene().wait(16), 16))
    assert "⚠️ Nobody answered by 12:15 UTC · paged again every 5 min" in shown


def test_late_update_and_late_end_are_said() -> None:
    """What is late says so, instead of being promised."""
    it = scene().do(1, Acknowledge(by=ANNA)).wait(36)
    assert "⚠️ Update was due 12:30 UTC · resolve by 16:00 UTC" in lines(seen(it, 36))
    it.do(239, PostUpdate(by=ANNA, text="soon")).wait(241)
    assert "Next update by 16:29 UTC · ⚠️ was to be resolved by 16:00 UTC" in lines(seen(it, 241))


def test_updates_as_needed_promise_none() -> None:
    """A severity without a cadence shows the end alone."""
    assert "Resolve by" in lines(seen(scene("SEV-3").do(1, Acknowledge(by=ANNA)), 2))[-2]


def test_a_waiting_call_and_an_unreachable_person_are_said() -> None:
    """Who was called without an answer, and who can't be written to."""
    it = scene().do(1, Acknowledge(by=ANNA)).do(2, Escalate(by=ANNA))
    it.do(3, ReportUnreachable(by=System(), person="clara", reason="blocked"))
    shown = lines(seen(it, 4))
    assert "⬆️ Team Lead called, no answer yet: Boris, last paged 12:02 UTC" in shown
    assert "Can't be written to: Clara" in shown
    assert "Ack" in flat(seen(it, 4))


def test_the_newest_of_update_and_note_is_shown() -> None:
    """One line of news; the impact has its own."""
    it = scene().do(1, PostUpdate(by=ANNA, text="earlier")).do(2, Note(by=BORIS, text="new"))
    shown = lines(seen(it.do(3, DescribeImpact(by=ANNA, text="some payments fail")), 4))
    assert "12:02 UTC Boris: new" in shown
    assert "Impact: some payments fail" in shown
    assert not any("earlier" in line for line in shown)


def test_all_alerts_resolved_offers_the_end_first() -> None:
    """When nothing fires any more the card asks, and Resolve comes first."""
    it = scene(alerts=THREE[:1]).do(5, Acknowledge(by=ANNA))
    shown = seen(it.do(6, TakeAlerts(by=MONITOR, alerts=(alert("A", firing=False),))), 7)
    assert lines(shown)[0].startswith("🟢 SEV-1")
    assert lines(shown)[-1] == "Every alert has resolved. Is it over?"
    assert labels(shown)[0][0] == "🏁 Resolve"


def test_a_closed_card_is_short_and_can_be_reopened() -> None:
    """Over: by whom, after how long, answered how soon; what the review wants; and the way back."""
    shown = seen(scene().do(1, Acknowledge(by=ANNA)).do(42, Resolve(by=BORIS)), 50)
    assert lines(shown) == [
        "🏁 SEV-1 · INC-7 · resolved by Boris",
        "High error rate on payments-api",
        "Over after 42 min at 12:42 UTC · answered in 1 min · Anna had it",
        "⚪️ Not verified: Error rate, Latency P95 (no Prometheus), Smoke tests (can't be run here)",
        "📄 review by Jan 21, 12:42 UTC · checklist 2 of 7",
    ]
    assert labels(shown) == [["📄 Review", "💡 Add lesson"], ["🔨 Add action", "↩️ Reopen"]]


def test_a_merged_card_points_to_the_other() -> None:
    """What became part of another leads there; the other says what it carries."""
    other = scene(number=8).do(1, MergeInto(by=ANNA, incident="INC-7"))
    shown = seen(other, 2)
    assert lines(shown)[0] == "🔗 SEV-1 · INC-8 · merged into INC-7"
    assert parse(shown.buttons[0][0].data or "") == incident_presses.OpenIncident("INC-7")
    it = scene().do(1, Absorb(by=ANNA, incident="INC-8", title="t", alerts=(), groups=()))
    assert "With INC-8 merged into it" in lines(seen(it, 2))


def test_buttons_by_state() -> None:
    """Only what would be taken is offered, and only what this installation has."""
    it = scene()
    assert labels(seen(it, 1)) == [["✅ Ack", "⬆️ Escalate"], ["🎚 Severity", "📝 Update", "🏁 Resolve"]]
    it.do(2, Acknowledge(by=ANNA))
    assert labels(seen(it, 3)) == [["📝 Update", "🧭 Assess", "👥 Roles"], ["⬆️ Escalate", "🎚 Severity", "🏁 Resolve"]]
    view = CardView(it.rules, it.incident, at(3), ENGLISH, capabilities=Capabilities(charts=True, checklist=True))
    assert labels(card(view))[0] == ["📝 Update", "📈 Charts", "🧭 Assess"]
    assert labels(card(view))[1] == ["👥 Roles", "☑️ Checklist"]


def test_nobody_to_escalate_to_means_no_button() -> None:
    """Escalate is hidden when nobody but the holder could be called."""
    it = scene().do(1, Acknowledge(by=ANNA))
    for person in ("boris", "clara"):
        it.do(2, ReportUnreachable(by=System(), person=person, reason="never pressed Start"))
    assert "Escalate" not in flat(seen(it, 3))


def test_choosing_a_severity() -> None:
    """Every severity but the present one, and a way back; the press carries what was seen."""
    shown = seen(scene("SEV-2"), 1, ChoosingSeverity())
    assert labels(shown) == [["SEV-1 Critical", "SEV-3 Medium"], ["SEV-4 Low"], ["✖️ Cancel"]]
    assert parse(shown.buttons[0][1].data or "") == incident_presses.ChooseSeverity("INC-7", 2, 1)


def test_confirming_a_lower_severity() -> None:
    """The question says what it will mean, and is answered with Confirm or Cancel."""
    shown = seen(scene(), 1, ConfirmingSeverity("SEV-3"))
    assert lines(shown)[-1] == (
        "Lower SEV-1 to SEV-3? Then: an answer within 4 h, the end within 3 d, updates as needed."
    )
    assert labels(shown) == [["✔️ Confirm", "✖️ Cancel"]]
    assert parse(shown.buttons[0][0].data or "") == incident_presses.ConfirmSeverity("INC-7", 2, 0)


@settings(max_examples=40, deadline=None)
@given(st.text(min_size=1, max_size=3000), st.sampled_from([ENGLISH, RUSSIAN]))
def test_anything_from_outside_makes_a_valid_card(outside: str, words: Words) -> None:
    """Whatever title, labels, notes and impact say, the card is valid, bounded, and its first line is ours."""
    title = outside[:250] if outside[:250].strip() else "x"
    it = scene(title=title, alerts=(alert("A", service=outside, instance="<b>&"),))
    said = outside if outside.strip() else "x"
    it.do(1, Acknowledge(by=ANNA)).do(2, PostUpdate(by=ANNA, text=said)).do(3, DescribeImpact(by=ANNA, text=said))
    for mode in (Normal(), ChoosingSeverity()):
        assert read(seen(it, 4, mode, words)).text.startswith("🟠 SEV-1 · INC-7")


@pytest.mark.parametrize("words", [ENGLISH, RUSSIAN])
def test_the_longest_card_fits(words: Words) -> None:
    """Everything at its longest still is one message with its first line and its question."""
    many = tuple(alert(f"{n}" * 50, service=f"{n}" * 900) for n in range(1, 60))
    it = scene(title="🔥" * 300, alerts=many).do(1, PostUpdate(by=ANNA, text="&" * 3000))
    it.do(2, DescribeImpact(by=ANNA, text="<" * 3000))
    assert read(seen(it, 3, ChoosingSeverity(), words)).text.count("\n") > 5
