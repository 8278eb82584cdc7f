"""The rows of the rollback matrix: what acts, what asks whom, once for each breach."""

import pytest

from bot.domain.acting import Across, Standing
from bot.domain.acting_commands import Flag, ReportReadable, ReportUnclear
from bot.domain.acting_events import (
    ActionStarted,
    DecisionRepeated,
    TriggerFired,
    TriggerReadable,
    TriggerUnclear,
    WhyAsked,
)
from bot.domain.acting_rejections import ActionBusy, AlreadyFlagged, UnknownFlag
from bot.domain.commands import Acknowledge, Resolve
from bot.domain.events import PageCause
from bot.domain.intents import Ping
from bot.domain.plan import Trigger, TriggerMode
from bot.domain.rejections import AlreadyClosed
from bot.domain.rulings.rollback import in_band, row
from tests.domain.builders import ANNA, BORIS, NABAT, Course, a_plan, minutes, the_rules
from tests.domain.rollback_matrix import (
    BREACHED,
    CRITICAL,
    ELEVATED,
    MATRIX,
    PQC,
    breach,
    clear,
    decide,
    kinds,
    plan_with,
)


@pytest.mark.parametrize("trigger", MATRIX.values(), ids=lambda each: each.name)
def test_each_row_acts_or_asks_its_authority(trigger: Trigger) -> None:
    """Automatic rows run the rollback and ask nobody; any other pages the authority of the written plan."""
    course = Course().declare("SEV-3").at(minutes(1))
    course.do(Flag(ANNA, trigger.flag) if trigger.flag else breach(trigger.name))
    fired = next(event for event in course.log if isinstance(event, TriggerFired))
    automatic = trigger.mode is TriggerMode.AUTO
    assert fired.trigger == trigger.name
    assert fired.asks is not automatic
    assert any(isinstance(event, ActionStarted) for event in course.log) is automatic
    called = {page.person for page in course.pages() if page.cause is PageCause.DECISION}
    expected = {"on_call": {"anna"}, "team_lead": {"boris"}, "cto": {"clara"}, "system": set[str]()}
    assert called == expected[trigger.authority]


@pytest.mark.parametrize(
    ("name", "value", "inside"),
    [
        (CRITICAL, 0.10, False),
        (CRITICAL, 0.1001, True),
        (ELEVATED, 0.05, False),
        (ELEVATED, 0.0501, True),
        (ELEVATED, 0.10, True),
        (ELEVATED, 0.1001, False),
        ("latency-critical", 0.5, False),
        ("latency-critical", 0.501, True),
        ("latency-elevated", 0.2, False),
        ("latency-elevated", 0.201, True),
        ("latency-elevated", 0.5, True),
        ("service-down", 1, False),
        ("service-down", 0, True),
        (PQC, 0, False),
        (PQC, 1, True),
        ("memory-exhaustion", 0.9, False),
        ("memory-exhaustion", 0.901, True),
    ],
)
def test_each_threshold(name: str, value: float, inside: bool) -> None:
    """The lower bound is outside of a band, its upper end inside."""
    assert in_band(MATRIX[name], value) is inside


def test_an_automatic_row_acts_once_and_tells_everybody() -> None:
    """However often the breach is seen; every person of the roster hears of it."""
    course = Course().declare()
    decided = course.do(breach(CRITICAL))
    assert [event.kind for event in decided.events] == ["trigger_fired", "action_started"]
    told = {intent.person for intent in course.moments[-1].intents if isinstance(intent, Ping)}
    assert told == {"anna", "boris", "clara", "dan", "eve"}
    assert course.do(breach(CRITICAL)).events == ()
    assert course.do(clear("latency-critical")).events == ()


def test_a_breach_carried_elsewhere_fires_nothing() -> None:
    """Another incident carries this breach, so it is that one's."""
    across = Across(episodes={CRITICAL: "INC-2"})
    course = Course(the_rules(across=across)).declare()
    assert course.do(breach(CRITICAL)).events == ()


def test_an_unknown_row_and_a_closed_incident_fire_nothing() -> None:
    """A row that the incident's plan does not have; an incident that is over."""
    course = Course().declare()
    assert course.do(breach("gone")).events == ()
    course.do(Resolve(ANNA))
    assert course.do(breach(CRITICAL)).events == ()
    bare = Course(the_rules(a_plan())).declare()
    assert bare.do(breach(CRITICAL)).events == ()
    assert row(bare.rules, CRITICAL) is None


