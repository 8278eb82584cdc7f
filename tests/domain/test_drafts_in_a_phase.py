"""Drafts in the phase of a beta launch: customers hear of every issue."""

import pytest

from bot.domain.beta import BetaSchedule, Period
from bot.domain.commands import Acknowledge, ChangeSeverity, PostUpdate, Resolve
from bot.domain.draft_commands import AskDraft
from bot.domain.plan_communication import Moment
from tests.domain.builders import ALERTMANAGER, ANNA, THURSDAY, Course, a_plan, an_alert, minutes, the_rules
from tests.domain.drafted import offered, open_drafts, publish

PHASE = Period(since=THURSDAY, until=THURSDAY + minutes(60))
IN_A_PHASE = the_rules(beta=BetaSchedule((), (PHASE,)))


@pytest.mark.parametrize("severity", ["SEV-3", "SEV-4"])
@pytest.mark.parametrize(("at", "proactive"), [(-1, False), (0, True), (59, True), (60, False)])
def test_in_the_phase_of_a_launch_customers_hear_of_every_issue(severity: str, at: float, *, proactive: bool) -> None:
    """Also where the severity does not list them, from its first moment until before its end."""
    course = Course(IN_A_PHASE, THURSDAY + minutes(at)).declare(severity)
    assert [audience for audience, _ in offered(course)] == ["status_page", *(["customers"] if proactive else [])]
    assert open_drafts(course) == [audience for audience, _ in offered(course)]


def test_an_alert_in_the_phase_waits_for_somebody_to_judge_it() -> None:
    """The customers' draft comes with the holder, once; of a drill there is none."""
    course = Course(IN_A_PHASE).declare("SEV-4", by=ALERTMANAGER, alerts=(an_alert(),))
    assert offered(course) == []
    course.do(Acknowledge(by=ANNA))
    course.do(PostUpdate(by=ANNA, text="x"))
    assert [audience for audience, _ in offered(course)] == ["status_page", "customers"]
    assert offered(Course(IN_A_PHASE).declare("SEV-4", drill=True)) == []


def test_what_the_phase_offered_outlives_it() -> None:
    """Neither its end nor a milder severity takes it back; a yes to it is owed the closing word."""
    course = Course(IN_A_PHASE).declare("SEV-1")
    course.do(ChangeSeverity(by=ANNA, severity="SEV-3", confirmed=True))
    assert open_drafts(course) == ["customers", "status_page"]
    course.with_rules(beta=BetaSchedule())
    publish(course, "customers")
    course.do(Resolve(by=ANNA))
    assert offered(course)[-1] == ("customers", Moment.RESOLVED)


def test_asking_in_the_phase_asks_for_customers_too() -> None:
    """`/draft` without an audience is for everybody who is to hear of it."""
    course = Course(IN_A_PHASE).declare("SEV-4")
    course.do(AskDraft(by=ANNA))
    assert [audience for audience, _ in offered(course)[2:]] == ["status_page", "customers"]


def test_a_plan_without_customers_has_nobody_to_tell() -> None:
    """The phase adds no audience that the plan does not name."""
    plan = a_plan({"SEV-1": {"external": ["partners"]}})
    course = Course(the_rules(plan, beta=IN_A_PHASE.beta)).declare()
    assert offered(course) == [("partners", Moment.DECLARED)]
