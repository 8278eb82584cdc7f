"""The written plan's times, walked through from timer to timer: who is told, when, and how."""

from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.domain.commands import Acknowledge
from bot.domain.durations import BusinessDays
from bot.domain.events import ResolutionOverdue, ResponseOverdue, UpdateOverdue, UpdateReminded
from bot.domain.plan import Plan
from tests.domain.builders import ANNA, BUILT_IN, EVERYBODY, PATIENT, Course, hours, minutes, patient, the_rules

DAY, WEEK = 24 * 60.0, 7 * 24 * 60.0


@dataclass(frozen=True)
class Written:
    """What the written plan says of a severity, in minutes; of the pages only those up to `until`."""

    until: float
    answer_by: float
    resolve_by: float
    reminders: tuple[float, ...]
    unanswered: dict[str, tuple[float, ...]]
    answered: dict[str, tuple[float, ...]]


EVERY_FIVE = (0.0, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0)
WRITTEN = {
    "SEV-1": Written(
        until=30,
        answer_by=15,
        resolve_by=4 * 60,
        reminders=(30,),
        unanswered={
            "anna": EVERY_FIVE,
            "boris": EVERY_FIVE,
            "clara": EVERY_FIVE,
            "dan": (15, 20, 25, 30),
            "eve": (15, 20, 25, 30),
        },
        answered={"anna": (0, 15), "boris": (0, 15), "clara": (0, 15), "dan": (15,), "eve": (15,)},
    ),
    "SEV-2": Written(
        until=90,
        answer_by=60,
        resolve_by=DAY,
        reminders=(60,),
        unanswered={"anna": (0, 15, 30, 45, 60, 75, 90), "boris": (60, 75, 90)},
        answered={"anna": (0,), "boris": (60,)},
    ),
    "SEV-3": Written(
        until=2 * DAY,
        answer_by=4 * 60,
        resolve_by=3 * DAY,
        reminders=(),
        unanswered={"anna": (0,), "boris": (4 * 60, DAY)},
        answered={"anna": (0,), "boris": (DAY,)},
    ),
    "SEV-4": Written(
        until=2 * DAY,
        answer_by=DAY,
        resolve_by=WEEK,
        reminders=(),
        unanswered={"anna": (0,), "boris": (DAY,)},
        answered={"anna": (0,), "boris": (DAY,)},
    ),
}


def observe(plan: Plan, name: str) -> Written:
    """What the bot does with a severity of a plan."""
    written = WRITTEN[name]
    until, end = minutes(written.until), minutes(written.resolve_by)
    unanswered = Course(the_rules(patient(plan))).declare(name).at(until)
    answered = Course(the_rules(patient(plan))).declare(name)
    answered.do(Acknowledge(by=ANNA))
    answered.at(until)
    pages, quiet = unanswered.pages(), answered.pages()
    unanswered.at(end)
    answered.at(end)
    return Written(
        until=written.until,
        answer_by=min(unanswered.happened(ResponseOverdue), default=-1),
        resolve_by=min(unanswered.happened(ResolutionOverdue), default=-1),
        reminders=tuple(answered.happened(UpdateReminded)),
        unanswered={
            who: at
            for who in EVERYBODY
            if (at := tuple(page.after / minutes(1) for page in pages if page.person == who))
        },
        answered={
            who: at
            for who in EVERYBODY
            if (at := tuple(page.after / minutes(1) for page in quiet if page.person == who))
        },
    )


@pytest.mark.parametrize("name", BUILT_IN.severities)
def test_each_severity_keeps_the_written_times(name: str) -> None:
    """A severity of the built-in plan asks, repeats, escalates and reminds at the minutes the written plan names."""
    assert observe(BUILT_IN, name) == WRITTEN[name]


def times_of(name: str) -> list[tuple[str | int, ...]]:
    """The places of all times of a severity of the built-in plan."""
    severity = BUILT_IN.severities[name]
    paths: list[tuple[str | int, ...]] = [("respond_within",), ("resolve_within",)]
    paths += [(key,) for key in ("update_every", "repeat_every") if getattr(severity, key) is not None]
    return paths + [("notify", number, "after") for number in range(len(severity.notify))]


ALL_TIMES = [(name, path) for name in BUILT_IN.severities for path in times_of(name)]
LONGER = {
    "0s": "1m",
    "5m": "6m",
    "15m": "16m",
    "30m": "31m",
    "1h": "61m",
    "4h": "241m",
    "1d": "25h",
    "3d": "73h",
    "1w": "8d",
    "1 business day": "2 business days",
}


def with_longer(name: str, path: tuple[str | int, ...]) -> Plan:
    """The built-in plan with one of its times made a little longer."""
    content = deepcopy(BUILT_IN.model_dump(mode="json", by_alias=True))
    place: Any = content["severities"][name]
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = LONGER[place[path[-1]]]
    return Plan.model_validate(content)


