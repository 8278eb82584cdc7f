"""Statistics over many incidents: what counts, where it counts, and what is left out."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.commands import Acknowledge, Assign, ChangeSeverity, Escalate, MergeInto, PostUpdate, Reopen, Resolve
from bot.domain.events import Declared, Noted
from bot.domain.incident_measures import Promise
from bot.domain.roster import Roster
from bot.domain.statistics import (
    Kept,
    Record,
    Spread,
    columns,
    is_night,
    record_of,
    statistics,
    step_of,
)
from tests.domain.builders import ANNA, BORIS, NABAT, THURSDAY, Course, a_roster, an_alert, hours, minutes, the_rules

UTC_ZONE, BERLIN = ZoneInfo("UTC"), ZoneInfo("Europe/Berlin")
NOTHING = dict.fromkeys(Promise, Kept(0, 0))


def record(course: Course) -> Record:
    """What counts of an incident."""
    found = record_of(course.rules, course.id, course.log)
    assert found is not None
    return found


def a_record(declared_at: datetime, severity: str = "SEV-2", **more: object) -> Record:
    """A record that nothing much is known of."""
    plain = Record("INC-1", declared_at, severity, False, None, None, None, NOTHING, {})
    return replace(plain, **more)  # pyright: ignore[reportArgumentType] - the fields are the tests' own


def living_in(zone: str) -> Roster:
    """The five, all of them at home in a zone."""
    roster = a_roster()
    people = {key: person.model_copy(update={"timezone": ZoneInfo(zone)}) for key, person in roster.people.items()}
    return roster.model_copy(update={"people": people})


def test_a_record_is_of_the_log() -> None:
    """Detection, answer, end, deadlines, and the severity that it had at last."""
    alert = an_alert(starts_at=THURSDAY - minutes(2))
    it = Course().declare("SEV-2", alerts=(alert,)).at(minutes(5))
    it.do(Acknowledge(by=ANNA))
    it.do(ChangeSeverity(by=ANNA, severity="SEV-1"))
    it.at(minutes(30)).do(PostUpdate(by=ANNA, text="working"))
    it.at(hours(1)).do(Resolve(by=ANNA))
    found = record(it)
    assert (found.severity, found.merged) == ("SEV-1", False)
    assert (found.detection, found.acknowledgement, found.recovery) == (minutes(2), minutes(5), hours(1))
    assert found.kept == {Promise.RESPONSE: Kept(1, 1), Promise.RESOLUTION: Kept(1, 1), Promise.UPDATE: Kept(1, 1)}


def test_a_drill_counts_nowhere() -> None:
    """Nor does a log that begins with no declaration."""
    it = Course().declare()
    first = it.log[0]
    assert isinstance(first, Declared)
    drill = (first.model_copy(update={"drill": True}), *it.log[1:])
    assert record_of(it.rules, it.id, drill) is None
    assert record_of(it.rules, it.id, ()) is None
    assert record_of(it.rules, it.id, (Noted(at=THURSDAY, by=NABAT, text="?"),)) is None


def test_a_merged_incident_is_the_others() -> None:
    """It is counted once, but the pages it sent at night were sent."""
    it = Course(rules=the_rules(roster=living_in("Asia/Tokyo"))).declare("SEV-2")
    it.do(MergeInto(by=ANNA, incident="INC-2"))
    figures = statistics([record(it)], THURSDAY - hours(1), THURSDAY + hours(1))
    assert figures.incidents == 0
    assert figures.severities == {}
    assert figures.recovery is None
    assert figures.night_pages == ({"anna": 1} if is_night(THURSDAY, ZoneInfo("Asia/Tokyo")) else {})
    assert columns([record(it)], THURSDAY - hours(1), THURSDAY + hours(1), UTC_ZONE)[-1].counts == {}


@pytest.mark.parametrize(
    ("clock", "zone", "night"),
    [
        ("2026-01-08T21:59", "UTC", False),
        ("2026-01-08T22:00", "UTC", True),
        ("2026-01-09T07:59", "UTC", True),
        ("2026-01-09T08:00", "UTC", False),
        ("2026-01-08T21:30", "Europe/Berlin", True),
        ("2026-06-08T05:59", "Europe/Berlin", True),
        ("2026-06-08T06:00", "Europe/Berlin", False),
    ],
)
def test_night_is_where_the_person_lives(clock: str, zone: str, night: bool) -> None:
    """From 22:00 until 08:00 on their own wall, daylight saving included."""
    assert is_night(datetime.fromisoformat(clock).replace(tzinfo=UTC), ZoneInfo(zone)) is night


def test_pages_at_night_are_those_that_ask() -> None:
    """Repeats count each time; what only informs, once somebody has it, does not; a call for authority does."""
    midnight = datetime(2026, 1, 8, 0, 30, tzinfo=UTC)
    it = Course(now=midnight).declare("SEV-1").at(minutes(6))
    asked = {person: len(it.paged(person)) for person in ("anna", "boris", "clara")}
    assert asked == {"anna": 2, "boris": 2, "clara": 2}
    it.do(Acknowledge(by=ANNA))
    it.at(minutes(16))
    assert len(it.paged("dan")) == 1, "the whole team is told"
    assert record(it).night_pages == asked
    it.do(Escalate(by=ANNA, role="cto"))
    assert record(it).night_pages == {**asked, "clara": 3}
    it.do(Assign(by=ANNA, person="boris"))
    it.do(Resolve(by=BORIS))
    it.do(Reopen(by=BORIS))
    assert record(it).night_pages["anna"] == 3
    day = Course(now=datetime(2026, 1, 8, 12, tzinfo=UTC)).declare("SEV-1")
    assert record(day).night_pages == {}


def test_whoever_left_the_roster_sleeps_well() -> None:
    """Nobody knows where their night is."""
    midnight = datetime(2026, 1, 8, 0, 30, tzinfo=UTC)
    it = Course(now=midnight).declare("SEV-2")
    it.with_rules(roster=a_roster({"boris": ("on_call",)}))
    assert record(it).night_pages == {}


def test_figures_are_of_the_period_alone() -> None:
    """From its start until before its end; medians and worst are of those that have the figure at all."""
    start = THURSDAY
    records = [
        a_record(start - timedelta(seconds=1)),
        a_record(start, "SEV-1", detection=minutes(1), recovery=hours(1), night_pages={"anna": 1}),
        a_record(start + hours(1), detection=minutes(4), night_pages={"anna": 1, "dan": 2}),
        a_record(start + hours(2), detection=minutes(2), night_pages={"clara": 3}),
        a_record(start + hours(3)),
    ]
    figures = statistics(records, start, start + hours(3))
    assert figures.incidents == 3
    assert figures.severities == {"SEV-1": 1, "SEV-2": 2}
    assert figures.detection == Spread(minutes(2), minutes(4), 3)
    assert figures.acknowledgement is None
    assert figures.recovery == Spread(hours(1), hours(1), 1)
    assert list(figures.night_pages.items()) == [("clara", 3), ("anna", 2), ("dan", 2)]


def test_deadlines_are_added_up() -> None:
    """Over all incidents; a promise that nobody made has no share."""
    kept = {**NOTHING, Promise.RESPONSE: Kept(1, 2)}
    figures = statistics([a_record(THURSDAY, kept=kept)] * 2, THURSDAY, THURSDAY + hours(1))
    assert figures.kept[Promise.RESPONSE] == Kept(2, 4)
    assert figures.kept[Promise.RESPONSE].share == 0.5
    assert figures.kept[Promise.UPDATE].share is None


@pytest.mark.parametrize(
    ("length", "step"),
    [
        (timedelta(days=1), timedelta(hours=1)),
        (timedelta(days=2), timedelta(days=1)),
        (timedelta(days=31), timedelta(days=1)),
        (timedelta(days=90), timedelta(days=7)),
        (timedelta(days=365), timedelta(days=30)),
    ],
)
def test_a_period_is_counted_in_about_thirty_steps(length: timedelta, step: timedelta) -> None:
    """A day by the hour, a month by the day, a quarter by the week."""
    assert step_of(length) == step
    end = datetime(2026, 3, 20, 14, 20, tzinfo=UTC)
    assert 2 <= len(columns([], end - length, end, UTC_ZONE)) <= 33


def test_columns_are_days_of_the_calendar() -> None:
    """They begin at the zone's midnights, through the change to summer time too; the first is what is left of a day."""
    start, end = datetime(2026, 3, 27, 14, 20, tzinfo=UTC), datetime(2026, 3, 31, 14, 20, tzinfo=UTC)
    records = [
        a_record(datetime(2026, 3, 28, 22, 59, tzinfo=UTC), "SEV-1"),
        a_record(datetime(2026, 3, 28, 23, 0, tzinfo=UTC)),
        a_record(datetime(2026, 3, 29, 22, 0, tzinfo=UTC)),
        a_record(start - timedelta(seconds=1)),
    ]
    found = columns(records, start, end, BERLIN)
    assert [column.start for column in found] == [
        start,
        datetime(2026, 3, 27, 23, tzinfo=UTC),
        datetime(2026, 3, 28, 23, tzinfo=UTC),
        datetime(2026, 3, 29, 22, tzinfo=UTC),
        datetime(2026, 3, 30, 22, tzinfo=UTC),
    ]
    assert [dict(column.counts) for column in found] == [{}, {"SEV-1": 1}, {"SEV-2": 1}, {"SEV-2": 1}, {}]


@pytest.mark.parametrize("day", ["2026-10-24T14:20", "2026-03-28T14:20"])
def test_a_column_begins_after_the_one_before_it(day: str) -> None:
    """An hour that comes twice is one column, and one that daylight saving skips is none."""
    start = datetime.fromisoformat(day).replace(tzinfo=UTC)
    end = start + timedelta(days=1)
    starts = [column.start for column in columns([], start, end, BERLIN)]
    assert starts == sorted(set(starts))
