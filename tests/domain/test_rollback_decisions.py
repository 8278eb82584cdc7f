"""The decisions that the rollback matrix asks for: of whom, how each ends, and what is refused and recorded."""

from bot.domain.acting_commands import Decide, Flag, LoseAction
from bot.domain.acting_events import (
    ActionLost,
    ActionStarted,
    DecisionApproved,
    DecisionExpired,
    DecisionRefused,
    DecisionRejected,
    DecisionRepeated,
    TriggerCleared,
    WhyRefused,
)
from bot.domain.acting_rejections import DecisionOver, NothingToDecide, TakesMoreAuthority
from bot.domain.events import PageCause
from bot.domain.intents import Ping, RefreshTold
from bot.domain.rejections import NotOnTheTeam, TooLong
from bot.domain.rulings.rollback import ask_again, asked
from tests.domain.builders import (
    ANNA,
    BORIS,
    BUILT_IN,
    CLARA,
    DAN,
    NABAT,
    STRANGER,
    Course,
    a_roster,
    hours,
    minutes,
    the_rules,
    without,
)
from tests.domain.rollback_matrix import BREACHED, ELEVATED, PQC, breach, clear, decide, plan_with


def test_a_manual_row_asks_again_once() -> None:
    """After 5 minutes; it stands on the card all the while."""
    course = Course().declare("SEV-3")
    course.do(breach(ELEVATED, 0.07))
    course.do(breach("memory-exhaustion", 0.95))
    course.at(hours(1))
    assert course.happened(DecisionRepeated) == [5, 5]
    assert len(course.incident.acting.pending) == 2
    assert ask_again(course.rules, course.incident, 99, course.now) == ()


def test_a_decision_expires_with_its_breach() -> None:
    """It says so, its message changes, and a new breach asks anew."""
    course = Course().declare("SEV-3")
    course.do(breach(ELEVATED, 0.07))
    first = course.incident.acting.pending[0]
    course.do(clear(ELEVATED))
    assert isinstance(course.log[-1], DecisionExpired)
    assert RefreshTold(incident="INC-1", number=first.number) in course.moments[-1].intents
    assert course.incident.acting.pending == ()
    assert course.do(clear(ELEVATED)).events == ()
    course.do(breach(ELEVATED, 0.07))
    assert len(course.incident.acting.pending) == 1


def test_the_end_of_a_decided_breach_is_noted() -> None:
    """Until it ends, the row does not fire again; after a rejection neither."""
    course = Course().declare("SEV-3")
    course.do(breach(ELEVATED, 0.07))
    course.do(decide(course, ANNA, approve=False, reason=" a known spike "))
    rejected = course.log[-1]
    assert isinstance(rejected, DecisionRejected)
    assert rejected.reason == "a known spike"
    assert course.do(breach(ELEVATED, 0.08)).events == ()
    course.do(clear(ELEVATED))
    assert isinstance(course.log[-1], TriggerCleared)


def test_authority_is_checked_at_the_press() -> None:
    """A higher one may decide too; a lower one and a stranger are refused and recorded, once each."""
    course = Course().declare("SEV-3")
    course.do(breach(PQC, 1))
    for by, why, then in (
        (ANNA, WhyRefused.AUTHORITY, TakesMoreAuthority("team_lead")),
        (STRANGER, WhyRefused.STRANGER, NotOnTheTeam()),
        (NABAT, WhyRefused.STRANGER, NotOnTheTeam()),
    ):
        course.do(decide(course, by))
        refused = course.log[-1]
        assert isinstance(refused, DecisionRefused)
        assert (refused.by, refused.why) == (by, why)
        assert course.refuse(decide(course, by)) == then
    course.do(decide(course, CLARA, reason="go"))
    approved = course.log[-2]
    assert isinstance(approved, DecisionApproved)
    assert isinstance(course.log[-1], ActionStarted)


def test_an_old_button_is_refused_and_recorded() -> None:
    """Decided, or over with its incident; what was never asked is no decision."""
    course = Course().declare("SEV-3")
    assert course.refuse(Decide(ANNA, None, approve=True)) == NothingToDecide()
    assert course.refuse(Decide(ANNA, 99, approve=True)) == NothingToDecide()
    course.do(breach(ELEVATED, 0.07))
    assert course.refuse(decide(course, ANNA, reason="x" * 501)) == TooLong(500)
    course.do(Decide(ANNA, None, approve=True))
    course.do(decide(course, BORIS))
    late = course.log[-1]
    assert isinstance(late, DecisionRefused)
    assert late.why is WhyRefused.OVER
    assert course.refuse(decide(course, BORIS)) == DecisionOver()


def test_an_automatic_rollback_answers_open_questions() -> None:
    """What was asked about a rollback is settled when one runs by itself."""
    course = Course().declare("SEV-3")
    course.do(breach(ELEVATED, 0.07))
    course.do(breach("latency-critical", 0.6))
    settled = course.incident.acting.decisions[0].settled_by
    assert isinstance(settled, ActionStarted)


def test_a_decision_climbs_past_those_who_cannot_be_reached() -> None:
    """The next authority above is asked; when nobody can be reached, those it belongs to all the same."""
    course = Course().declare("SEV-1")
    course.lose("boris")
    assert asked(course.rules, course.incident, "team_lead", course.now) == ("clara",)
    course.lose("clara")
    assert asked(course.rules, course.incident, "team_lead", course.now) == ("boris",)
    nobody = Course(the_rules(roster=a_roster(without("clara")))).declare("SEV-2")
    nobody.do(Flag(ANNA, BREACHED))
    assert not [page for page in nobody.pages() if page.cause is PageCause.DECISION]


def test_a_row_that_left_the_plan_asks_nobody_again() -> None:
    """Its open decision goes to the last authority, and has no timer."""
    course = Course().declare("SEV-3")
    course.do(breach(ELEVATED, 0.07))
    course.with_rules(plan=plan_with(triggers=()))
    course.at(minutes(30))
    assert not course.happened(DecisionRepeated)
    course.do(decide(course, BORIS))
    assert course.log[-1].kind == "decision_refused"
    course.with_rules(plan=BUILT_IN.model_copy(update={"rollback": None}))
    assert course.refuse(decide(course, CLARA)) == NothingToDecide()


def test_a_lost_run_asks_whoever_can_look() -> None:
    """On-call and whoever started it hear that the outcome is unknown."""
    course = Course().declare("SEV-3")
    course.do(breach(PQC, 1))
    course.do(decide(course, BORIS))
    course.do(LoseAction(NABAT, course.incident.acting.runs[0].number))
    assert isinstance(course.log[-1], ActionLost)
    told = {intent.person for intent in course.moments[-1].intents if isinstance(intent, Ping)}
    assert told == {"anna", "boris"}
    assert DAN.person not in told
