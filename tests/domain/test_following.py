"""What a beta launch does to an incident: five minutes to answer, the Team Lead at once, news every hour."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.beta import Period, Switches, beta_schedule
from bot.domain.commands import Acknowledge, ChangeSeverity, FireTimer, PostUpdate, Resolve
from bot.domain.events import Declared, PageCause, Paged, Resolved, ResponseOverdue, UpdateOverdue, UpdateReminded
from bot.domain.following_events import BetaFollowed
from bot.domain.plan import Plan
from bot.domain.timers import BETA, BETA_TELL, RESPOND, UPDATE, UPDATE_OVERDUE, deadlines, due
from tests.domain.builders import ANNA, BORIS, BUILT_IN, DAN, NABAT, Course, hours, minutes, the_rules

SECOND = timedelta(seconds=1)
LAUNCH = datetime(2026, 1, 11, tzinfo=UTC)
END = datetime(2026, 1, 13, tzinfo=UTC)
SEVERITIES = ("SEV-1", "SEV-2", "SEV-3", "SEV-4")
each_severity = pytest.mark.parametrize("severity", SEVERITIES)


def a_course(at: datetime, plan: Plan = BUILT_IN, switches: Switches | None = None, **more: Any) -> Course:
    """A course that begins at a moment, with the launches that are known then."""
    rules = the_rules(plan, beta=beta_schedule(plan, switches or Switches()), **more)
    return Course(rules, now=at)


def with_beta(**changed: Any) -> Plan:
    """The built-in plan with another beta launch."""
    return BUILT_IN.model_copy(update={"beta": BUILT_IN.beta.model_copy(update=changed)})


def switched(course: Course, on: Period | None = None, off_at: datetime | None = None) -> Course:
    """From here on, what people switched is known."""
    course.with_rules(beta=beta_schedule(course.rules.plan, Switches(on, off_at)))
    if due(course.rules, course.incident)[BETA] <= course.now:
        course.do(FireTimer(by=NABAT, key=BETA))
    return course


@each_severity
@pytest.mark.parametrize("at", [LAUNCH, END - SECOND])
def test_while_it_is_on_an_answer_is_due_within_five_minutes(severity: str, at: datetime) -> None:
    """From the first second of the first day to the last second of the last."""
    course = a_course(at).declare(severity)
    assert deadlines(course.rules, course.incident).respond_by == at + minutes(5)
    assert course.paged_at(timedelta()) >= {"anna", "boris"}


@each_severity
@pytest.mark.parametrize("at", [LAUNCH - SECOND, END])
def test_while_it_is_off_the_usual_times_apply(severity: str, at: datetime) -> None:
    """A second before the first day, and from the first second after the last."""
    course = a_course(at).declare(severity)
    plain = Course(now=at).declare(severity)
    assert deadlines(course.rules, course.incident) == deadlines(plain.rules, plain.incident)
    assert course.pages() == plain.pages()
    assert not course.happened(BetaFollowed)


def test_a_launch_that_begins_plans_an_open_incident_anew() -> None:
    """By the incident's own timer: the five minutes count from then, and the Team Lead is told at once."""
    course = a_course(LAUNCH - hours(1)).declare("SEV-3")
    course.at(hours(1))
    assert course.happened(BetaFollowed) == [60]
    assert course.paged("boris") == [60]
    assert deadlines(course.rules, course.incident).respond_by == LAUNCH + minutes(5)
    course.at(hours(1) + minutes(5))
    assert course.happened(ResponseOverdue) == [65]
    assert course.paged("clara") == [65]


def test_a_launch_that_ends_takes_its_times_with_it() -> None:
    """Four hours to answer again; a response that was late by the launch's time alone is awaited anew."""
    course = a_course(END - minutes(6)).declare("SEV-3").at(minutes(5))
    assert course.happened(ResponseOverdue) == [5]
    course.at(minutes(6))
    assert deadlines(course.rules, course.incident).respond_by == END - minutes(6) + hours(4)
    assert RESPOND in due(course.rules, course.incident)
    assert BETA_TELL not in due(course.rules, course.incident)
    course.at(hours(4))
    assert course.happened(ResponseOverdue) == [5, 240]


def test_an_answer_that_was_late_by_its_severity_stays_late() -> None:
    """A launch that begins asks nobody a second time for the same."""
    course = a_course(LAUNCH - minutes(20)).declare("SEV-1").at(minutes(30))
    assert course.happened(ResponseOverdue) == [15]


def test_the_stricter_of_two_times_to_answer_wins() -> None:
    """A launch that gives two hours takes nothing from SEV-1's quarter of one."""
    course = a_course(LAUNCH, with_beta(respond_within=hours(2))).declare("SEV-1")
    assert deadlines(course.rules, course.incident).respond_by == LAUNCH + minutes(15)
    mild = a_course(LAUNCH, with_beta(respond_within=hours(2))).declare("SEV-4")
    assert deadlines(mild.rules, mild.incident).respond_by == LAUNCH + hours(2)


