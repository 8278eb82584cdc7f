"""A merge loses no decision: what waits in the merged incident is asked anew where it is carried on."""

from bot.domain.acting_commands import Flag
from bot.domain.acting_events import Flagged, TriggerFired, WhyAsked
from bot.domain.commands import Absorb
from bot.domain.events import PageCause
from bot.domain.intents import Tell
from tests.domain.builders import ANNA, BORIS, CLARA, Course, minutes
from tests.domain.test_rollback import ELEVATED, PQC, breach, decide


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
