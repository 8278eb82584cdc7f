"""The post-incident review: what is kept of lessons and documentation, and how it ends."""

from bot.domain.commands import MergeInto
from bot.domain.rejections import AlreadyClosed, NothingSaid, NotOnTheTeam, StillOpen, TooLong
from bot.domain.resolving_commands import NameCause
from bot.domain.review_commands import CloseReview, LearnLesson, SortLesson, TickDocumentation
from bot.domain.review_events import Documentation, LessonKind
from bot.domain.review_rejections import LeftOpen, NoSuchLesson
from bot.domain.rulings.review import LESSON_LIMIT
from tests.domain.builders import ALERTMANAGER, ANNA, BORIS, DAN, Course, a_plan, the_rules
from tests.domain.to_review import resolved


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
