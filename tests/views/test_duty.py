"""Who is on call as it is read: `/oncall`, overrides, handovers, in both languages."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from bot.domain.calendar_snapshot import CalendarSnapshot
from bot.domain.duty import Override, Schedule, Shift
from bot.domain.rules import Rules
from bot.domain.team_events import (
    DutyEvent,
    HandedOver,
    OverrideEnded,
    OverrideSet,
    RowsNeverRead,
    RowsRead,
    UnreachableNamed,
)
from bot.views.answers import no_length
from bot.views.duty import (
    HandoverView,
    on_call,
    override_ended,
    override_set,
    override_stands,
    team_pinged,
    team_told,
    until,
)
from bot.views.lists import Entry
from bot.views.translations import Words
from tests.views.scenes import ANNA, ENGLISH, MONITOR, NOON, ROSTER, RUSSIAN, at, lines, read, rules, scene

BOTH = pytest.mark.parametrize("words", [ENGLISH, RUSSIAN])
TODAY = Shift(person="anna", start=NOON - timedelta(hours=12), end=NOON + timedelta(hours=6))
STANDS_IN = Override("boris", NOON, NOON + timedelta(hours=4), "clara")


@dataclass(frozen=True)
class Known:
    """What is known of who is on call."""

    schedule: Schedule
    calendar: CalendarSnapshot | None = None
    unreadable: str = ""


def shown(known: Known, *unreachable: str, words: Words = ENGLISH) -> list[str]:
    """The lines of `/oncall`."""
    there = rules()
    current = Rules(there.plan, there.plan_digest, there.roster, known.schedule)
    return lines(on_call(words, current, known, NOON, unreachable))


def test_who_is_on_call() -> None:
    """Role by role, and who can't be written to and what helps."""
    assert shown(Known(Schedule(ROSTER)), "clara", "somebody-gone") == [
        "On call now",
        "On-call: Anna",
        "Team Lead: Boris",
        "CTO: Clara",
        "",
        "⚠️ Can't be written to: Clara",
        "They must open a private chat with Nabat and press Start.",
    ]


@BOTH
def test_overrides_that_cannot_be_read_are_said_to_be_so(words: Words) -> None:
    """Whoever asks learns that what they see is the plan alone."""
    warned = [line for line in shown(Known(Schedule(ROSTER), unreadable="damaged"), words=words) if "⚠️" in line]
    assert len(warned) == 1
    assert "nabat check" in warned[0]


def test_until_when_and_who_is_next() -> None:
    """With the zone; an override says who stands in and who set it."""
    schedule = Schedule(ROSTER, (STANDS_IN,), (TODAY,))
    assert shown(Known(schedule))[1:2] == ["On-call: Boris · until 16:00 UTC · then Anna"]
    assert shown(Known(schedule))[-1] == "Boris stands in until 16:00 UTC · set by Clara"


def test_a_calendar_that_fails_is_told() -> None:
    """Since when and why, and which events name nobody."""
    calendar = CalendarSnapshot(address="a", failed="HTTP 503", failed_since=NOON, unknown=("Zoe <b>", "Yan"))
    assert shown(Known(Schedule(ROSTER), calendar))[-2:] == [
        "⚠️ The calendar can't be read since 12:00 UTC: HTTP 503",
        "⚠️ The calendar names nobody on the roster in: Zoe <b>, Yan",
    ]


def told(event: DutyEvent, now: datetime = NOON, *entries: Entry) -> HandoverView:
    """An event to tell."""
    return HandoverView(rules(), Schedule(ROSTER, (STANDS_IN,), (TODAY,)), event, now, entries)


def handed(before: tuple[str, ...], people: tuple[str, ...]) -> HandedOver:
    """A handover at noon."""
    return HandedOver(at=NOON, by=MONITOR, before=before, people=people)


@pytest.mark.parametrize(
    ("before", "people", "first_line"),
    [
        (("anna",), ("boris",), "🔁 On call: Boris takes over from Anna"),
        (("anna", "clara"), ("boris", "clara"), "🔁 On call: Boris takes over from Anna"),
        (("anna",), ("anna", "boris"), "🔁 On call: Boris joins"),
        (("anna", "gone"), ("anna",), "🔁 On call: gone went off"),
        (("anna", "boris"), ("boris", "anna"), "🔁 On call: Boris is first now"),
        (("anna",), (), "🔁 Nobody is on call now: Anna went off"),
    ],
)
def test_a_handover_in_a_sentence(before: tuple[str, ...], people: tuple[str, ...], first_line: str) -> None:
    """Who goes and who comes."""
    assert lines(team_told(told(handed(before, people)), ENGLISH))[0] == first_line


def test_a_handover_tells_what_is_open() -> None:
    """Worst first, with who has it; beyond a handful they are counted; names call their owners."""
    it = scene()
    entries = [Entry(it.rules, it.incident)] * 10
    rendered = team_told(told(handed(("anna",), ("boris",)), NOON, *entries), ENGLISH)
    assert lines(rendered)[1:6] == [
        "until 16:00 UTC · then Anna",
        "",
        "10 incidents are open",
        "🔴 SEV-1 · INC-7 · nobody has it yet",
        "High error rate on payments-api",
    ]
    assert lines(rendered)[-1] == "2 more"
    assert 'href="tg://user?id=1002"' in rendered.text


def test_whoever_comes_reads_it_in_private() -> None:
    """Until when, who set it, and what is open."""
    assert lines(team_pinged(told(handed(("anna",), ("boris",))), ENGLISH, "boris")) == [
        "🔁 You are on call now",
        "until 16:00 UTC · then Anna · set by Clara",
        "",
        "No incident is open",
    ]
    later = told(handed(("boris",), ("anna",)), at(300))
    assert lines(team_pinged(later, ENGLISH, "anna"))[:2] == ["🔁 You are on call now", ""]


def test_nothing_is_said_of_a_change_that_is_not_in_sight() -> None:
    """Everybody with the role is on call, for good."""
    assert not until(ENGLISH, Schedule(ROSTER), NOON, NOON)


@BOTH
def test_overrides_are_answered_in_one_sentence(words: Words) -> None:
    """Set, ended, standing, refused."""
    event = OverrideSet(at=NOON, by=ANNA, person="boris", until=at(240))
    schedule = Schedule(ROSTER, (STANDS_IN,))
    answers = {
        override_set(words, ROSTER, event, NOON, unreachable=False),
        override_set(words, ROSTER, event, NOON, unreachable=True),
        override_ended(words, Schedule(ROSTER), NOON),
        override_stands(words, schedule, NOON),
        override_stands(words, Schedule(ROSTER), NOON),
        no_length(words, "<b>", "4h"),
    }
    assert len(answers) == 6
    assert all(0 < len(answer) <= 200 for answer in answers)


@BOTH
@pytest.mark.parametrize(
    "event",
    [
        handed(("anna",), ("boris",)),
        UnreachableNamed(at=NOON, by=MONITOR, people=("anna",)),
        OverrideSet(at=NOON, by=ANNA, person="boris", until=at(240)),
        OverrideEnded(at=NOON, by=ANNA),
        RowsRead(at=NOON, by=MONITOR, rows=("service-down",), after_all=("service-down",)),
        RowsNeverRead(at=NOON, by=MONITOR, rows=("memory-exhaustion", "gone"), reason="nothing"),
    ],
    ids=lambda event: event.kind,
)
def test_every_event_of_the_team_can_be_told(event: DutyEvent, words: Words) -> None:
    """In both languages, as valid messages."""
    assert read(team_told(told(event), words)).text
