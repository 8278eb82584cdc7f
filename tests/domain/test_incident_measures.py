"""What the log of one incident measures."""

from datetime import datetime, timedelta

import pytest

from bot.domain.alerts import Alert, AlertStatus
from bot.domain.commands import Absorb, Acknowledge, ChangeSeverity, MergeInto, PostUpdate, Reopen, Resolve, TakeAlerts
from bot.domain.events import Acknowledged, SeverityChanged
from bot.domain.incident_measures import (
    DeadlineOutcome,
    Promise,
    Span,
    acknowledgement_time,
    deadlines_of,
    detection_time,
    impact_span,
    recovery_time,
    resolved_at,
)
from tests.domain.builders import (
    ALERTMANAGER,
    ANNA,
    BORIS,
    THURSDAY,
    Course,
    a_plan,
    an_alert,
    hours,
    minutes,
    the_rules,
)

NEVER_STARTED = datetime.fromisoformat("0001-01-01T00:00:00+00:00")


def held(course: Course, promise: Promise) -> list[bool]:
    """Which deadlines of a promise held, in order."""
    return [outcome.held for outcome in outcomes(course) if outcome.promise is promise]


def outcomes(course: Course) -> tuple[DeadlineOutcome, ...]:
    """Every deadline that was settled."""
    return deadlines_of(course.rules, course.id, course.log)


def ended(alert: Alert, ends_at: datetime | None) -> Alert:
    """The alert as it ended."""
    return alert.model_copy(update={"status": AlertStatus.RESOLVED, "ends_at": ends_at})


def test_detection_counts_from_the_first_alert_that_declared_it() -> None:
    """Two minutes from the first alert's start to the incident; an alert that joins later changes nothing."""
    early = an_alert("a", starts_at=THURSDAY - minutes(2))
    late = an_alert("b", starts_at=THURSDAY - minutes(1))
    course = Course().declare(by=ALERTMANAGER, alerts=(late, early))
    course.do(TakeAlerts(ALERTMANAGER, (an_alert("c", starts_at=THURSDAY - minutes(9)),)))
    assert detection_time(course.log) == minutes(2)


@pytest.mark.parametrize("starts_at", [NEVER_STARTED, THURSDAY - timedelta(days=31)])
def test_a_start_that_a_source_made_up_is_no_measurement(starts_at: datetime) -> None:
    """An alert of the year 1 tells nothing of the detection, and the impact counts from the declaration."""
    course = Course().declare(by=ALERTMANAGER, alerts=(an_alert(starts_at=starts_at),))
    assert detection_time(course.log) is None
    assert impact_span(course.log).start == THURSDAY


def test_what_a_person_declared_was_not_detected_by_an_alert() -> None:
    """Without an alert there is no detection time, though one joins afterwards."""
    course = Course().declare()
    assert detection_time(course.log) is None
    course.at(minutes(1)).do(TakeAlerts(ALERTMANAGER, (an_alert(starts_at=THURSDAY - minutes(3)),)))
    assert detection_time(course.log) is None


def test_a_source_whose_clock_runs_ahead_was_seen_at_once() -> None:
    """A start after the declaration is a detection in no time, not in negative time."""
    course = Course().declare(by=ALERTMANAGER, alerts=(an_alert(starts_at=THURSDAY + minutes(1)),))
    assert detection_time(course.log) == timedelta(0)
    assert impact_span(course.log).start == THURSDAY


def test_the_first_answer_counts() -> None:
    """Acknowledged after four minutes; that it was reopened and taken again does not change that."""
    course = Course().declare()
    assert acknowledgement_time(course.log) is None
    course.at(minutes(4)).do(Acknowledge(ANNA))
    course.at(minutes(10)).do(Resolve(ANNA))
    course.at(minutes(20)).do(Reopen(ANNA))
    course.at(minutes(30)).do(Acknowledge(BORIS))
    assert acknowledgement_time(course.log) == minutes(4)


def test_recovery_counts_to_the_end_for_good() -> None:
    """A resolution that was taken back is none; while it is open again nothing is recovered."""
    course = Course().declare()
    assert recovery_time(course.log) is None
    course.at(minutes(10)).do(Resolve(ANNA))
    assert recovery_time(course.log) == minutes(10)
    course.at(minutes(20)).do(Reopen(ANNA))
    assert (recovery_time(course.log), resolved_at(course.log)) == (None, None)
    course.at(minutes(50)).do(Resolve(ANNA))
    assert recovery_time(course.log) == minutes(50)
    assert resolved_at(course.log) == THURSDAY + minutes(50)


def test_one_that_was_merged_away_recovers_elsewhere() -> None:
    """The other incident carries it on, so this one has no recovery time."""
    course = Course().declare()
    course.at(minutes(5)).do(MergeInto(ANNA, "INC-2"))
    assert recovery_time(course.log) is None
    assert impact_span(course.log) == Span(THURSDAY, None)
    assert impact_span(course.log).length is None


def test_impact_lasts_from_the_first_alert_to_the_end_of_the_last() -> None:
    """The alerts' own times count where they can be believed, the resolution where one still fires."""
    first, second = (an_alert(name, starts_at=THURSDAY - minutes(3)) for name in "ab")
    course = Course().declare(by=ALERTMANAGER, alerts=(first, second))
    course.at(minutes(20)).do(TakeAlerts(ALERTMANAGER, (ended(first, THURSDAY + minutes(18)),)))
    course.at(minutes(30)).do(Resolve(ANNA))
    assert impact_span(course.log) == Span(THURSDAY - minutes(3), THURSDAY + minutes(30))
    course.at(minutes(40)).do(TakeAlerts(ALERTMANAGER, (ended(second, THURSDAY + minutes(35)),)))
    assert impact_span(course.log).length == minutes(38)


