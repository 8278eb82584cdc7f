"""Resolving, reopening and merging."""

import pytest

from bot.domain.commands import Absorb, Acknowledge, MergeInto, Reopen, Resolve
from bot.domain.incident import Status
from bot.domain.rejections import AlreadyClosed, CannotMergeItself, StillOpen
from bot.domain.review_times import REVIEW
from bot.domain.timers import due
from tests.domain.builders import ANNA, BORIS, THURSDAY, Course, minutes


def test_resolving_ends_all_timers_but_those_of_the_review() -> None:
    """After the end nobody is chased for the incident any more; its review is asked for."""
    course = Course().declare().at(minutes(7))
    course.do(Resolve(by=ANNA, reason="Rolled back"))
    assert course.incident.status is Status.RESOLVED
    assert (course.incident.resolved_at, course.incident.resolved_by) == (THURSDAY + minutes(7), ANNA)
    assert all(key.startswith(REVIEW) for key in due(course.rules, course.incident))
    assert course.at(minutes(60)).paged("anna") == [0, 5]


def test_a_late_failure_of_a_page_does_not_wake_anybody_after_the_end() -> None:
    """A page that comes back after the end is noted and pages nobody."""
    course = Course().declare("SEV-2")
    course.do(Resolve(by=ANNA))
    course.lose("anna")
    assert course.paged("boris") == []


def test_an_open_incident_cannot_be_reopened() -> None:
    """Reopening needs an end."""
    assert Course().declare().refuse(Reopen(by=ANNA)) == StillOpen()


def test_a_merged_incident_stays_merged() -> None:
    """What another incident carries on is neither reopened nor resolved nor merged again."""
    course = Course().declare()
    course.do(MergeInto(by=ANNA, incident="INC-2"))
    assert course.incident.merged_into == "INC-2"
    assert due(course.rules, course.incident) == {}
    for command in (Reopen(by=ANNA), Resolve(by=ANNA), MergeInto(by=ANNA, incident="INC-3"), Acknowledge(by=ANNA)):
        assert course.refuse(command) == AlreadyClosed("INC-2")


def test_nothing_is_part_of_itself() -> None:
    """An incident can neither be merged into itself nor take itself over."""
    course = Course().declare()
    assert course.refuse(MergeInto(by=ANNA, incident="INC-1")) == CannotMergeItself()
    itself = Absorb(by=ANNA, incident="INC-1", title="x", alerts=(), groups=())
    assert course.refuse(itself) == CannotMergeItself()


@pytest.mark.parametrize("times", [1, 3])
def test_it_can_be_reopened_again_and_again(times: int) -> None:
    """Each reopening pages on-call once and clears what the end had set."""
    course = Course().declare("SEV-2")
    for turn in range(times):
        course.do(Resolve(by=ANNA))
        course.at(minutes(turn + 1))
        course.do(Reopen(by=BORIS))
    assert course.incident.resolved_at is None
    assert course.paged("anna") == [0, *range(1, times + 1)]
