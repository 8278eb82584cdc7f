"""When a beta launch is on: whole days of the plan's zone, what people switch, and both sides of every edge."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.beta import BetaSchedule, Period, Switches, beta_schedule, usual_length
from bot.domain.plan import Beta, LaunchDays, Plan
from bot.domain.wall_clock import next_time_of_week
from tests.domain.builders import BUILT_IN, a_plan, hours

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
LAUNCH = datetime(2026, 1, 11, tzinfo=UTC)
END = datetime(2026, 1, 13, tzinfo=UTC)
PHASE_END = datetime(2026, 1, 25, tzinfo=UTC)
NO_LAUNCH = a_plan()


def zoned(zone: str, first: date, last: date) -> Plan:
    """The built-in plan in another zone, with other launch days."""
    beta = BUILT_IN.beta.model_copy(update={"launch": LaunchDays.model_validate({"from": first, "to": last})})
    return BUILT_IN.model_copy(update={"timezone": ZoneInfo(zone), "beta": beta})


def by_plan(plan: Plan = BUILT_IN, switches: Switches | None = None) -> BetaSchedule:
    """What the plan alone says, or with what people switched."""
    return beta_schedule(plan, switches or Switches())


def test_the_written_launch_days_are_whole_days() -> None:
    """On from the first second of the first day to the last second of the last, and its phase for two weeks."""
    schedule = by_plan()
    on = [moment for moment in (LAUNCH - SECOND, LAUNCH, END - SECOND, END) if schedule.launch_at(moment)]
    assert on == [LAUNCH, END - SECOND]
    in_phase = [
        moment for moment in (LAUNCH - SECOND, LAUNCH, PHASE_END - SECOND, PHASE_END) if schedule.phase_at(moment)
    ]
    assert in_phase == [LAUNCH, PHASE_END - SECOND]


@pytest.mark.parametrize(
    ("zone", "first", "last", "length"),
    [
        ("Europe/Moscow", date(2026, 1, 11), date(2026, 1, 12), hours(48)),
        ("Europe/Berlin", date(2026, 3, 28), date(2026, 3, 29), hours(47)),
        ("Europe/Berlin", date(2026, 10, 24), date(2026, 10, 25), hours(49)),
        ("America/Santiago", date(2026, 9, 6), date(2026, 9, 6), hours(23)),
    ],
)
def test_days_are_those_of_the_plan_s_zone(zone: str, first: date, last: date, length: timedelta) -> None:
    """Also where the clocks change within them, or at the very midnight at which one begins."""
    (launch,) = by_plan(zoned(zone, first, last)).launches
    assert launch.length == length
    begins = launch.since.astimezone(ZoneInfo(zone))
    assert begins.date() == first
    assert (launch.since - SECOND).astimezone(ZoneInfo(zone)).date() == first - DAY
    assert launch.until.astimezone(ZoneInfo(zone)).time() == time(0)
    assert (launch.until - SECOND).astimezone(ZoneInfo(zone)).date() == last


def test_a_phase_ends_at_midnight_though_the_clocks_change_within_it() -> None:
    """Fourteen days on the wall, an hour less by a stopwatch."""
    (phase,) = by_plan(zoned("Europe/Berlin", date(2026, 3, 20), date(2026, 3, 21))).phases
    assert phase.until.astimezone(ZoneInfo("Europe/Berlin")) == datetime(2026, 4, 3, tzinfo=ZoneInfo("Europe/Berlin"))
    assert phase.length == 14 * DAY - hours(1)


def test_a_plan_without_launch_days_has_no_launch() -> None:
    """Until somebody switches one on, which lasts two days unless said otherwise."""
    assert by_plan(NO_LAUNCH) == BetaSchedule()
    assert usual_length(NO_LAUNCH) == 2 * DAY
    three = BUILT_IN.model_copy(
        update={"beta": Beta.model_validate({"launch": {"from": "2026-01-11", "to": "2026-01-13"}})}
    )
    assert usual_length(three) == 3 * DAY


def test_by_hand_it_is_on_for_so_long_and_its_phase_for_the_plan_s() -> None:
    """And at least as long as the launch."""
    at = datetime(2026, 3, 5, 10, tzinfo=UTC)
    schedule = by_plan(NO_LAUNCH, Switches(Period(since=at, until=at + 2 * DAY)))
    assert schedule.launches == (Period(since=at, until=at + 2 * DAY),)
    assert schedule.phases == (Period(since=at, until=at + 14 * DAY),)
    long = by_plan(NO_LAUNCH, Switches(Period(since=at, until=at + 20 * DAY)))
    assert long.phases == long.launches


def test_by_hand_within_the_plan_s_days_it_goes_on() -> None:
    """The launch keeps its beginning; what lies apart stays apart."""
    at = LAUNCH + DAY
    schedule = by_plan(switches=Switches(Period(since=at, until=at + 2 * DAY)))
    assert schedule.launches == (Period(since=LAUNCH, until=at + 2 * DAY),)
    assert schedule.phases == (Period(since=LAUNCH, until=at + 14 * DAY),)
    later = by_plan(switches=Switches(Period(since=END + DAY, until=END + 2 * DAY)))
    assert [launch.since for launch in later.launches] == [LAUNCH, END + DAY]


def test_off_ends_launch_and_phase() -> None:
    """At that moment; before it and after it there is nothing to end."""
    at = LAUNCH + hours(3)
    assert by_plan(switches=Switches(None, at)).launches == (Period(since=LAUNCH, until=at),)
    assert by_plan(switches=Switches(None, at)).phases == (Period(since=LAUNCH, until=at),)
    assert by_plan(switches=Switches(None, LAUNCH)) == BetaSchedule()
    assert by_plan(switches=Switches(None, LAUNCH - SECOND)) == by_plan()
    after = by_plan(switches=Switches(None, END + DAY))
    assert after.launches == by_plan().launches
    assert after.phases == (Period(since=LAUNCH, until=END + DAY),)


def test_what_comes_next() -> None:
    """The next boundary, the next launch and the last."""
    schedule = by_plan()
    assert schedule.launch_change_after(LAUNCH - DAY) == LAUNCH
    assert schedule.launch_change_after(LAUNCH) == END
    assert schedule.launch_change_after(END) is None
    assert schedule.change_after(END) == PHASE_END
    assert schedule.next_launch(LAUNCH - SECOND) == schedule.launches[0]
    assert schedule.next_launch(LAUNCH) is None
    assert schedule.last_launch(LAUNCH - SECOND) is None
    assert schedule.last_launch(END + DAY) == schedule.launches[0]


def test_a_time_of_the_week() -> None:
    """Monday at ten comes today before ten, and next week from ten on, by the wall's clock."""
    berlin = ZoneInfo("Europe/Berlin")
    monday = datetime(2026, 3, 23, 10, tzinfo=berlin)
    assert next_time_of_week(monday - SECOND, 0, time(10), berlin) == monday
    assert next_time_of_week(monday, 0, time(10), berlin) == monday + timedelta(days=7)
    assert next_time_of_week(monday, 2, time(9), berlin) == datetime(2026, 3, 25, 9, tzinfo=berlin)
