"""What a resolution did not verify, and why."""

import pytest

from bot.domain.acting_commands import StartAction
from bot.domain.acting_events import ActionEnding, ActionStarted
from bot.domain.commands import Resolve
from bot.domain.events import Resolved
from bot.domain.measures import Verdict
from bot.domain.rejections import SayWhyNow, UnderVerification
from bot.domain.resolving_events import WhyUnverified
from bot.domain.rules import Verifiable
from tests.domain.builders import ALERTMANAGER, ANNA, BORIS, DAN, Course, a_plan, minutes
from tests.domain.fix_watch import TITLES, finish, in_hand, last, look, rules, watched, whys


def test_tests_that_never_end_hold_up_nothing() -> None:
    """At the time limit nobody knows how they ended."""
    course = watched()
    look(course)
    course.at(minutes(35))
    assert whys(course)["Smoke tests"] is WhyUnverified.UNKNOWN_END


def test_what_could_not_be_read_for_a_while_is_not_verified() -> None:
    """Unknown is said, even when it was read again later."""
    course = watched()
    finish(course)
    look(course, Verdict.UNKNOWN)
    look(course)
    course.at(minutes(30))
    look(course)
    assert whys(course) == {"Error rate": WhyUnverified.UNREADABLE}
    assert course.incident.resolution.verified is None


@pytest.mark.parametrize(
    ("ending", "code", "why"),
    [
        (ActionEnding.EXITED, 127, WhyUnverified.CANNOT_RUN),
        (ActionEnding.NOT_STARTED, None, WhyUnverified.CANNOT_RUN),
        (ActionEnding.NOT_ANSWERED, None, WhyUnverified.UNKNOWN_END),
    ],
)
def test_tests_that_say_nothing_hold_up_nothing(ending: ActionEnding, code: int | None, why: WhyUnverified) -> None:
    """A test that never began is no verdict on the fix."""
    course = watched()
    finish(course, ending, code)
    look(course)
    course.at(minutes(30))
    look(course)
    assert whys(course) == {"Smoke tests": why}


def test_it_can_be_over_at_once_for_a_reason() -> None:
    """During the watch and in its place; without a reason neither."""
    course = watched()
    assert course.refuse(Resolve(BORIS)) == UnderVerification()
    assert course.refuse(Resolve(BORIS, " ", at_once=True)) == SayWhyNow()
    look(course)
    course.do(Resolve(BORIS, "seen by hand", at_once=True))
    assert whys(course) == dict.fromkeys(TITLES, WhyUnverified.SKIPPED)
    assert last(course, Resolved).by == BORIS
    other = in_hand()
    other.do(Resolve(ANNA, "a false alarm", at_once=True))
    assert whys(other) == dict.fromkeys(TITLES, WhyUnverified.SKIPPED)
    third = watched()
    finish(third, ActionEnding.STOPPED, None)
    third.do(Resolve(BORIS, "seen by hand", at_once=True))
    assert whys(third)["Smoke tests"] is WhyUnverified.UNKNOWN_END


def test_without_eyes_and_hands_it_is_resolved_at_once() -> None:
    """What was not verified is said; a program's word needs no watch either."""
    course = in_hand(Verifiable())
    course.do(Resolve(ANNA))
    assert whys(course) == {
        "Error rate": WhyUnverified.NO_METRICS,
        "Latency P95": WhyUnverified.NO_METRICS,
        "Smoke tests": WhyUnverified.CANNOT_RUN,
    }
    told = in_hand()
    told.do(Resolve(ALERTMANAGER))
    assert whys(told) == dict.fromkeys(TITLES, WhyUnverified.SKIPPED)
    nothing = Course(rules(plan=a_plan())).declare()
    nothing.do(Resolve(ANNA))
    assert last(nothing, Resolved).unverified == ()


def test_who_may_not_run_the_tests_does_not_start_them() -> None:
    """Whoever may can with /run, which counts; else it is said at the end. Alone they hold up nothing."""
    course = in_hand()
    course.do(Resolve(DAN))
    assert course.happened(ActionStarted) == []
    course.do(StartAction(ANNA, "smoke_tests", confirmed=True))
    finish(course)
    look(course)
    course.at(minutes(30))
    look(course)
    assert last(course, Resolved).verified == TITLES
    other = in_hand()
    other.do(Resolve(DAN))
    other.at(minutes(30))
    look(other)
    assert whys(other) == {"Smoke tests": WhyUnverified.NOT_RUN}
    alone = in_hand(Verifiable(runnable=frozenset({"smoke_tests"})))
    alone.do(Resolve(DAN))
    assert whys(alone)["Smoke tests"] is WhyUnverified.NOT_RUN
    skipped = in_hand()
    skipped.do(Resolve(DAN))
    skipped.do(Resolve(DAN, "seen by hand", at_once=True))
    assert whys(skipped)["Smoke tests"] is WhyUnverified.SKIPPED