def test_switched_off_an_automatic_row_asks() -> None:
    """`enabled: false`: the row's question goes to the authority of the action."""
    course = Course(the_rules(plan_with(enabled=False))).declare("SEV-3")
    course.do(breach(CRITICAL))
    fired = next(event for event in course.log if isinstance(event, TriggerFired))
    assert (fired.asks, fired.why_asks) == (True, WhyAsked.DISABLED)
    assert "action_started" not in kinds(course)
    course.do(decide(course, ANNA))
    assert kinds(course)[-2:] == ["decision_approved", "action_started"]


@pytest.mark.parametrize(("ago", "asks"), [(29, True), (30, False)])
def test_the_cooldown_holds(ago: int, asks: bool) -> None:
    """An automatic row within 30 minutes of a rollback anywhere asks humans; after that it acts."""
    course = Course().declare()
    ran = Standing("INC-9", 4, running=False, at=course.now - minutes(ago))
    course.with_rules(across=Across(standings={"rollback": ran})).do(breach(CRITICAL))
    fired = next(event for event in course.log if isinstance(event, TriggerFired))
    assert fired.asks is asks
    assert fired.why_asks is (WhyAsked.COOLDOWN if asks else None)


def test_while_a_rollback_runs_other_rows_wait() -> None:
    """Only what may not wait is asked; and nobody can start a second one."""
    course = Course().declare()
    runs = Standing("INC-9", 4, running=True, at=course.now)
    course.with_rules(across=Across(standings={"rollback": runs}))
    assert course.do(breach("latency-critical")).events == ()
    assert course.do(breach(ELEVATED, 0.07)).events == ()
    course.do(breach(PQC, 1))
    assert course.refuse(decide(course, BORIS)) == ActionBusy("rollback", "INC-9")


def test_a_run_of_its_own_makes_others_wait_too() -> None:
    """Also within one batch of commands, before the store knows of the run."""
    course = Course().declare()
    course.do(breach(CRITICAL))
    assert course.do(breach("service-down", 0)).events == ()


def test_an_immediate_row_makes_it_the_worst_severity() -> None:
    """And pages its authority at once, and every 5 minutes until decided."""
    course = Course().declare("SEV-3")
    course.do(Acknowledge(ANNA))
    course.do(breach(PQC, 1))
    assert course.incident.severity == "SEV-1"
    course.at(minutes(21))
    asked_at = [p.after / minutes(1) for p in course.pages() if p.cause is PageCause.DECISION and p.person == "boris"]
    assert asked_at == [0, 5, 10, 15, 20]
    course.do(decide(course, BORIS, approve=False))
    course.at(minutes(40))
    assert len(course.happened(DecisionRepeated)) == 4


def test_a_flag_is_set_once() -> None:
    """It fires the rows that watch it; a flag that the plan does not have is refused."""
    course = Course().declare("SEV-2")
    assert course.refuse(Flag(ANNA, "fire")) == UnknownFlag("fire", (BREACHED, "pqc_fallback"))
    course.do(Flag(ANNA, BREACHED))
    assert course.refuse(Flag(BORIS, BREACHED)) == AlreadyFlagged(BREACHED)
    assert course.incident.severity == "SEV-1"
    course.do(Resolve(ANNA))
    assert course.refuse(Flag(ANNA, BREACHED)) == AlreadyClosed()
    bare = Course(the_rules(a_plan(classification={"default": "SEV-1", "flags": {}}))).declare()
    assert bare.refuse(Flag(ANNA, BREACHED)) == UnknownFlag(BREACHED, ())


def test_unknown_data_is_told_once_and_never_acts() -> None:
    """Once for each row until it can be read again."""
    course = Course().declare()
    course.do(ReportUnclear(NABAT, (CRITICAL, PQC), "no answer"))
    told = course.log[-1]
    assert isinstance(told, TriggerUnclear)
    assert told.triggers == (CRITICAL, PQC)
    assert course.do(ReportUnclear(NABAT, (CRITICAL,), "no answer")).events == ()
    course.do(ReportReadable(NABAT, (CRITICAL, ELEVATED)))
    back = course.log[-1]
    assert isinstance(back, TriggerReadable)
    assert back.triggers == (CRITICAL,)
    assert course.do(ReportReadable(NABAT, (CRITICAL,))).events == ()
    assert "action_started" not in kinds(course)
    course.do(Resolve(ANNA))
    assert course.do(ReportUnclear(NABAT, (ELEVATED,), "no answer")).events == ()
