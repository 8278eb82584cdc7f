"""The checklists: what ticks a line, who may, and what is left open."""

import pytest

from bot.domain.acting_commands import FinishAction, StartAction
from bot.domain.acting_events import ActionEnding
from bot.domain.actors import Responder, System
from bot.domain.assessment_commands import Assess
from bot.domain.assessment_events import Answer, Aspect
from bot.domain.checklist import CheckedLine, Phase, checklist, open_items, phase_of
from bot.domain.checklist_commands import AddEvidence, TickItem
from bot.domain.commands import (
    Acknowledge,
    ChangeSeverity,
    DescribeImpact,
    MergeInto,
    PostUpdate,
    Reopen,
    Resolve,
)
from bot.domain.looking import Tick
from bot.domain.looking_commands import RecordFindings, TickRunbookStep
from bot.domain.rejections import AlreadyClosed, NoSuchItem, NothingSaid, NotOnTheTeam, TickedByItself, TooLong
from bot.domain.resolving_commands import DescribeFix, NameCause
from bot.domain.review_commands import CloseReview, CreateActionItem, TickDocumentation
from bot.domain.review_events import DOCUMENTATION, Documentation
from bot.domain.review_rejections import LeftOpen, TooMany
from bot.domain.rulings.checking import EVIDENCE_LIMIT, MOST
from bot.domain.rulings.resolving import TEXT_LIMIT
from tests.domain.builders import (
    ANNA,
    BORIS,
    DAN,
    NABAT,
    STRANGER,
    THURSDAY,
    Course,
    a_plan,
    a_roster,
    minutes,
    the_rules,
)

DURING = ("acknowledged", "classified", "ticket", "information", "impact", "mitigation", "stakeholders", "updates")
AFTER = ("resolved", "cause", "fix", "verified", "review", "documentation", "actions")


def line(course: Course, item: str) -> CheckedLine:
    """How a line stands now."""
    every = [line for phase in Phase for line in checklist(course.rules, course.incident, phase)]
    return next(line for line in every if line.item.id == item)


def done(course: Course, phase: Phase) -> set[str]:
    """The ids of what is ticked."""
    return {line.item.id for line in checklist(course.rules, course.incident, phase) if line.tick is not None}


def run(course: Course, action: str, code: int = 0) -> None:
    """An action that somebody started and that ended."""
    course.do(StartAction(ANNA, action, confirmed=True))
    number = course.incident.acting.runs[-1].number
    course.do(FinishAction(NABAT, number, ActionEnding.EXITED, code))


def test_each_line_during_is_ticked_by_its_event() -> None:
    """From the declaration to the first update: the first who did it, and when."""
    course = Course().declare("SEV-3", by=DAN)
    assert done(course, Phase.DURING) == {"classified", "ticket"}
    course.at(minutes(1)).do(Acknowledge(ANNA))
    assert line(course, "acknowledged").tick == Tick(ANNA, THURSDAY + minutes(1))
    course.at(minutes(2)).do(RecordFindings(BORIS, "all is well"))
    course.do(RecordFindings(ANNA, "again"))
    assert line(course, "information").tick == Tick(BORIS, THURSDAY + minutes(2))
    course.at(minutes(3)).do(DescribeImpact(DAN, "some payments fail"))
    course.do(DescribeImpact(ANNA, "many payments fail"))
    assert line(course, "impact").tick == Tick(DAN, THURSDAY + minutes(3))
    course.at(minutes(4)).do(TickRunbookStep(ANNA, 0, 1, done=True))
    assert line(course, "mitigation").tick == Tick(ANNA, THURSDAY + minutes(4))
    course.at(minutes(5)).do(PostUpdate(ANNA, "rolling back"))
    assert done(course, Phase.DURING) == set(DURING)
    assert [line.number for line in checklist(course.rules, course.incident, Phase.DURING)] == list(range(1, 9))


def test_an_action_that_ended_well_is_a_mitigation() -> None:
    """One that failed is none, nor is reading a log, nor a test."""
    course = Course().declare("SEV-3", by=DAN)
    run(course, "logs")
    run(course, "smoke_tests")
    run(course, "rollback", code=1)
    assert line(course, "mitigation").tick is None
    run(course, "rollback")
    assert line(course, "mitigation").tick == Tick(ANNA, THURSDAY)


