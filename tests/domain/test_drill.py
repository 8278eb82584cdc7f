"""Drills: through everything, with nothing run outside, and a score at the end."""

import pytest

from bot.domain.acting_commands import Decide, Flag, StartAction
from bot.domain.acting_events import ActionEnding, ActionFinished, ActionStarted
from bot.domain.commands import Absorb, Acknowledge, ChangeSeverity, MergeInto, PostUpdate, Resolve
from bot.domain.drill import Scenario, by_turns, scenarios, score_of
from bot.domain.events import Resolved
from bot.domain.intents import Audience, Ping, Tell
from bot.domain.measures import Verdict
from bot.domain.plan import Verification
from bot.domain.rejections import DrillIsNotReal
from bot.domain.resolving_commands import MetricLook, ObserveFix
from bot.domain.resolving_events import Unverified, WhyUnverified
from bot.domain.rules import Verifiable
from bot.domain.statistics import Kept
from tests.domain.builders import ANNA, BUILT_IN, CLARA, EVE, NABAT, Course, a_plan, hours, minutes, the_rules


def a_drill(severity: str = "SEV-1") -> Course:
    """A drill that has begun."""
    return Course().declare(severity, drill=True)


def test_a_drill_pages_like_any_other_and_stakeholders_hear_nothing() -> None:
    """Steps, repeats, reminders and updates are those of the severity; no word leaves the responders."""
    it = a_drill().at(minutes(20))
    real = Course().declare("SEV-1").at(minutes(20))
    assert it.pages() == real.pages()
    it.do(Acknowledge(by=ANNA))
    it.do(PostUpdate(by=ANNA, text="working"))
    it.do(ChangeSeverity(by=ANNA, severity="SEV-2", confirmed=True))
    it.at(hours(3)).do(Resolve(by=ANNA))
    audiences = {i.audience for m in it.moments for i in m.intents if isinstance(i, Tell)}
    assert audiences == {Audience.THREAD}


def test_an_action_ends_as_it_begins() -> None:
    """Confirmed and authorised as ever; then it is told that it was not run, once, and nobody is alarmed."""
    it = a_drill()
    assert [event.kind for event in it.do(StartAction(EVE, "rollback", confirmed=True)).events] == ["action_refused"]
    decided = it.do(StartAction(ANNA, "rollback", confirmed=True))
    started, finished = decided.events
    assert isinstance(started, ActionStarted)
    assert isinstance(finished, ActionFinished)
    assert (finished.run, finished.ending) == (started.run, ActionEnding.SIMULATED)
    (run,) = it.incident.acting.runs
    assert run.ok
    intents = it.moments[-1].intents
    assert [i.number for i in intents if isinstance(i, Tell)] == [it.incident.version]
    assert not any(isinstance(i, Ping) for i in intents)


def test_what_a_flag_asks_is_decided_and_not_run() -> None:
    """The CTO approves, and the rollback ends as it begins."""
    it = a_drill("SEV-2")
    it.do(Flag(ANNA, "security_breach"))
    assert it.incident.severity == "SEV-1"
    decided = it.do(Decide(CLARA, None, approve=True))
    assert [event.kind for event in decided.events] == ["decision_approved", "action_started", "action_finished"]
    assert it.incident.acting.running == ()


def test_a_drill_and_what_is_real_never_become_one() -> None:
    """Neither half of the merge is taken, whichever of the two is the drill; two drills may."""
    for drill in (True, False):
        it = Course().declare("SEV-2", drill=drill)
        assert it.refuse(MergeInto(ANNA, "INC-2", drill=not drill)) == DrillIsNotReal()
        assert it.refuse(Absorb(ANNA, "INC-2", "x", (), (), drill=not drill)) == DrillIsNotReal()
        it.do(Absorb(ANNA, "INC-3", "x", (), (), drill=drill))
        it.do(MergeInto(ANNA, "INC-2", drill=drill))


