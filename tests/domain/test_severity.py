"""Changing the severity plans everything anew."""

import pytest

from bot.domain.commands import Acknowledge, ChangeSeverity, Escalate, PostUpdate, Reopen, Resolve
from bot.domain.events import ResolutionOverdue, ResponseOverdue, UpdateReminded
from bot.domain.rejections import ConfirmLowerSeverity, SeenAnother, UnknownSeverity
from bot.domain.timers import UPDATE, due
from tests.domain.builders import ANNA, BORIS, CLARA, PATIENT, THURSDAY, Course, a_plan, minutes, the_rules


def test_a_worse_severity_takes_effect_at_once() -> None:
    """Raised to SEV-1 after ten minutes, everything of SEV-1 counts from that minute."""
    course = Course(the_rules(PATIENT)).declare("SEV-3").at(minutes(10))
    course.do(ChangeSeverity(by=ANNA, severity="SEV-1"))
    course.at(minutes(30))
    assert course.paged("boris") == [10, 15, 20, 25, 30]
    assert course.paged("clara") == [10, 15, 20, 25, 30]
    assert course.paged("dan") == [25, 30]
    assert course.happened(ResponseOverdue) == [25]
    assert course.at(minutes(45)).happened(UpdateReminded) == [40]
    assert course.at(minutes(250)).happened(ResolutionOverdue) == [250]


def test_a_worse_severity_tells_those_who_hear_of_it_though_somebody_has_it() -> None:
    """In hand and raised to SEV-1: team lead and CTO hear at once, the team 15 minutes later, nobody is repeated."""
    course = Course(the_rules(PATIENT)).declare("SEV-2")
    course.do(Acknowledge(by=ANNA))
    course.at(minutes(10))
    course.do(ChangeSeverity(by=ANNA, severity="SEV-1"))
    course.at(minutes(60))
    assert course.paged("clara") == [10, 25]
    assert course.paged("dan") == [25]
    assert course.happened(ResponseOverdue) == []


def test_a_milder_severity_must_be_confirmed() -> None:
    """A milder severity asks once more; a confirmation of what no longer stands is refused."""
    course = Course(the_rules(PATIENT)).declare("SEV-1")
    assert course.refuse(ChangeSeverity(by=ANNA, severity="SEV-3")) == ConfirmLowerSeverity("SEV-1", "SEV-3")
    late = ChangeSeverity(by=ANNA, severity="SEV-3", confirmed=True, seen="SEV-2")
    assert course.refuse(late) == SeenAnother("SEV-1")
    course.do(ChangeSeverity(by=ANNA, severity="SEV-3", confirmed=True, seen="SEV-1"))
    assert course.incident.severity == "SEV-3"


def test_an_unknown_severity_is_refused() -> None:
    """A severity that the plan does not have is refused with those it has."""
    reason = Course(the_rules(PATIENT)).declare().refuse(ChangeSeverity(by=ANNA, severity="SEV-9"))
    assert reason == UnknownSeverity("SEV-9", ("SEV-1", "SEV-2", "SEV-3", "SEV-4"))


def test_a_milder_severity_ends_the_stricter_times() -> None:
    """Lowered to SEV-3 while nobody has it: on-call is asked anew, and nothing of SEV-1 is left."""
    course = Course(the_rules(PATIENT)).declare("SEV-1").at(minutes(7))
    course.do(ChangeSeverity(by=BORIS, severity="SEV-3", confirmed=True))
    course.at(minutes(7 + 239))
    assert course.paged("anna") == [0, 5, 7]
    assert course.paged("clara") == [0, 5]
    assert course.happened(UpdateReminded) == []
    assert course.at(minutes(7 + 240)).happened(ResponseOverdue) == [247]


def test_a_milder_severity_does_not_tell_again_who_knows() -> None:
    """In hand and lowered: those who were told of the worse one are not told once more."""
    course = Course(the_rules(PATIENT)).declare("SEV-1")
    course.do(Acknowledge(by=ANNA))
    course.at(minutes(1))
    course.do(ChangeSeverity(by=ANNA, severity="SEV-2", confirmed=True))
    course.at(minutes(120))
    assert course.paged("boris") == [0]
    assert course.paged("anna") == [0]