def test_stakeholders_are_notified_by_nabat_or_by_an_update() -> None:
    """At once where updates are owed; with the first update elsewhere, and where there is no such chat."""
    course = Course().declare("SEV-3", by=DAN)
    assert line(course, "stakeholders").tick is None
    course.at(minutes(5)).do(ChangeSeverity(ANNA, "SEV-1"))
    course.at(minutes(9)).do(ChangeSeverity(ANNA, "SEV-4", confirmed=True))
    assert line(course, "stakeholders").tick == Tick(System(), THURSDAY + minutes(5))
    alone = Course(the_rules(roster=a_roster(stakeholders=False))).declare("SEV-1", by=DAN)
    assert line(alone, "stakeholders").tick is None
    alone.do(PostUpdate(ANNA, "rolling back"))
    assert line(alone, "stakeholders").tick == Tick(ANNA, THURSDAY)


def test_a_severity_that_the_plan_lost_tells_nobody() -> None:
    """Only the severities of the plan that the incident keeps owe updates."""
    course = Course().declare("SEV-1", by=DAN)
    course.with_rules(
        plan=a_plan(
            {"SEV-9": {}},
            checklists={"during": [{"id": "stakeholders", "text": "Told", "ticked_by": "stakeholders_notified"}]},
        )
    )
    assert line(course, "stakeholders").tick is None


def test_each_line_after_is_ticked_by_its_event() -> None:
    """Resolved and scheduled at the end; cause, fix, documentation and actions when somebody says so."""
    course = Course().declare("SEV-3", by=DAN)
    assert done(course, Phase.AFTER) == set()
    assert phase_of(course.incident) is Phase.DURING
    course.at(minutes(7)).do(Resolve(ANNA))
    assert phase_of(course.incident) is Phase.AFTER
    assert done(course, Phase.AFTER) == {"resolved", "review"}
    assert line(course, "resolved").tick == Tick(ANNA, THURSDAY + minutes(7))
    course.do(NameCause(BORIS, " the pool "))
    course.do(DescribeFix(ANNA, "a larger pool"))
    for part in DOCUMENTATION:
        assert line(course, "documentation").tick is None
        course.do(TickDocumentation(DAN, part))
    course.do(CreateActionItem(ANNA, "Alert on the pool", "dan"))
    course.do(TickItem(ANNA, "verified"))
    assert done(course, Phase.AFTER) == set(AFTER)
    assert line(course, "cause").tick == Tick(BORIS, THURSDAY + minutes(7))
    assert course.incident.resolution.cause is not None
    assert course.incident.resolution.cause.text == "the pool"


def test_documentation_is_updated_once_each_of_its_parts_is() -> None:
    """Written plan, Phase 5: runbooks, monitoring, alerting thresholds, procedures; training is its follow-up's."""
    course = Course().declare("SEV-3", by=DAN)
    course.do(TickDocumentation(DAN, Documentation.TRAINING))
    for number, part in enumerate(reversed(DOCUMENTATION)):
        assert line(course, "documentation").tick is None
        course.at(minutes(number)).do(TickDocumentation(BORIS if number else DAN, part))
    assert line(course, "documentation").tick == Tick(BORIS, THURSDAY + minutes(3))
    course.do(TickDocumentation(ANNA, Documentation.MONITORING, done=False))
    assert line(course, "documentation").tick is None


def test_reopening_takes_back_what_was_not_so() -> None:
    """It is not resolved, not fixed and not acknowledged any more; what was found stays."""
    course = Course().declare("SEV-3", by=DAN)
    course.do(Acknowledge(ANNA))
    course.do(NameCause(ANNA, "the pool"))
    course.do(DescribeFix(ANNA, "a larger pool"))
    course.do(Resolve(ANNA))
    course.do(Reopen(ANNA))
    assert done(course, Phase.AFTER) == {"cause"}
    assert line(course, "acknowledged").tick is None