def test_a_score_is_of_the_answer_and_the_updates() -> None:
    """In time for both."""
    it = a_drill().at(minutes(2))
    it.do(Acknowledge(by=ANNA))
    it.at(minutes(30)).do(PostUpdate(by=ANNA, text="working"))
    it.at(minutes(70)).do(PostUpdate(by=ANNA, text="late"))
    it.do(Resolve(by=ANNA))
    score = score_of(it.rules, it.id, it.log)
    assert (score.answered_in, score.answer_within) == (minutes(2), minutes(15))
    assert (score.answers, score.updates) == (Kept(1, 1), Kept(1, 2))
    assert score.checklist.settled == len(BUILT_IN.checklists.during)
    assert 0 < (score.checklist.share or 0) < 1
    assert score.share == pytest.approx((1 + 0.5 + (score.checklist.share or 0)) / 3)  # pyright: ignore[reportUnknownMemberType] - untyped in pytest


def test_a_drill_that_nobody_answered_scores_nothing() -> None:
    """Nor does one that ended before anything was due, by a plan without a checklist."""
    it = Course(rules=the_rules(a_plan())).declare("SEV-1", drill=True)
    score = score_of(it.rules, it.id, it.log)
    assert (score.answered_in, score.answer_within, score.share) == (None, None, 0)
    it.at(minutes(16))
    score = score_of(it.rules, it.id, it.log)
    assert (score.answered_in, score.answer_within, score.share) == (None, minutes(15), 0)


def test_scenarios_are_the_plans_own() -> None:
    """Examples of the severities that are worth a drill, each by its turn."""
    offered = scenarios(BUILT_IN)
    assert Scenario("High error rate (> 5%)", "SEV-2") in offered
    assert {scenario.severity for scenario in offered} == {"SEV-1", "SEV-2"}
    assert {by_turns(BUILT_IN, turn) for turn in range(len(offered))} == set(offered)
    assert by_turns(BUILT_IN, 0) != by_turns(BUILT_IN, 1)


@pytest.mark.parametrize(
    ("runbooks", "expected"),
    [
        ([], Scenario("Not described", "SEV-1")),
        ([{"title": "Disk is full"}], Scenario("Disk is full", "SEV-1")),
        ([{"title": "Typo", "severities": ["SEV-2"]}], Scenario("Typo", "SEV-2")),
    ],
)
def test_a_plan_without_examples_has_scenarios_too(runbooks: list[dict[str, object]], expected: Scenario) -> None:
    """Its runbooks, or the impact of its worst severity."""
    assert scenarios(a_plan({"SEV-1": {}, "SEV-2": {}}, runbooks=runbooks)) == (expected,)


def test_a_drill_may_be_run_again_at_once() -> None:
    """Each run ended, so nothing is busy."""
    it = a_drill()
    it.do(StartAction(ANNA, "rollback", confirmed=True))
    it.do(StartAction(ANNA, "rollback", confirmed=True))
    assert len(it.incident.acting.runs) == 2


@pytest.mark.parametrize("has_metrics", [True, False])
def test_a_drill_says_that_its_tests_were_simulated(*, has_metrics: bool) -> None:
    """What was not run has verified nothing; the line of the checklist is done as far as a drill does it."""
    able = Verifiable(has_metrics=has_metrics, runnable=frozenset({"smoke_tests"}))
    plan = BUILT_IN if has_metrics else BUILT_IN.model_copy(update={"verification": Verification(action="smoke_tests")})
    it = Course(the_rules(plan, verifiable=able)).declare("SEV-1", drill=True)
    it.do(Acknowledge(by=ANNA))
    it.do(Resolve(by=ANNA))
    if has_metrics:
        it.at(minutes(30))
        good = tuple(MetricLook(name, Verdict.GOOD) for name in BUILT_IN.verification.metrics)
        it.do(ObserveFix(NABAT, good, it.now))
    resolved = next(event for event in it.log if isinstance(event, Resolved))
    assert resolved.unverified == (Unverified(title="Smoke tests", why=WhyUnverified.SIMULATED),)
    assert "Smoke tests" not in resolved.verified
    assert it.incident.resolution.verified is not None
