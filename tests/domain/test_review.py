"""The post-incident review: when it is due, who is reminded, what is kept, and how it ends."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.commands import Acknowledge, MergeInto, Note, Reopen, Resolve
from bot.domain.crew_commands import GiveRole
from bot.domain.crew_events import IncidentRole
from bot.domain.events import (
    ActionItemCreated,
    ActionItemReminded,
    FollowedUp,
    ReviewClosed,
    ReviewOverdue,
    ReviewReminded,
    ReviewScheduled,
)
from bot.domain.rejections import AlreadyClosed, NothingSaid, NotOnTheTeam, StillOpen, TooLong, UnknownPerson
from bot.domain.resolving_commands import NameCause
from bot.domain.review_commands import (
    CloseReview,
    CreateActionItem,
    LearnLesson,
    SettleActionItem,
    SortLesson,
    TickDocumentation,
)
from bot.domain.review_events import Documentation, LessonKind
from bot.domain.review_rejections import (
    AlreadySettled,
    DayOutOfRange,
    LeftOpen,
    NoSuchActionItem,
    NoSuchLesson,
    ReviewIsClosed,
    TooMany,
)
from bot.domain.review_telling import still_true
from bot.domain.roster import Person
from bot.domain.rulings.review import ITEM_LIMIT, LESSON_LIMIT, MOST
from tests.domain.builders import (
    ALERTMANAGER,
    ANNA,
    BORIS,
    DAN,
    EVERYBODY,
    THURSDAY,
    Course,
    a_plan,
    a_roster,
    hours,
    minutes,
    the_rules,
    without,
)

DAY = timedelta(days=1)
FRIDAY = date(2026, 3, 6)


def resolved(severity: str = "SEV-3", course: Course | None = None) -> Course:
    """Acknowledged by Anna at once, resolved by Boris after an hour."""
    course = (course or Course()).declare(severity, by=ANNA)
    course.do(Acknowledge(ANNA))
    course.at(hours(1)).do(Resolve(BORIS))
    return course


def days(course: Course, kind: type[ActionItemReminded]) -> list[datetime]:
    """When a kind of event happened."""
    return [event.at for event in course.log if isinstance(event, kind)]


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


def test_an_open_incident_has_no_review_to_close() -> None:
    """First it ends; one that was merged away is reviewed with the other."""
    course = Course().declare()
    assert course.refuse(CloseReview(ANNA)) == StillOpen()
    course.do(MergeInto(ANNA, "INC-2"))
    assert course.refuse(CloseReview(ANNA)) == AlreadyClosed("INC-2")
    assert course.refuse(LearnLesson(ANNA, "Something")) == AlreadyClosed("INC-2")


def test_lessons_are_kept_and_sorted() -> None:
    """At any time, numbered, with who said them; sorting the same way twice changes nothing."""
    course = Course().declare()
    course.do(LearnLesson(ANNA, "  Alert on the pool  "))
    course.do(LearnLesson(DAN, "Rollback took a minute", LessonKind.WENT_WELL))
    course.do(SortLesson(BORIS, 1, LessonKind.COULD_BE_BETTER))
    assert course.do(SortLesson(BORIS, 1, LessonKind.COULD_BE_BETTER)).events == ()
    review = course.incident.review
    assert [(one.number, one.text, one.by) for one in review.lessons] == [
        (1, "Alert on the pool", ANNA),
        (2, "Rollback took a minute", DAN),
    ]
    assert [one.number for one in review.about(LessonKind.COULD_BE_BETTER)] == [1]
    assert course.refuse(SortLesson(BORIS, 3, LessonKind.WENT_WELL)) == NoSuchLesson()
    assert course.refuse(LearnLesson(ANNA, "  ")) == NothingSaid()
    assert course.refuse(LearnLesson(ANNA, "x" * (LESSON_LIMIT + 1))) == TooLong(LESSON_LIMIT)


def test_action_items_have_an_owner_and_a_day() -> None:
    """Without a day it is that of a follow-up from now; the owner hears of it, unless they wrote it themselves."""
    course = resolved()
    course.do(CreateActionItem(ANNA, "Raise the pool", "dan", FRIDAY))
    course.do(CreateActionItem(DAN, "Write it down", "dan"))
    first, second = course.incident.review.items
    assert (first.number, first.text, first.owner, first.due) == (1, "Raise the pool", "dan", FRIDAY)
    assert second.due == date(2026, 3, 19)
    assert course.pinged("dan") == [60]


@pytest.mark.parametrize("day", [date(2026, 3, 4), date(2027, 3, 6)])
def test_a_day_that_is_over_or_far_away_is_refused(day: date) -> None:
    """Between today, where the owner is, and a year from now."""
    assert resolved().refuse(CreateActionItem(ANNA, "Raise the pool", "dan", day)) == DayOutOfRange(day, 365)


def test_what_is_no_action_item_is_refused() -> None:
    """It takes a text that fits, somebody on the roster, and there is a limit to how many are kept."""
    course = resolved()
    assert course.refuse(CreateActionItem(ANNA, " ", "dan")) == NothingSaid()
    assert course.refuse(CreateActionItem(ANNA, "x" * (ITEM_LIMIT + 1), "dan")) == TooLong(ITEM_LIMIT)
    assert course.refuse(CreateActionItem(ANNA, "Do it", "zoe")) == UnknownPerson("zoe", EVERYBODY)
    for number in range(MOST):
        course.do(CreateActionItem(ANNA, f"Do {number}", "dan"))
    assert course.refuse(CreateActionItem(ANNA, "One more", "dan")) == TooMany(MOST)
    course.sleep_until(20 * DAY).wake()
    assert len(days(course, ActionItemReminded)) == MOST


def test_owners_are_reminded_on_the_day_and_every_working_day_after() -> None:
    """At nine where the owner is; not on the weekend; until it is done."""
    dan = Person.model_validate({"name": "Dan", "telegram": 7, "timezone": "Asia/Tokyo"})
    roster = a_roster().model_copy(update={"people": {**a_roster().people, "dan": dan}})
    course = resolved(course=Course(the_rules(roster=roster)))
    course.do(CreateActionItem(ANNA, "Raise the pool", "dan", FRIDAY))
    course.at(5 * DAY).do(SettleActionItem(DAN, 1))
    course.at(9 * DAY)
    nine_in_tokyo = [datetime(2026, 3, day, 0, tzinfo=UTC) for day in (6, 9, 10)]
    assert days(course, ActionItemReminded) == nine_in_tokyo
    assert course.refuse(SettleActionItem(DAN, 1)) == AlreadySettled(1, done=True)
    assert course.refuse(SettleActionItem(DAN, 2)) == NoSuchActionItem()
    course.do(SettleActionItem(DAN, 1, done=False))
    assert course.incident.review.open_items


def test_an_item_of_today_is_reminded_of_in_the_morning() -> None:
    """Its morning was over when it was asked for: not at once, the owner has just heard of it."""
    course = resolved()
    course.do(CreateActionItem(ANNA, "Raise the pool", "dan", THURSDAY.date()))
    course.at(2 * DAY)
    assert days(course, ActionItemReminded) == [datetime(2026, 3, 6, 9, tzinfo=UTC)]


def test_an_owner_who_left_the_roster_is_not_written_to() -> None:
    """The item stays, in the plan's own hours, and nobody is asked in their place."""
    course = resolved()
    course.do(CreateActionItem(ANNA, "Raise the pool", "dan", FRIDAY))
    course.with_rules(roster=a_roster(without("dan"))).at(2 * DAY)
    assert course.happened(ActionItemReminded) == [23 * 60]
    assert course.pinged("dan") == [60]


