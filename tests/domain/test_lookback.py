"""What is said of a time that has passed: what fired, what was declared and ended, which times held."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.domain.commands import Acknowledge, Resolve, TakeAlerts
from bot.domain.lookback import History, Kept, look_back
from tests.domain.builders import (
    ALERTMANAGER,
    ANNA,
    BORIS,
    THURSDAY,
    Course,
    an_alert,
    hours,
    minutes,
    the_rules,
)

DAY = timedelta(days=1)


def a_course(number: int, at: float, **more: Any) -> Course:
    """An incident that is declared so many minutes after the start."""
    return Course(now=THURSDAY + minutes(at), id=f"INC-{number}").declare("SEV-2", **more)


def history(course: Course) -> History:
    """The course as a reader of logs has it."""
    return History(the_rules(), course.incident, course.log)


def test_a_quiet_time_has_nothing() -> None:
    """No incident, no alert, no time that was due."""
    past = look_back((), THURSDAY, THURSDAY + DAY)
    assert (past.alert_count, past.declared, past.resolved, past.still_open) == (0, (), (), ())
    assert past.response == past.resolution == Kept(0, 0, None)
    assert past.recurring == ()
    assert past.unanswered == 0


def test_incidents_of_the_time_and_those_still_open() -> None:
    """Both sides of its edges; what was declared before it and is still open is open."""
    before, within, after = a_course(1, -1), a_course(2, 0), a_course(3, 60)
    before.do(Acknowledge(by=ANNA))
    within.do(Acknowledge(by=ANNA))
    within.at(minutes(30)).do(Resolve(by=ANNA))
    past = look_back(map(history, (before, within, after)), THURSDAY, THURSDAY + hours(1))
    assert [each.incident.id for each in past.declared] == ["INC-2"]
    assert [each.incident.id for each in past.resolved] == ["INC-2"]
    assert [each.incident.id for each in past.still_open] == ["INC-1", "INC-3"]
    later = look_back(map(history, (before, within, after)), THURSDAY + hours(1), THURSDAY + hours(2))
    assert [each.incident.id for each in later.declared] == ["INC-3"]
    assert later.resolved == ()
    assert later.unanswered == 1


def test_alerts_count_when_they_begin_to_fire() -> None:
    """Once each, whatever their source repeats; again when they fire again; not when they end."""
    course = a_course(
        1, 0, by=ALERTMANAGER, alerts=(an_alert("a", alertname="Errors"), an_alert("b", alertname="Slow"))
    )
    course.at(minutes(1)).do(TakeAlerts(by=ALERTMANAGER, alerts=(an_alert("a", firing=False, alertname="Errors"),)))
    course.at(minutes(2)).do(
        TakeAlerts(by=ALERTMANAGER, alerts=(an_alert("a", starts_at=course.now, alertname="Errors"),))
    )
    past = look_back([history(course)], THURSDAY, THURSDAY + hours(1))
    assert past.alerts == {"Errors": 2, "Slow": 1}
    assert past.alert_count == 3
    assert past.recurring == (("Errors", 2),)
    assert look_back([history(course)], THURSDAY + minutes(2), THURSDAY + hours(1)).alerts == {"Errors": 1}


def test_times_against_their_targets() -> None:
    """How many held of those that were settled in this time, and how long it typically took."""
    quick, slow = a_course(1, 0), a_course(2, 0)
    quick.at(minutes(10)).do(Acknowledge(by=ANNA))
    slow.at(minutes(90)).do(Acknowledge(by=BORIS))
    quick.at(hours(2)).do(Resolve(by=ANNA))
    past = look_back(map(history, (quick, slow)), THURSDAY, THURSDAY + DAY)
    assert past.response == Kept(1, 2, minutes(50))
    assert past.resolution == Kept(1, 1, hours(2))
    assert past.answered == (minutes(10), minutes(90))


def test_drills_are_left_out() -> None:
    """They are no incidents."""
    real = a_course(1, 0)
    drill = History(the_rules(), replace(real.incident, drill=True), real.log)
    assert look_back([drill], THURSDAY, THURSDAY + DAY).declared == ()
