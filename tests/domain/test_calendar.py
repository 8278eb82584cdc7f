"""Business days: counted on the wall clock of the plan's zone, over weekends, closing times and daylight saving."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.calendar import Calendar
from bot.domain.durations import BusinessDays, Duration
from bot.domain.plan import BusinessHours, Plan

WEEKDAYS = frozenset(range(5))
BERLIN = Calendar(ZoneInfo("Europe/Berlin"), WEEKDAYS, time(9), time(18))
MOSCOW = Calendar(ZoneInfo("Europe/Moscow"), WEEKDAYS, time(9), time(18))


def berlin(text: str) -> datetime:
    """A wall-clock time in Berlin."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-01-07T10:30", 1, "2026-01-08T10:30"),  # Wednesday to Thursday
        ("2026-01-09T10:30", 1, "2026-01-12T10:30"),  # Friday to Monday
        ("2026-01-09T10:30", 6, "2026-01-19T10:30"),  # over two weekends
        ("2026-01-10T12:00", 1, "2026-01-13T09:00"),  # Saturday counts from Monday's opening
        ("2026-01-11T23:59", 1, "2026-01-13T09:00"),  # Sunday too
        ("2026-01-07T08:59", 1, "2026-01-08T09:00"),  # before opening
        ("2026-01-07T09:00", 1, "2026-01-08T09:00"),  # at opening
        ("2026-01-07T17:59", 1, "2026-01-08T17:59"),  # just open
        ("2026-01-07T18:00", 1, "2026-01-09T09:00"),  # at closing it is the next opening
        ("2026-01-09T18:00", 1, "2026-01-13T09:00"),  # Friday's closing
        ("2026-01-07T10:30", 0, "2026-01-07T10:30"),  # no day at all
        ("2026-01-10T12:00", 0, "2026-01-12T09:00"),  # but not outside business hours
        ("2026-03-27T10:30", 1, "2026-03-30T10:30"),  # the clock is put forward on the Sunday between
        ("2026-10-23T10:30", 1, "2026-10-26T10:30"),  # and back
    ],
)
def test_business_days_keep_the_time_of_day(start: str, days: int, end: str) -> None:
    """So many business days later it is the same time of day, or an opening when the start was outside hours."""
    assert BERLIN.after(berlin(start), BusinessDays(days)) == berlin(end)


def test_daylight_saving_changes_the_elapsed_time() -> None:
    """A weekend that loses an hour is 71 hours long, one that gains an hour 73."""
    spring, autumn = berlin("2026-03-27T10:30"), berlin("2026-10-23T10:30")
    assert BERLIN.after(spring, BusinessDays(1)) - spring.astimezone(UTC) == timedelta(hours=71)
    assert BERLIN.after(autumn, BusinessDays(1)) - autumn.astimezone(UTC) == timedelta(hours=73)


def test_clock_time_ignores_business_hours_and_daylight_saving() -> None:
    """A day of 24 hours elapses as 24 hours, over a weekend and a change of the clock."""
    start = berlin("2026-03-28T23:00")
    assert BERLIN.after(start, timedelta(days=1)) == start.astimezone(UTC) + timedelta(hours=24)
    assert BERLIN.after(start, timedelta(days=1)) == berlin("2026-03-30T00:00")


def test_the_zone_of_the_start_does_not_matter() -> None:
    """The same moment told in another zone ends at the same moment."""
    start = datetime(2026, 1, 9, 16, 0, tzinfo=UTC)  # 19:00 in Moscow: closed
    end = datetime(2026, 1, 13, 6, 0, tzinfo=UTC)
    assert MOSCOW.after(start, BusinessDays(1)) == end
    assert MOSCOW.after(start.astimezone(ZoneInfo("America/New_York")), BusinessDays(1)) == end


def test_a_time_that_daylight_saving_skips_moves_behind_the_gap() -> None:
    """02:30 does not exist on the night the clock is put forward; the deadline is an hour later on the wall."""
    night = Calendar(ZoneInfo("Europe/Berlin"), frozenset(range(7)), time(0), time(23, 59))
    assert night.after(berlin("2026-03-28T02:30"), BusinessDays(1)) == berlin("2026-03-29T03:30")


