"""A merge loses no decision: what waits in the merged incident is asked anew where it is carried on."""

import pytest

from bot.domain.acting import Across, Standing
from bot.domain.acting_commands import FinishAction, Flag, ReportReadable, ReportUnclear
from bot.domain.acting_events import (
    ActionEnding,
    ActionStarted,
    Flagged,
    TriggerCleared,
    TriggerFired,
    TriggerReadable,
    WhyAsked,
)
from bot.domain.acting_rejections import AlreadyFlagged
from bot.domain.commands import Absorb
from bot.domain.events import PageCause
from bot.domain.intents import Tell
from tests.domain.builders import ANNA, BORIS, CLARA, NABAT, Course, minutes
from tests.domain.rollback_matrix import CRITICAL, ELEVATED, PQC, breach, clear, decide


def merged(whole: Course, part: Course) -> None:
    """`part` becomes a part of `whole`."""
    incident = part.incident
    whole.do(Absorb(ANNA, "INC-2", "t", (), (), incident.severity, incident.acting))


def a_part() -> Course:
    """An incident with two open questions, one decided, and a flag."""
    part = Course().declare("SEV-3")
    part.do(breach("memory-exhaustion", 0.95))
    part.do(decide(part, ANNA, approve=False))
    part.do(breach(ELEVATED, 0.07))
    part.do(breach(PQC, 1))
    return part


def test_open_questions_are_asked_anew() -> None:
    """With what they were about and why, of those who decide; those that were decided are not."""
    whole = Course().declare("SEV-3").at(minutes(2))
    merged(whole, a_part())
    carried = [event for event in whole.log if isinstance(event, TriggerFired)]
    assert [(event.trigger, event.value, event.why_asks) for event in carried] == [
        (ELEVATED, 0.07, WhyAsked.MODE),
        (PQC, 1, WhyAsked.MODE),
    ]
    assert {event.carried_from for event in carried} == {"INC-2"}
    assert len(whole.incident.acting.pending) == 2
    asked = {page.person for page in whole.pages() if page.cause is PageCause.DECISION}
    assert asked <= {"anna", "boris"}
    assert whole.told("thread", TriggerFired) == [2, 2]
    whole.do(decide(whole, BORIS))
    assert not whole.incident.acting.pending, "a rollback answers every open question"


def test_a_question_that_waits_in_both_is_asked_once() -> None:
    """The one that is there already stays."""
    whole = Course().declare("SEV-3")
    whole.do(breach(ELEVATED, 0.08))
    merged(whole, a_part())
    assert [decision.trigger for decision in whole.incident.acting.pending] == [ELEVATED, PQC]


def test_a_flag_comes_along() -> None:
    """It is set once, and its question waits for the same authority."""
    part, whole = Course().declare("SEV-2"), Course().declare("SEV-2").at(minutes(1))
    part.do(Flag(ANNA, "security_breach"))
    merged(whole, part)
    assert whole.incident.severity == "SEV-1"
    assert [event.flag for event in whole.log if isinstance(event, Flagged)] == ["security_breach"]
    assert [decision.trigger for decision in whole.incident.acting.pending] == ["security-breach"]
    other = Course().declare("SEV-2")
    other.do(Flag(CLARA, "security_breach"))
    before = len(whole.log)
    merged(whole, other)
    assert not [event for event in whole.log[before:] if isinstance(event, Flagged | TriggerFired)]


@pytest.mark.parametrize("approve", [True, False])
def test_a_row_that_was_decided_does_not_fire_again(approve: bool) -> None:
    """Whatever the answer was: the breach that goes on is answered; once it ends, the next one is asked about anew."""
    part = Course().declare("SEV-3")
    part.do(breach(ELEVATED, 0.07))
    part.do(decide(part, ANNA, approve=approve))
    whole = Course().declare("SEV-3").at(minutes(1))
    merged(whole, part)
    assert not [event for event in whole.log if isinstance(event, TriggerFired)]
    before = len(whole.log)
    whole.do(breach(ELEVATED, 0.08))
    assert len(whole.log) == before
    whole.do(clear(ELEVATED))
    assert isinstance(whole.log[-1], TriggerCleared)
    whole.do(breach(ELEVATED, 0.09))
    assert [event.value for event in whole.log if isinstance(event, TriggerFired)] == [0.09]


def test_a_flag_that_was_decided_is_not_asked_about_again() -> None:
    """It is set where it is carried on, so that nobody sets it a second time; the answer stands."""
    part, whole = Course().declare("SEV-1"), Course().declare("SEV-1").at(minutes(1))
    part.do(Flag(ANNA, "security_breach"))
    part.do(decide(part, CLARA, approve=False))
    merged(whole, part)
    assert whole.incident.acting.flags == ("security_breach",)
    assert not [event for event in whole.log if isinstance(event, TriggerFired)]
    assert isinstance(whole.refuse(Flag(ANNA, "security_breach")), AlreadyFlagged)


def test_a_cooldown_holds_across_a_merge() -> None:
    """After a rollback that ran in the merged incident, the next automatic one is a question where it goes on."""
    part = Course().declare("SEV-3")
    part.do(breach(CRITICAL, 0.12))
    ran = next(event for event in part.log if isinstance(event, ActionStarted))
    part.do(FinishAction(NABAT, ran.run, ActionEnding.EXITED, code=0))
    whole = Course().declare("SEV-3").at(minutes(2))
    merged(whole, part)
    standing = Standing("INC-2", ran.run, running=False, at=part.now)
    whole.with_rules(across=Across(standings={"rollback": standing}, episodes={CRITICAL: "INC-1"}))
    for row, asks in (("latency-critical", WhyAsked.COOLDOWN), ("service-down", None)):
        whole.do(breach(row))
        fired = whole.incident.acting.decisions
        assert [one.why for one in fired if one.trigger == row] == ([asks] if asks else [])
        whole.at(minutes(40))


def test_rows_that_could_not_be_read_are_told_of_where_the_incident_is_carried_on() -> None:
    """They are not said to be unreadable a second time, and that they can be read again is said there."""
    part, whole = Course().declare("SEV-3"), Course().declare("SEV-3").at(minutes(1))
    part.do(ReportUnclear(NABAT, (CRITICAL, ELEVATED), "Prometheus did not answer"))
    merged(whole, part)
    before = len(whole.log)
    whole.do(ReportUnclear(NABAT, (CRITICAL, ELEVATED), "Prometheus did not answer"))
    assert len(whole.log) == before
    whole.do(ReportReadable(NABAT, (ELEVATED,)))
    assert [event.triggers for event in whole.log if isinstance(event, TriggerReadable)] == [(ELEVATED,)]
    assert whole.incident.acting.unclear == {CRITICAL}
    assert whole.replayed() == whole.incident


def test_a_question_of_a_row_that_this_plan_does_not_have_is_kept() -> None:
    """Nobody knows who decides, so nobody is paged; the question stands in the thread all the same."""
    part = Course().declare("SEV-3")
    part.do(breach(ELEVATED, 0.07))
    assert part.rules.plan.rollback is not None
    bare = part.rules.plan.model_copy(update={"rollback": part.rules.plan.rollback.model_copy(update={"triggers": ()})})
    whole = Course().with_rules(plan=bare).declare("SEV-3")
    merged(whole, part)
    assert [decision.trigger for decision in whole.incident.acting.pending] == [ELEVATED]
    assert any(isinstance(intent, Tell) for intent in whole.moments[-1].intents)
    assert not [page for page in whole.pages() if page.cause is PageCause.DECISION]
