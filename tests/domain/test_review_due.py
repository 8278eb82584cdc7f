"""The post-incident review: when it is due, who owes it and is reminded, and what is not said late."""

from datetime import UTC, datetime

import pytest

from bot.domain.commands import Acknowledge, Note, Reopen, Resolve
from bot.domain.crew_commands import GiveRole
from bot.domain.crew_events import IncidentRole
from bot.domain.events import (
    ActionItemCreated,
    FollowedUp,
    ReviewClosed,
    ReviewOverdue,
    ReviewReminded,
    ReviewScheduled,
)
from bot.domain.review_commands import CloseReview, CreateActionItem, LearnLesson, SettleActionItem
from bot.domain.review_rejections import ReviewIsClosed
from bot.domain.review_telling import still_true
from tests.domain.builders import (
    ANNA,
    BORIS,
    DAN,
    THURSDAY,
    Course,
    a_plan,
    a_roster,
    hours,
    minutes,
    the_rules,
    without,
)
from tests.domain.to_review import DAY, FRIDAY, resolved


def test_the_review_is_due_within_24_hours_of_the_resolution() -> None:
    """Written plan, Phase 5: it is scheduled with the resolution, and followed up two weeks later."""
    course = resolved()
    review = course.incident.review
    assert (review.due, review.follow_up) == (THURSDAY + hours(25), THURSDAY + hours(1) + 14 * DAY)
    assert course.happened(ReviewScheduled) == [60]
    assert review.under_way


def test_the_follow_up_waits_for_business_hours() -> None:
    """Two weeks after a Saturday night it is Monday morning: nothing burns any more."""
    saturday = datetime(2026, 3, 7, 22, tzinfo=UTC)
    course = Course(now=saturday).declare("SEV-4")
    course.do(Resolve(ANNA))
    assert course.incident.review.due == saturday + DAY
    assert course.incident.review.follow_up == datetime(2026, 3, 23, 9, tzinfo=UTC)


def test_whoever_owes_the_review_is_reminded_before_and_the_next_authority_when_it_is_overdue() -> None:
    """The holder hears of it four hours before, then at its time with the Team Lead, the next morning with the CTO."""
    course = resolved().at(24 * 7 * hours(1))
    assert course.happened(ReviewReminded) == [21 * 60]
    assert course.happened(ReviewOverdue) == [25 * 60, 95 * 60]  # Friday 11:00, then Monday at 9
    assert course.pinged("anna") == [21 * 60, 25 * 60, 95 * 60]
    assert course.pinged("boris") == [25 * 60]
    assert course.pinged("clara") == [95 * 60]
    assert course.told("thread", ReviewOverdue) == [25 * 60, 95 * 60]


def test_a_closed_review_is_asked_for_no_more() -> None:
    """Only its follow-up is ahead."""
    course = resolved()
    course.at(hours(2)).do(CloseReview(ANNA, " Small and understood "))
    course.at(20 * DAY)
    assert not course.happened(ReviewReminded)
    assert not course.happened(ReviewOverdue)
    assert course.told("thread", ReviewClosed) == [120]
    assert course.told("thread", FollowedUp) == [14 * 24 * 60 + 60]
    assert course.incident.review.closed is not None
    assert course.incident.review.left_open_because == "Small and understood"
    assert course.refuse(CloseReview(BORIS)) == ReviewIsClosed(ANNA)


def test_a_short_time_is_reminded_of_half_way() -> None:
    """A review due within two hours is asked for after one, not before it began."""
    plan = a_plan({"SEV-1": {}}, review={"due_within": "2h"})
    course = resolved("SEV-1", Course(the_rules(plan))).at(hours(10))
    assert course.happened(ReviewReminded) == [120]


def test_a_plan_with_one_role_calls_nobody_higher() -> None:
    """Overdue is said once, to whoever owes it: there is no authority above."""
    plan = a_plan({"SEV-1": {}}).model_copy(update={"roles": ("on_call",)})
    course = resolved("SEV-1", Course(the_rules(plan, a_roster({"anna": ("on_call",), "boris": ()})))).at(hours(200))
    assert course.happened(ReviewOverdue) == [25 * 60]
    assert course.pinged("anna") == [21 * 60, 25 * 60]