def test_a_time_that_comes_twice_means_its_first_coming() -> None:
    """02:30 comes twice on the night the clock is put back; a deadline is the first, a start is what it was."""
    night = Calendar(ZoneInfo("Europe/Berlin"), frozenset(range(7)), time(0), time(23, 59))
    assert night.after(berlin("2026-10-24T02:30"), BusinessDays(1)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert night.after(second, BusinessDays(0)) == second
    assert night.after(second, BusinessDays(1)) == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "opens", "closes"),
    [(frozenset[int](), 9, 18), (frozenset({7}), 9, 18), (WEEKDAYS, 18, 9), (WEEKDAYS, 9, 9)],
)
def test_a_calendar_without_working_time_is_refused(days: frozenset[int], opens: int, closes: int) -> None:
    """No working day, or hours that end before they begin, could never reach a deadline."""
    with pytest.raises(ValueError, match=r"working days|business hours"):
        Calendar(ZoneInfo("UTC"), days, time(opens), time(closes))


def test_the_plan_gives_its_calendar() -> None:
    """A plan's business hours and zone become its calendar."""
    small = {
        "name": "a",
        "version": "1",
        "timezone": "Europe/Moscow",
        "roles": ["on_call"],
        "severities": {"SEV-1": {"title": "A", "respond_within": "1h", "resolve_within": "1w"}},
        "classification": {"default": "SEV-1"},
    }
    assert Plan.model_validate(small).calendar == MOSCOW
    hours = BusinessHours.model_validate({"days": ["sun", "thu"], "from": "10:00", "to": "12:30"})
    plan = Plan.model_validate(small | {"business_hours": hours})
    assert plan.calendar == Calendar(ZoneInfo("Europe/Moscow"), frozenset({3, 6}), time(10), time(12, 30))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Any working days and hours, away from the night hours in which clocks are changed."""
    zone = draw(st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"]))
    days = draw(st.frozensets(st.integers(0, 6), min_size=1))
    return Calendar(ZoneInfo(zone), days, time(draw(st.integers(5, 12))), time(draw(st.integers(13, 22))))


MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone


@given(calendar=calendars(), start=MOMENTS, count=st.integers(1, 30))
def test_a_business_deadline_falls_into_business_hours(calendar: Calendar, start: datetime, count: int) -> None:
    """A deadline in business days lies in hours, in UTC, as many days on or more, less the hour of a clock change."""
    end = calendar.after(start, BusinessDays(count))
    assert calendar.is_open(end)
    assert end.tzinfo is UTC
    assert end - start >= timedelta(days=count) - timedelta(hours=1)


@given(calendar=calendars(), start=MOMENTS, one=st.integers(0, 15), other=st.integers(0, 15))
def test_business_days_add_up(calendar: Calendar, start: datetime, one: int, other: int) -> None:
    """Some business days and then some more are as long as all at once."""
    halfway = calendar.after(start, BusinessDays(one))
    assert calendar.after(halfway, BusinessDays(other)) == calendar.after(start, BusinessDays(one + other))


@given(
    calendar=calendars(), start=MOMENTS, later=st.timedeltas(timedelta(0), timedelta(days=9)), count=st.integers(0, 9)
)
def test_a_later_start_never_ends_sooner(calendar: Calendar, start: datetime, later: timedelta, count: int) -> None:
    """Of two incidents the one declared later is not due first."""
    assert calendar.after(start, BusinessDays(count)) <= calendar.after(start + later, BusinessDays(count))


@given(start=MOMENTS, duration=st.timedeltas(timedelta(0), timedelta(days=3650)))
def test_clock_time_is_elapsed_time(start: datetime, duration: Duration) -> None:
    """A duration of clock time has passed when it has passed, in any calendar."""
    assert BERLIN.after(start, duration) - start == duration


@pytest.mark.parametrize(
    ("after", "opening"),
    [
        ("2026-01-07T08:59", "2026-01-07T09:00"),
        ("2026-01-07T09:00", "2026-01-08T09:00"),  # later than now, not now
        ("2026-01-09T17:00", "2026-01-12T09:00"),  # Friday to Monday
        ("2026-01-10T12:00", "2026-01-12T09:00"),
        ("2026-03-27T10:00", "2026-03-30T09:00"),  # over the change to summer time
    ],
)
def test_business_opens_next_at_its_hour(after: str, opening: str) -> None:
    """The next opening is on a working day, by the wall clock, and later than the moment itself."""
    assert BERLIN.next_opening(berlin(after)) == berlin(opening)