@pytest.mark.parametrize(("severity", "first"), [("SEV-1", 30), ("SEV-2", 60), ("SEV-3", 60), ("SEV-4", 60)])
def test_those_who_wait_get_news_by_the_stricter_of_two_cadences(severity: str, first: float) -> None:
    """Every hour at least, SEV-1 every half hour as ever; the stakeholders hear of every issue, and of its end."""
    course = a_course(LAUNCH).declare(severity)
    course.do(Acknowledge(by=ANNA))
    course.at(hours(1))
    assert course.happened(UpdateReminded)[0] == first
    course.do(Resolve(by=ANNA))
    assert course.told("stakeholders", Declared) == [0]
    assert course.told("stakeholders", Resolved) == [60]


def test_the_hourly_news_begin_with_the_launch_and_end_with_it() -> None:
    """An old reminder is none for a later launch."""
    course = a_course(LAUNCH - hours(3)).declare("SEV-3")
    course.do(Acknowledge(by=ANNA))
    course.at(hours(3) + minutes(30))
    assert due(course.rules, course.incident)[UPDATE] == LAUNCH + hours(1)
    course.at(hours(4))
    assert due(course.rules, course.incident)[UPDATE_OVERDUE] == LAUNCH + minutes(65)
    switched(course, off_at=course.now)
    assert {UPDATE, UPDATE_OVERDUE} & set(due(course.rules, course.incident)) == set()
    course.at(hours(6))
    assert not course.happened(UpdateOverdue)
    again = course.now
    switched(course, Period(since=again, until=again + hours(8)), off_at=LAUNCH + hours(1))
    assert due(course.rules, course.incident)[UPDATE] == again + hours(1)
    course.at(hours(7) + minutes(5))
    assert course.happened(UpdateReminded) == [240, 420]
    assert course.happened(UpdateOverdue) == [425]
    course.do(PostUpdate(by=ANNA, text="Calm"))
    assert due(course.rules, course.incident)[UPDATE] == course.now + hours(1)


def test_who_was_told_anyway_is_not_told_twice() -> None:
    """SEV-1 tells the Team Lead by itself; one who has it knows."""
    assert [page.cause for page in a_course(LAUNCH).declare("SEV-1").pages()] == [PageCause.STEP] * 3
    held = a_course(LAUNCH - hours(1)).declare("SEV-3")
    held.do(Acknowledge(by=BORIS))
    held.at(hours(1))
    assert held.paged("boris") == []


def test_a_worse_severity_tells_the_team_lead_anew() -> None:
    """It is another issue by then; a launch that goes on tells nobody again."""
    course = a_course(LAUNCH).declare("SEV-4")
    course.at(minutes(3))
    course.do(ChangeSeverity(by=DAN, severity="SEV-3"))
    assert course.paged("boris") == [0, 3]
    switched(course, Period(since=course.now, until=course.now + hours(90)))
    course.at(minutes(4))
    assert course.paged("boris") == [0, 3]


def test_a_plan_that_tells_nobody_pages_nobody_more() -> None:
    """`escalate_to` may be empty."""
    course = a_course(LAUNCH, with_beta(escalate_to=())).declare("SEV-4")
    assert course.paged_at(timedelta()) == {"anna"}


def test_where_the_team_lead_can_t_be_reached_the_next_authority_is_told() -> None:
    """Every issue reaches somebody who may decide."""
    course = a_course(LAUNCH).declare("SEV-3")
    course.lose("boris")
    assert course.paged_at(timedelta()) == {"anna", "boris", "clara"}


def test_a_switch_leaves_no_stale_timer() -> None:
    """On and off again: what is due is what was due, as if nothing had been; and the log says what happened."""
    course = a_course(LAUNCH - timedelta(days=30)).declare("SEV-4").at(minutes(1))
    before = due(course.rules, course.incident)
    switched(course, Period(since=course.now, until=course.now + hours(48)))
    assert due(course.rules, course.incident)[RESPOND] == course.now + minutes(5)
    switched(course, off_at=course.now)
    assert due(course.rules, course.incident) == before
    kept = [event for event in course.log if isinstance(event, BetaFollowed)]
    assert [event.since is None for event in kept] == [False, True]
    assert [event.cause for event in course.log if isinstance(event, Paged)] == [PageCause.STEP, PageCause.BETA]


def test_a_launch_that_came_and_went_during_a_stop_changes_nothing() -> None:
    """It is noted once, so that it is not looked at again."""
    course = a_course(LAUNCH - hours(1)).declare("SEV-4")
    course.do(Acknowledge(by=ANNA))
    course.sleep_until(timedelta(days=5))
    course.do(FireTimer(by=NABAT, key=BETA))
    assert BETA not in due(course.rules, course.incident)
    assert len(course.happened(BetaFollowed)) == 1
    assert course.incident.following.since is None
