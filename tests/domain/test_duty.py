"""Who is on call: turns on the wall's clock, a calendar's shifts, overrides, and always exactly one first."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.duty import Override, Schedule, Shift, Watch, handover, number_at
from bot.domain.roster import Roster, Rotation
from bot.domain.wall_clock import first_at, next_time_of_day
from tests.domain.builders import a_roster, hours

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 3, 23, 10, 0)  # noqa: DTZ001 - a time on the wall; the clocks in Berlin change the Sunday after
SPRING = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
AUTUMN = datetime(2026, 10, 25, 1, 0, tzinfo=UTC)


def a_rotation(*people: str, **changes: Any) -> Rotation:
    """A weekly rotation in Berlin, handing over on Mondays at 10:00."""
    given = {"name": "primary", "every": "1w", "starts": "2026-03-23T10:00", "timezone": "Europe/Berlin"}
    return Rotation.model_validate({**given, "people": people or ("anna", "boris"), **changes})


def a_team(*rotations: Rotation) -> Roster:
    """Five people who take turns."""
    document = a_roster().model_dump(mode="json")
    written = [rotation.model_dump(mode="json") for rotation in rotations]
    on_call = {"rotations": written} if rotations else None
    return Roster.model_validate({**document, "on_call": on_call})


def utc(*parts: int) -> datetime:
    """A moment in UTC."""
    return datetime(*parts, tzinfo=UTC)  # pyright: ignore[reportArgumentType] - year, month, day and what follows


def an_override(person: str, start: datetime, length: timedelta) -> Override:
    """An override by Clara."""
    return Override(person, start, start + length, "clara")


def test_a_week_ends_at_its_local_time_though_the_clocks_change() -> None:
    """A handover at 10:00 in Berlin is at 9:00 UTC in winter and at 8:00 in summer."""
    schedule = Schedule(a_team(a_rotation()))
    assert schedule.watch(utc(2026, 3, 23, 9)) == Watch(("anna",), utc(2026, 3, 30, 8))
    assert schedule.on_call(utc(2026, 3, 30, 7, 59)) == ("anna",)
    assert schedule.watch(utc(2026, 3, 30, 8)) == Watch(("boris",), utc(2026, 4, 6, 8))
    assert schedule.on_call(utc(2026, 3, 23, 8, 59)) == ("boris",)  # the pattern goes on before it starts


def test_without_rotation_and_calendar_it_is_everybody_with_the_role() -> None:
    """And nothing is about to change."""
    assert Schedule(a_team()).watch(SPRING) == Watch(("anna",), None)


def test_the_first_rotation_is_asked_first() -> None:
    """The others follow in order, each person once."""
    second = a_rotation("boris", "clara", name="secondary", every="1d")
    schedule = Schedule(a_team(a_rotation(), second))
    assert schedule.on_call(utc(2026, 3, 23, 9)) == ("anna", "boris")
    assert schedule.watch(utc(2026, 3, 24, 9)) == Watch(("anna", "clara"), utc(2026, 3, 25, 9))
    assert schedule.on_call(utc(2026, 3, 30, 9)) == ("boris", "clara")


def test_an_override_wins_over_everything_for_its_time() -> None:
    """It takes the first place; whoever is behind stays; the one set last counts."""
    start = utc(2026, 3, 24, 9)
    shift = Shift(person="eve", start=start, end=start + hours(2))
    rotations = (a_rotation(), a_rotation("clara", name="secondary"))
    early, late = an_override("dan", start, hours(4)), an_override("boris", start + hours(1), hours(1))
    schedule = Schedule(a_team(*rotations), (early, late), (shift,))
    assert schedule.on_call(start - hours(1)) == ("anna", "clara")
    assert schedule.watch(start) == Watch(("dan",), start + hours(1))
    assert schedule.watch(start + hours(1)) == Watch(("boris",), start + hours(2))
    assert schedule.watch(start + hours(2)) == Watch(("dan", "clara"), start + hours(4))
    assert schedule.on_call(start + hours(4)) == ("anna", "clara")


def test_a_shift_wins_over_rotations_for_its_time() -> None:
    """A holiday in the calendar; before and after it the rotation counts."""
    holiday = Shift(person="dan", start=utc(2026, 3, 24), end=utc(2026, 3, 25))
    schedule = Schedule(a_team(a_rotation()), shifts=(holiday,))
    assert schedule.watch(utc(2026, 3, 23, 23)) == Watch(("anna",), holiday.start)
    assert schedule.watch(holiday.start) == Watch(("dan",), holiday.end)
    assert schedule.on_call(holiday.end) == ("anna",)


def test_whoever_left_the_roster_is_passed_over() -> None:
    """Their turn falls to the next, their override and their shift to nobody."""
    gone = Schedule(
        a_team(a_rotation("zoe", "boris", "anna"), a_rotation("zoe", name="ghost")),
        (an_override("zoe", utc(2026, 3, 24), hours(4)),),
        (Shift(person="zoe", start=utc(2026, 3, 24), end=utc(2026, 3, 25)),),
    )
    assert gone.on_call(utc(2026, 3, 24)) == ("boris",)
    assert Schedule(a_team(a_rotation("zoe"))).on_call(utc(2026, 3, 24)) == ("anna",)


def test_a_search_for_a_change_ends() -> None:
    """Somebody who stands in for longer than a thousand turns is on call with no change in sight."""
    quick = a_rotation("anna", "boris", every="1m")
    schedule = Schedule(a_team(quick), (an_override("dan", utc(2026, 3, 24), timedelta(days=20)),))
    assert schedule.watch(utc(2026, 3, 24)) == Watch(("dan",), None)


def test_a_handover_in_a_skipped_hour_is_at_its_end() -> None:
    """02:30 does not come on the Sunday on which the clocks go forward: 03:00 does, at 1:00 UTC."""
    nightly = a_rotation(every="1d", starts="2026-03-28T02:30")
    assert handover(nightly, 1) == SPRING
    assert [number_at(nightly, SPRING - timedelta(seconds=1)), number_at(nightly, SPRING)] == [0, 1]


def test_a_handover_in_an_hour_that_comes_twice_is_at_the_first() -> None:
    """02:30 comes twice on the Sunday on which the clocks go back; nobody hands back in between."""
    nightly = a_rotation(every="1d", starts="2026-10-24T02:30")
    first = utc(2026, 10, 25, 0, 30)
    assert handover(nightly, 1) == first
    turns = [number_at(nightly, first + timedelta(minutes=minutes)) for minutes in (-1, 0, 29, 31, 59, 61, 120)]
    assert turns == [0, 1, 1, 1, 1, 1, 1]


@pytest.mark.parametrize(("at", "then"), [((9, 0), (24, 8)), ((7, 59), (23, 8)), ((8, 0), (24, 8))])
def test_the_next_time_of_day(at: tuple[int, int], then: tuple[int, int]) -> None:
    """Strictly later, on the wall of the zone."""
    found = next_time_of_day(utc(2026, 3, 23, *at), time(9, 0), BERLIN)
    assert found == utc(2026, 3, *then)


PEOPLE = ("anna", "boris", "clara", "dan", "eve")
ZONES = st.sampled_from(sorted(zone for zone in available_timezones() if "/" in zone)).map(ZoneInfo)
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2037, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001 - made aware at once
LENGTHS = st.sampled_from([timedelta(weeks=1), timedelta(days=1), timedelta(hours=12), timedelta(hours=8)])


@st.composite
def rotations(draw: st.DrawFn) -> Rotation:
    """Any rotation of known people, in any zone, handing over at any minute."""
    return Rotation(
        name="primary",
        people=tuple(draw(st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=5))),
        every=draw(LENGTHS),
        starts=draw(st.datetimes(datetime(2019, 1, 1), datetime(2038, 1, 1))).replace(second=0, microsecond=0),  # noqa: DTZ001 - a time on the wall
        timezone=draw(ZONES),
    )


@settings(max_examples=200, deadline=None)
@given(rotations(), MOMENTS)
def test_there_is_exactly_one_turn_at_any_time(rotation: Rotation, at: datetime) -> None:
    """Turns follow each other without a gap: each begins no later than now, the next one later than now."""
    number = number_at(rotation, at)
    assert handover(rotation, number) <= at < handover(rotation, number + 1)
    assert len(Schedule(a_team(rotation)).on_call(at)) == 1


@settings(max_examples=200, deadline=None)
@given(rotations(), MOMENTS)
def test_handovers_are_at_the_right_local_time(rotation: Rotation, at: datetime) -> None:
    """On the wall a turn begins when it is written to, or at the end of the gap in which that time is skipped."""
    number = number_at(rotation, at)
    wanted = rotation.starts + number * rotation.every
    begins = handover(rotation, number)
    wall = begins.astimezone(rotation.timezone).replace(tzinfo=None)
    before = (begins - timedelta(seconds=1)).astimezone(rotation.timezone).replace(tzinfo=None)
    assert wall == wanted or before < wanted < wall


@settings(max_examples=100, deadline=None)
@given(rotations(), MOMENTS, st.sampled_from(PEOPLE), st.integers(1, 60), st.integers(0, 2))
def test_whatever_is_written_one_is_the_first(
    rotation: Rotation, at: datetime, person: str, length: int, sources: int
) -> None:
    """With an override, a shift or both there is one first at any time, and nothing changes before it is said to."""
    override = an_override(person, at + hours(1), hours(length))
    shift = Shift(person="eve", start=at + hours(2), end=at + hours(length))
    schedule = Schedule(a_team(rotation), (override,)[:sources], (shift,))
    moment = at
    for _ in range(6):
        watch = schedule.watch(moment)
        assert len(watch.people) == 1
        if watch.until is None:
            break
        assert watch.until > moment
        between = moment + (watch.until - moment) / 2
        assert schedule.on_call(between) == schedule.on_call(watch.until - timedelta(microseconds=1)) == watch.people
        assert schedule.on_call(watch.until) != watch.people
        moment = watch.until


@settings(max_examples=200, deadline=None)
@given(st.datetimes(datetime(2020, 1, 1), datetime(2037, 1, 1)).map(lambda at: at.replace(microsecond=0)), ZONES)  # noqa: DTZ001 - a time on the wall
def test_the_first_moment_of_a_time_on_the_wall(wall: datetime, zone: ZoneInfo) -> None:
    """The wall shows it or later then, and did not a second before."""
    at = first_at(wall, zone)
    assert at.astimezone(zone).replace(tzinfo=None) >= wall
    assert (at - timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None) < wall