def test_documentation_is_ticked_and_unticked() -> None:
    """Who brought which part up to date, and when; the same twice changes nothing."""
    course = resolved()
    course.do(TickDocumentation(ANNA, Documentation.RUNBOOKS))
    assert course.do(TickDocumentation(BORIS, Documentation.RUNBOOKS)).events == ()
    course.do(TickDocumentation(BORIS, Documentation.MONITORING))
    done = course.incident.review.documented
    assert {part: settled.by for part, settled in done.items()} == {
        Documentation.RUNBOOKS: ANNA,
        Documentation.MONITORING: BORIS,
    }
    course.do(TickDocumentation(BORIS, Documentation.RUNBOOKS, done=False))
    assert set(course.incident.review.documented) == {Documentation.MONITORING}


def test_a_review_is_not_closed_without_a_cause() -> None:
    """Where no line of the checklists asks for it, too; a cause that a line misses is not missed twice."""
    refused = resolved().refuse(CloseReview(ANNA, " "))
    assert isinstance(refused, LeftOpen)
    assert not refused.without_cause
    plain = resolved("SEV-1", Course(the_rules(a_plan({"SEV-1": {}}))))
    assert plain.refuse(CloseReview(ANNA)) == LeftOpen(0, without_cause=True)
    plain.do(NameCause(ANNA, "The pool was too small"))
    plain.do(CloseReview(ANNA))
    assert plain.incident.review.left_open_because == ""


def test_only_a_person_closes_a_review() -> None:
    """A program may know that it is over, not what was learned."""
    assert resolved().refuse(CloseReview(ALERTMANAGER, "Over")) == NotOnTheTeam()


def test_the_reason_of_an_end_is_bounded() -> None:
    """A reason is a sentence."""
    assert resolved().refuse(CloseReview(ANNA, "x" * (LESSON_LIMIT + 1))) == TooLong(LESSON_LIMIT)


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