def test_severities_that_the_plan_leaves_out_get_no_review() -> None:
    """They can be reviewed all the same; nobody is reminded."""
    course = resolved("SEV-2", Course(the_rules(a_plan({"SEV-1": {}, "SEV-2": {}}, review={"severities": ["SEV-1"]}))))
    assert course.incident.review.due is None
    course.do(CloseReview(ANNA, "Small"))
    assert not course.incident.review.under_way


@pytest.mark.parametrize(("gone", "owing"), [((), "anna"), (("anna",), "boris"), (("anna", "boris"), "eve")])
def test_somebody_always_owes_the_review(gone: tuple[str, ...], owing: str) -> None:
    """The holder, else whoever resolved it, else who is on call."""
    people = {**without(*gone), "eve": ("on_call",)}
    course = resolved().with_rules(roster=a_roster(people)).at(hours(23))
    assert course.pinged(owing) == [21 * 60]


def test_the_commander_owes_the_review_before_the_holder() -> None:
    """Whoever was put in charge of the whole; the holder where that one has left the team."""
    course = Course().declare("SEV-1")
    course.do(Acknowledge(ANNA))
    course.do(GiveRole(ANNA, IncidentRole.COMMANDER, "dan"))
    course.do(Resolve(ANNA))
    course.at(hours(23))
    assert (course.pinged("dan")[-1], course.pinged("anna")) == (20 * 60, [])
    course.with_rules(roster=a_roster(without("dan"))).at(hours(25))
    assert course.pinged("anna") == [24 * 60]


def test_what_an_alert_source_resolved_is_owed_by_on_call() -> None:
    """Nobody took it and no person resolved it."""
    course = Course().declare("SEV-4")
    course.do(Resolve(course.log[0].by.model_copy(update={"person": "dan"})))
    course.with_rules(roster=a_roster(without("dan"))).at(hours(21))
    assert course.pinged("anna") == [20 * 60]


def test_reopening_plans_the_review_anew() -> None:
    """What was learned stays; the review is due after the next end, and a closed one is wanted again."""
    course = resolved()
    course.do(LearnLesson(DAN, "Alert sooner"))
    course.do(CloseReview(ANNA, "Small"))
    course.at(hours(2)).do(Reopen(ANNA))
    assert course.incident.review.due is None
    assert [lesson.text for lesson in course.incident.review.lessons] == ["Alert sooner"]
    course.at(hours(3)).do(Resolve(ANNA))
    assert course.incident.review.due == THURSDAY + hours(27)
    assert course.incident.review.under_way


def test_what_was_overtaken_is_not_said_late() -> None:
    """A reminder that waited for Telegram is not sent of what is closed, done, or called overdue since."""
    course = resolved()
    course.do(CreateActionItem(ANNA, "Raise the pool", "dan", FRIDAY))
    course.at(hours(24))
    reminded = next(event for event in course.log if isinstance(event, ReviewReminded))
    created = next(event for event in course.log if isinstance(event, ActionItemCreated))
    assert still_true(course.incident, reminded)
    assert still_true(course.incident, created)
    course.do(SettleActionItem(DAN, 1))
    assert not still_true(course.incident, created)
    course.at(hours(26))
    overdue = next(event for event in course.log if isinstance(event, ReviewOverdue))
    assert not still_true(course.incident, reminded)
    assert still_true(course.incident, overdue)
    course.do(CloseReview(ANNA, "Small"))
    assert not still_true(course.incident, overdue)
    course.at(20 * DAY)
    followed = next(event for event in course.log if isinstance(event, FollowedUp))
    assert still_true(course.incident, followed)
    course.do(Note(ANNA, "Later"))
    assert still_true(course.incident, course.log[-1])
    course.do(Reopen(ANNA))
    assert not still_true(course.incident, followed)
    assert course.incident.review.item(9) is None
    assert course.at(20 * DAY + minutes(1)).incident.is_open