@pytest.mark.parametrize(("name", "path"), ALL_TIMES, ids=str)
def test_no_time_of_the_plan_goes_unwatched(name: str, path: tuple[str | int, ...]) -> None:
    """Each time of each severity shows in what the bot does: a plan with one a little longer behaves otherwise."""
    assert observe(with_longer(name, path), name) != WRITTEN[name]


@pytest.mark.parametrize("severity", ["SEV-3", "SEV-4"])
@pytest.mark.parametrize(
    ("declared", "told"),
    [
        (datetime(2026, 3, 5, 10, 0, tzinfo=UTC), datetime(2026, 3, 6, 10, 0, tzinfo=UTC)),
        (datetime(2026, 3, 6, 17, 59, tzinfo=UTC), datetime(2026, 3, 9, 17, 59, tzinfo=UTC)),
        (datetime(2026, 3, 7, 3, 0, tzinfo=UTC), datetime(2026, 3, 10, 9, 0, tzinfo=UTC)),
        (datetime(2026, 3, 5, 22, 0, tzinfo=UTC), datetime(2026, 3, 9, 9, 0, tzinfo=UTC)),
    ],
    ids=["in the morning", "on Friday evening", "on Saturday", "at night"],
)
def test_team_lead_is_told_of_a_mild_incident_on_a_business_day(
    severity: str, declared: datetime, told: datetime
) -> None:
    """Of SEV-3 and SEV-4 the team lead hears one business day on, by the working hours of the plan."""
    course = Course(the_rules(PATIENT), now=declared).declare(severity)
    course.do(Acknowledge(by=ANNA))
    course.at(hours(24 * 6))
    assert course.paged("boris") == [(told - declared) / minutes(1)]


@pytest.mark.parametrize(("severity", "cadence"), [("SEV-1", 30.0), ("SEV-2", 60.0)])
def test_a_missed_update_is_chased(severity: str, cadence: float) -> None:
    """The reminder comes once at the cadence, the ping to the holder 5 minutes later and then at every cadence."""
    course = Course(the_rules(PATIENT)).declare(severity)
    course.do(Acknowledge(by=ANNA))
    course.at(minutes(cadence * 3.5))
    assert course.told("thread", UpdateReminded) == [cadence]
    assert course.told("thread", UpdateOverdue) == [cadence + 5, 2 * cadence + 5, 3 * cadence + 5]
    assert course.pinged("anna") == [cadence + 5, 2 * cadence + 5, 3 * cadence + 5]


@pytest.mark.parametrize(
    ("change", "minute"),
    [({"overdue_after": "5m"}, 35.0), ({"overdue_after": "6m"}, 36.0), ({"overdue_after": "0s"}, 30.0)],
    ids=str,
)
def test_the_plan_says_when_an_update_is_overdue(change: dict[str, Any], minute: float) -> None:
    """The first ping for a missed update comes as long after the reminder as the plan says."""
    content = BUILT_IN.model_dump(mode="json", by_alias=True) | {"updates": change}
    course = Course(the_rules(patient(Plan.model_validate(content)))).declare()
    course.do(Acknowledge(by=ANNA))
    assert course.at(minutes(40)).pinged("anna") == [minute]


@pytest.mark.parametrize("name", BUILT_IN.severities)
def test_the_resolution_deadline_comes_round(name: str) -> None:
    """Past the time to resolve, the thread and the holder are asked, and again after as long."""
    resolve_by = WRITTEN[name].resolve_by
    course = Course(the_rules(PATIENT)).declare(name)
    course.do(Acknowledge(by=ANNA))
    course.at(minutes(2 * resolve_by))
    assert course.told("thread", ResolutionOverdue) == [resolve_by, 2 * resolve_by]
    assert {resolve_by, 2 * resolve_by} <= set(course.pinged("anna"))


def test_what_fell_due_during_a_stop_happens_once() -> None:
    """After an hour of standing still nobody is paged twice, and no repeat is caught up on."""
    course = Course(the_rules(PATIENT)).declare("SEV-1").sleep_until(minutes(61)).wake()
    late = [page for page in course.pages() if page.after > minutes(0)]
    assert sorted(page.person for page in late) == list(EVERYBODY)
    assert course.at(minutes(66)).paged("anna") == [0, 61, 66]


def test_one_business_day_is_counted_by_the_calendar() -> None:
    """The built-in plan counts the mildest deadline in business days, and the others by the clock."""
    counted = [name for name, it in BUILT_IN.severities.items() if isinstance(it.respond_within, BusinessDays)]
    assert counted == ["SEV-4"]