@pytest.mark.parametrize("ends_at", [None, NEVER_STARTED, THURSDAY + hours(5)])
def test_an_end_that_a_source_made_up_is_when_it_was_heard_of(ends_at: datetime | None) -> None:
    """No end, one before the start and one in the future all count as the moment at which the source said so."""
    alert = an_alert()
    course = Course().declare(by=ALERTMANAGER, alerts=(alert,))
    course.at(minutes(10)).do(TakeAlerts(ALERTMANAGER, (ended(alert, ends_at),)))
    course.at(minutes(15)).do(Resolve(ANNA))
    assert impact_span(course.log).length == minutes(10)


def test_the_impact_of_what_was_merged_in_counts_too() -> None:
    """An alert of the other incident that began earlier makes the impact longer, and the detection no slower."""
    course = Course().declare()
    other = an_alert("other", starts_at=THURSDAY - minutes(30))
    course.at(minutes(1)).do(Absorb(ANNA, "INC-2", "Other", (other,), ()))
    course.at(minutes(10)).do(Resolve(ANNA))
    assert impact_span(course.log) == Span(THURSDAY - minutes(30), THURSDAY + minutes(10))
    assert detection_time(course.log) is None


@pytest.mark.parametrize(("after", "in_time"), [(15, True), (16, False)])
def test_the_response_deadline_holds_to_the_minute(after: float, in_time: bool) -> None:
    """SEV-1 is to be answered within 15 minutes: at 15 it is held, at 16 it was missed."""
    course = Course().declare("SEV-1").at(minutes(after - 1)).sleep_until(minutes(after))
    course.do(Acknowledge(ANNA))
    assert held(course, Promise.RESPONSE) == [in_time]
    assert outcomes(course)[0].due == THURSDAY + minutes(15)


def test_a_deadline_that_was_missed_is_counted_once() -> None:
    """Overdue, then answered late, then resolved late: one response and one resolution missed."""
    course = Course(the_rules(a_plan({"SEV-1": {"resolve_within": "1h"}}))).declare()
    course.at(hours(3)).do(Acknowledge(ANNA))
    course.do(Resolve(ANNA))
    assert held(course, Promise.RESPONSE) == [False]
    assert held(course, Promise.RESOLUTION) == [False]
    assert all(outcome.met_at is None for outcome in outcomes(course))


def test_resolved_in_time_keeps_both_promises() -> None:
    """Whoever resolves what nobody took has answered, too."""
    course = Course().declare("SEV-2").at(minutes(30))
    course.do(Resolve(ANNA))
    at = THURSDAY + minutes(30)
    assert outcomes(course) == (
        DeadlineOutcome(Promise.RESPONSE, THURSDAY + hours(1), at, held=True),
        DeadlineOutcome(Promise.RESOLUTION, THURSDAY + hours(24), at, held=True),
    )


def test_a_deadline_planned_anew_in_time_is_none() -> None:
    """A severity that changes before the time has run out starts over; only the last promise is judged."""
    course = Course().declare("SEV-2").at(minutes(10))
    course.do(ChangeSeverity(ANNA, "SEV-1"))
    course.at(minutes(20)).do(Acknowledge(ANNA))
    assert outcomes(course) == (
        DeadlineOutcome(Promise.RESPONSE, THURSDAY + minutes(25), THURSDAY + minutes(20), held=True),
    )


def test_a_deadline_that_passed_while_nabat_stood_still_was_missed() -> None:
    """Nobody could be reminded, and yet nobody answered and it was not over in time."""
    course = Course().declare("SEV-1").sleep_until(hours(5))
    course.do(ChangeSeverity(ANNA, "SEV-2", confirmed=True, seen="SEV-1"))
    assert held(course, Promise.RESPONSE) == [False]
    assert held(course, Promise.RESOLUTION) == [False]
    course.do(Acknowledge(ANNA))
    course.do(Resolve(ANNA))
    course.log.append(SeverityChanged(at=THURSDAY + hours(90), by=ANNA, before="SEV-2", severity="SEV-3"))
    assert held(course, Promise.RESPONSE) == [False, True]
    assert held(course, Promise.RESOLUTION) == [False, True]


def test_updates_are_in_time_until_they_are_overdue() -> None:
    """SEV-1 owes news every 30 minutes: an answer to the reminder is in time, one after the ping is not."""
    course = Course().declare("SEV-1")
    course.at(minutes(1)).do(Acknowledge(ANNA))
    course.at(minutes(31)).do(PostUpdate(ANNA, "Looking"))
    course.at(minutes(90)).do(PostUpdate(ANNA, "Still looking"))
    course.at(minutes(100)).do(PostUpdate(ANNA, "Found"))
    assert held(course, Promise.UPDATE) == [True, False, True]


def test_an_update_that_nobody_waits_for_is_no_promise() -> None:
    """SEV-3 has news as needed: an update there holds no deadline."""
    course = Course().declare("SEV-3")
    course.do(PostUpdate(ANNA, "Looking"))
    assert held(course, Promise.UPDATE) == []


def test_the_same_update_is_missed_once() -> None:
    """The holder is pinged again and again about one update: it is missed once."""
    course = Course().declare("SEV-1")
    course.do(Acknowledge(ANNA))
    course.at(minutes(100))
    assert held(course, Promise.UPDATE) == [False]


def test_an_acknowledgement_of_what_is_in_hand_settles_nothing() -> None:
    """Somebody called for more authority takes it over: the response was settled before."""
    course = Course().declare("SEV-1")
    course.do(Acknowledge(ANNA))
    course.do(Resolve(ANNA))
    course.log.append(Acknowledged(at=course.now, by=BORIS, person="boris"))
    assert held(course, Promise.RESPONSE) == [True]
