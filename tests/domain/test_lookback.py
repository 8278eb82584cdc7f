"""What is said of a time that has passed: what fired, what was declared and ended, which times held."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from bot.domain.commands import Acknowledge, MergeInto, Resolve, TakeAlerts
from bot.domain.lookback import Cause, History, Kept, look_back
from bot.domain.resolving_commands import NameCause
from bot.domain.review_commands import CreateActionItem, SettleActionItem
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


def with_cause(number: int, text: str, at: float = 0) -> Course:
    """An incident whose cause is written down so many minutes after the start."""
    course = a_course(number, at)
    course.do(NameCause(by=ANNA, text=text))
    return course


def test_the_most_frequent_causes_come_first() -> None:
    """The same words are one cause, worded as it was last; only what was written down in this time counts."""
    courses = [
        with_cause(1, "A bad release"),
        with_cause(2, "pool exhausted"),
        with_cause(3, "Pool_exhausted  !", 1),
        with_cause(4, "…", 2),
        with_cause(5, "Too early", -1),
        with_cause(6, "Too late", 60),
        a_course(7, 0),
    ]
    merged = with_cause(8, "Counted elsewhere")
    merged.do(MergeInto(by=ANNA, incident="INC-1"))
    past = look_back(map(history, (*courses, merged)), THURSDAY, THURSDAY + hours(1))
    assert past.causes == (Cause("Pool_exhausted  !", 2), Cause("A bad release", 1), Cause("…", 1))
    assert past.without_cause == 0


def test_causes_say_where_they_struck() -> None:
    """The services of the alerts, or the alert where it names none; and how many incidents each place had."""
    pool = [an_alert("a", service="payments"), an_alert("b", service="payments"), an_alert("c", alertname="Queue")]
    courses: list[Course] = []
    for number, alerts in enumerate((pool[:1], pool, pool[2:], []), start=1):
        course = Course(id=f"INC-{number}").declare("SEV-3", alerts=tuple(alerts))
        course.do(NameCause(by=ANNA, text="Pool exhausted"))
        courses.append(course)
    past = look_back(map(history, courses), THURSDAY, THURSDAY + hours(1))
    assert past.causes == (Cause("Pool exhausted", 4, ("payments", "Queue")),)
    assert past.places == (("Queue", 2), ("payments", 2))


def test_what_ended_without_a_cause_is_counted() -> None:
    """Of those that ended in this time."""
    known, unknown = with_cause(1, "A bad release"), a_course(2, 0)
    for course in (known, unknown):
        course.do(Acknowledge(by=ANNA))
        course.do(Resolve(by=ANNA))
    assert look_back(map(history, (known, unknown)), THURSDAY, THURSDAY + DAY).without_cause == 1
    assert look_back(map(history, (known, unknown)), THURSDAY + DAY, THURSDAY + 2 * DAY).without_cause == 0


def an_item(course: Course, text: str, day: date) -> Course:
    """The course, with something that Dan is to do by that day."""
    course.do(CreateActionItem(by=ANNA, text=text, owner="dan", due=day))
    return course


def test_open_action_items_of_incidents_of_any_age() -> None:
    """The longest due first; those whose day is over where their owner is are overdue; what is done is not there."""
    today = THURSDAY.date()
    old, new = a_course(1, -1000), a_course(2, 0)
    an_item(old, "Raise the pool", today + 2 * DAY)
    an_item(new, "Alert on it", today)
    an_item(new, "Done at once", today)
    new.do(SettleActionItem(by=ANNA, item=2, done=True))
    past = look_back(map(history, (old, new)), THURSDAY + DAY, THURSDAY + 2 * DAY)
    assert [(each.of.incident.id, each.item.text, each.overdue) for each in past.to_do] == [
        ("INC-2", "Alert on it", True),
        ("INC-1", "Raise the pool", False),
    ]
    assert past.overdue == 1
    assert look_back(map(history, (old, new)), THURSDAY, THURSDAY + hours(1)).overdue == 0
