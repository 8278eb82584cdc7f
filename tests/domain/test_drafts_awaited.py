"""A draft that nobody decides on is asked for: of whom, when, and what ends the asking."""

from bot.domain.beta import BetaSchedule, Period
from bot.domain.commands import Acknowledge, ChangeSeverity, PostUpdate, Resolve
from bot.domain.draft_commands import DiscardDraft
from bot.domain.draft_events import DraftsAwaited
from tests.domain.builders import ANNA, BORIS, THURSDAY, Course, a_roster, minutes, the_rules, without
from tests.domain.drafted import EVERY_AUDIENCE, in_hand, newest, open_drafts, publish


def test_a_draft_that_nobody_decides_on_is_asked_for() -> None:
    """Its approver after the plan's time, once more, then the next authority, and then nobody: one ping for all."""
    course = in_hand("SEV-1").at(minutes(90))
    assert course.asked_for_a_yes("boris") == [15, 30]
    assert course.asked_for_a_yes("clara") == [45]
    first = next(event for event in course.log if isinstance(event, DraftsAwaited))
    assert (first.audiences, first.role, first.times) == (tuple(EVERY_AUDIENCE), "team_lead", 1)
    assert course.told("thread", DraftsAwaited) == [45]


def test_a_decision_ends_the_asking() -> None:
    """A yes or a no; what is left is still asked for, and a newer draft begins anew."""
    course = in_hand("SEV-2").at(minutes(20))
    publish(course)
    course.at(minutes(30))
    last = next(event for event in reversed(course.log) if isinstance(event, DraftsAwaited))
    assert last.audiences == ("customers",)
    course.do(DiscardDraft(by=BORIS, draft=newest(course, "customers").number))
    course.at(minutes(40))
    course.do(PostUpdate(by=ANNA, text="x"))
    assert course.at(minutes(55)).asked_for_a_yes("boris") == [15, 30, 55]


def test_the_closing_word_is_asked_for_after_the_end() -> None:
    """Those who were told that something is broken must be told that it is not: in turn, and no more."""
    course = in_hand()
    publish(course)
    course.at(minutes(10))
    course.do(Resolve(by=ANNA, reason="x", at_once=True))
    assert open_drafts(course) == ["status_page"]
    course.at(minutes(120))
    assert course.asked_for_a_yes("boris") == [25, 40]
    assert course.asked_for_a_yes("clara") == [55]


def test_a_decision_on_the_closing_word_ends_the_asking() -> None:
    """What was published, or is not to be, is asked for no more; the incident's other drafts ended with it."""
    course = in_hand("SEV-1")
    publish(course)
    course.do(Resolve(by=ANNA, reason="x", at_once=True))
    publish(course)
    assert course.at(minutes(120)).asked_for_a_yes("boris") == []


def test_nobody_is_asked_out_of_hours_where_updates_come_as_needed() -> None:
    """A mild incident's draft is asked for a business day later; a launch makes it pressing."""
    day = 24 * 60.0
    assert in_hand("SEV-3").at(minutes(2 * day)).asked_for_a_yes("boris") == [day]
    launch = Period(since=THURSDAY, until=THURSDAY + minutes(60))
    course = Course(the_rules(beta=BetaSchedule((launch,), ()))).declare("SEV-3")
    assert course.at(minutes(20)).asked_for_a_yes("boris") == [15]


def test_a_change_of_severity_begins_the_time_anew() -> None:
    """What waited long at a mild severity is asked for by the time of the present one."""
    course = in_hand("SEV-3").at(minutes(60))
    course.do(ChangeSeverity(by=ANNA, severity="SEV-2"))
    assert course.at(minutes(75)).asked_for_a_yes("boris") == [75]


def test_who_cant_be_written_to_is_passed_over_for_a_yes() -> None:
    """The next authority that can be; where there is none the thread says that nobody could be asked."""
    course = in_hand("SEV-2")
    course.lose("boris")
    assert course.at(minutes(15)).asked_for_a_yes("clara") == [15]
    assert course.told("thread", DraftsAwaited) == [15]
    alone = Course(the_rules(roster=a_roster(without("boris", "clara")))).declare("SEV-2")
    alone.do(Acknowledge(by=ANNA))
    alone.at(minutes(15))
    assert alone.told("thread", DraftsAwaited) == [15]
    assert [event.people for event in alone.log if isinstance(event, DraftsAwaited)] == [()]
