"""Drills: an exercise runs through everything, runs nothing outside, and ends with a score. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from bot.domain.acting_events import ActionEnding, ActionFinished
from bot.domain.actors import System
from bot.domain.checklist import Phase, checklist
from bot.domain.events import Event
from bot.domain.evolving import replay
from bot.domain.incident import Incident
from bot.domain.incident_measures import DeadlineOutcome, Promise, acknowledgement_time, deadlines_of
from bot.domain.plan import Plan, Severity
from bot.domain.rules import Rules
from bot.domain.statistics import Kept


@dataclass(frozen=True, slots=True)
class Scenario:
    """What a drill could be about."""

    title: str
    severity: str


@dataclass(frozen=True, slots=True)
class Score:
    """How a drill went. `answer_within` is what the plan allowed for the answer; None: the plan was changed under it.

    `answered_in` is None where nobody ever answered. `updates` are those that fell due.
    `checklist` is the one during an incident.
    """

    answered_in: timedelta | None
    answer_within: timedelta | None
    answers: Kept
    updates: Kept
    checklist: Kept

    @property
    def share(self) -> float:
        """All of it as one figure from 0 to 1: the mean of what was asked of the team at all."""
        parts = [kept.share for kept in (self.answers, self.updates, self.checklist) if kept.share is not None]
        return sum(parts) / len(parts) if parts else 0.0


def scenarios(plan: Plan) -> tuple[Scenario, ...]:
    """What the plan gives as examples, of severities that are worth a drill: those whose updates have a rhythm.

    A plan that has no such example offers its runbooks, at its worst severity; one without these, its worst impact.
    """
    urgent = {name: severity for name, severity in plan.severities.items() if severity.update_every is not None}
    examples = tuple(chain.from_iterable(_examples(name, severity) for name, severity in urgent.items()))
    if examples:
        return examples
    worst, described = next(iter(plan.severities.items()))
    runbooks = tuple(Scenario(runbook.title, (*runbook.severities, worst)[0]) for runbook in plan.runbooks)
    return runbooks or (Scenario(described.impact, worst),)


def _examples(name: str, severity: Severity) -> tuple[Scenario, ...]:
    return tuple(Scenario(example, name) for example in severity.examples)


def by_turns(plan: Plan, turn: int) -> Scenario:
    """The scenario of a turn: each comes round, and two drills in a row are not the same."""
    offered = scenarios(plan)
    return offered[turn % len(offered)]


def not_run(incident: Incident, now: datetime) -> tuple[Event, ...]:
    """In a drill an action ends as it begins: nothing is run outside, whoever or whatever started it."""
    if not incident.drill:
        return ()
    return tuple(
        ActionFinished(at=now, by=System(), run=run.number, action=run.action, ending=ActionEnding.SIMULATED)
        for run in incident.acting.running
    )


def score_of(rules: Rules, incident_id: str, history: Sequence[Event]) -> Score:
    """How the drill of this log went, up to its end."""
    outcomes = deadlines_of(rules, incident_id, history)
    answers = [outcome for outcome in outcomes if outcome.promise is Promise.RESPONSE]
    updates = [outcome for outcome in outcomes if outcome.promise is Promise.UPDATE]
    return Score(
        answered_in=acknowledgement_time(history),
        answer_within=answers[0].due - history[0].at if answers else None,
        answers=_kept(answers),
        updates=_kept(updates),
        checklist=_checked(rules, replay(incident_id, history)),
    )


def _checked(rules: Rules, incident: Incident) -> Kept:
    lines = checklist(rules, incident, Phase.DURING)
    return Kept(sum(line.tick is not None for line in lines), len(lines))


def _kept(outcomes: Sequence[DeadlineOutcome]) -> Kept:
    return Kept(sum(outcome.held for outcome in outcomes), len(outcomes))