def test_two_severities_at_one_instant_leave_nobody_unasked() -> None:
    """Raised at the instant of its declaration: on-call, told a moment ago, still hears every repeat."""
    course = Course(the_rules(PATIENT)).declare("SEV-3")
    course.do(ChangeSeverity(by=ANNA, severity="SEV-1"))
    assert course.at(minutes(10)).paged("anna") == [0, 0, 5, 10]
    assert set(course.incident.paged) == {"anna", "boris", "clara"}


def test_a_reminder_of_the_old_severity_is_forgotten() -> None:
    """A reminder that went unanswered before the change is not chased by the cadence of the new severity."""
    course = Course(the_rules(PATIENT)).declare("SEV-1")
    course.do(Acknowledge(by=ANNA))
    course.at(minutes(32))
    course.do(ChangeSeverity(by=ANNA, severity="SEV-2", confirmed=True))
    assert due(course.rules, course.incident)[UPDATE] == THURSDAY + minutes(92)
    assert course.at(minutes(91)).pinged("anna") == []


def test_an_update_at_the_change_does_not_shorten_the_cadence() -> None:
    """After the change the next update is due a whole new cadence later."""
    course = Course(the_rules(PATIENT)).declare("SEV-2")
    course.do(Acknowledge(by=ANNA))
    course.at(minutes(50))
    course.do(PostUpdate(by=ANNA, text="Found it"))
    course.do(ChangeSeverity(by=ANNA, severity="SEV-1"))
    assert due(course.rules, course.incident)[UPDATE] == THURSDAY + minutes(80)


def test_a_call_for_authority_outlives_a_change_of_severity() -> None:
    """Whoever was called and has not answered is called on, by the cadence of the new severity."""
    course = Course(the_rules(PATIENT)).declare("SEV-2")
    course.do(Acknowledge(by=ANNA))
    course.do(Escalate(by=ANNA, role="cto"))
    course.at(minutes(1))
    course.do(ChangeSeverity(by=ANNA, severity="SEV-1"))
    assert course.at(minutes(6)).paged("clara") == [0, 1, 5]
    course.do(Acknowledge(by=CLARA))
    assert course.at(minutes(14)).paged("clara") == [0, 1, 5]


def test_who_could_not_be_reached_is_tried_again_with_a_new_severity() -> None:
    """Planned anew means tried anew: they may have pressed Start since."""
    course = Course(the_rules(PATIENT)).declare("SEV-3")
    course.lose("anna")
    course.at(minutes(3))
    course.do(ChangeSeverity(by=BORIS, severity="SEV-2"))
    assert course.paged("anna") == [0, 3]


def test_reopening_plans_everything_anew() -> None:
    """Reopened, nobody has it: on-call is paged, and all times count from there."""
    course = Course(the_rules(PATIENT)).declare("SEV-1")
    course.do(Acknowledge(by=ANNA))
    course.at(minutes(20))
    course.do(Resolve(by=ANNA))
    course.at(minutes(30))
    course.do(Reopen(by=BORIS, reason="Errors again"))
    assert course.incident.holder is None
    course.at(minutes(45))
    assert course.paged_at(minutes(30)) == {"anna", "boris", "clara"}
    assert course.happened(ResponseOverdue) == [45]


@pytest.mark.parametrize("severity", ["MILD", "WORSE"])
def test_a_plan_may_name_its_severities_as_it_likes(severity: str) -> None:
    """Worse and milder follow the order of the plan, not the names."""
    plan = a_plan({"WORSE": {}, "MILD": {}})
    course = Course(the_rules(plan)).declare("MILD" if severity == "WORSE" else "WORSE")
    change = ChangeSeverity(by=ANNA, severity=severity)
    if severity == "MILD":
        assert course.refuse(change) == ConfirmLowerSeverity("WORSE", "MILD")
    else:
        course.do(change)