def test_a_person_ticks_what_no_event_has() -> None:
    """By hand, taken back by hand; the same twice changes nothing; what an event ticked stays."""
    course = Course().declare("SEV-3", by=DAN)
    course.do(TickItem(BORIS, "impact"))
    assert line(course, "impact").tick == Tick(BORIS, THURSDAY)
    assert not line(course, "impact").by_event
    assert course.do(TickItem(ANNA, "impact")).events == ()
    course.do(TickItem(ANNA, "impact", done=False))
    assert line(course, "impact").tick is None
    assert course.do(TickItem(ANNA, "ticket")).events == ()
    assert course.refuse(TickItem(ANNA, "ticket", done=False)) == TickedByItself("Incident ticket created")
    assert course.refuse(TickItem(ANNA, "none")) == NoSuchItem()
    assert course.refuse(TickItem(STRANGER, "impact")) == NotOnTheTeam()


def test_a_line_without_an_event_is_a_persons() -> None:
    """A plan's own line has no event to wait for."""
    plan = a_plan(checklists={"during": [{"id": "coffee", "text": "Coffee made"}]})
    course = Course(the_rules(plan)).declare()
    assert line(course, "coffee").tick is None
    course.do(TickItem(ANNA, "coffee"))
    assert open_items(course.rules, course.incident) == ()


def test_evidence_is_kept_with_its_line() -> None:
    """Some text, not too long, not without end; it ticks nothing."""
    course = Course().declare("SEV-3", by=DAN)
    course.do(AddEvidence(ANNA, "impact", " see the chart "))
    (evidence,) = line(course, "impact").evidence
    assert (evidence.text, evidence.by, evidence.at) == ("see the chart", ANNA, THURSDAY)
    assert line(course, "impact").tick is None
    assert course.refuse(AddEvidence(ANNA, "impact", " ")) == NothingSaid()
    assert course.refuse(AddEvidence(ANNA, "impact", "x" * (EVIDENCE_LIMIT + 1))) == TooLong(EVIDENCE_LIMIT)
    for _ in range(MOST - 1):
        course.do(AddEvidence(ANNA, "impact", "more"))
    assert course.refuse(AddEvidence(ANNA, "impact", "more")) == TooMany(MOST)


def test_cause_and_fix_are_written_once() -> None:
    """Empty and endless texts are refused, the same text changes nothing, a better one replaces it."""
    course = Course().declare("SEV-3", by=DAN)
    for command in (NameCause, DescribeFix):
        assert course.refuse(command(ANNA, " ")) == NothingSaid()
        assert course.refuse(command(ANNA, "x" * (TEXT_LIMIT + 1))) == TooLong(TEXT_LIMIT)
        course.do(command(ANNA, "the pool"))
        assert course.do(command(BORIS, "the pool")).events == ()
        course.do(command(BORIS, "a leak"))
    assert course.incident.resolution.fix is not None
    assert course.incident.resolution.fix.by == BORIS


@pytest.mark.parametrize(
    "command",
    [TickItem(ANNA, "impact"), AddEvidence(ANNA, "impact", "x"), NameCause(ANNA, "x"), DescribeFix(ANNA, "x")],
)
def test_a_merged_incident_is_checked_elsewhere(command: TickItem | AddEvidence | NameCause | DescribeFix) -> None:
    """What another incident carries on has no checklists of its own."""
    course = Course().declare()
    course.do(MergeInto(ANNA, "INC-2"))
    assert course.refuse(command) == AlreadyClosed("INC-2")


def test_the_review_is_closed_over_open_lines_for_a_reason_alone() -> None:
    """Ten lines are open: say why; with everything ticked no reason is needed."""
    course = Course().declare("SEV-3", by=DAN)
    course.do(Resolve(ANNA))
    left = open_items(course.rules, course.incident)
    assert course.refuse(CloseReview(ANNA)) == LeftOpen(len(left))
    for item in left:
        course.do(TickItem(Responder(person="dan"), item.id))
    course.do(CloseReview(ANNA))
    assert course.incident.review.closed is not None


def test_the_answered_questions_about_the_impact_tick_it_too() -> None:
    """Users, business and security, each with an answer; that nobody knows is none."""
    course = Course().declare("SEV-3", by=DAN)
    course.do(Assess(ANNA, Aspect.USERS, Answer.FEW))
    course.do(Assess(ANNA, Aspect.BUSINESS, Answer.DONT_KNOW))
    course.do(Assess(ANNA, Aspect.SECURITY, Answer.NONE))
    assert line(course, "impact").tick is None
    course.at(minutes(2)).do(Assess(BORIS, Aspect.BUSINESS, Answer.NONE))
    assert line(course, "impact").tick == Tick(BORIS, THURSDAY + minutes(2))
