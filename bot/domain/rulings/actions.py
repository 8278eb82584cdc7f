"""Actions of the plan: who may start one, one at a time, and what its end says."""

from datetime import datetime

from bot.domain.acting import presser
from bot.domain.acting_commands import FinishAction, LoseAction, StartAction
from bot.domain.acting_events import ActionFinished, ActionLost, ActionRefused, ActionStarted, WhyRefused
from bot.domain.acting_rejections import (
    ActionBusy,
    ConfirmAction,
    NoSuchRun,
    RunSince,
    TakesMoreAuthority,
    UnknownAction,
)
from bot.domain.actors import Actor, Responder
from bot.domain.events import Event
from bot.domain.incident import Incident
from bot.domain.rejections import AlreadyClosed, NotOnTheTeam, Rejection
from bot.domain.rules import Rules

TAIL_LIMIT = 2000
"""Characters of output kept in the log: what a person reads in a chat; an event stays small."""
DETAIL_LIMIT = 300


def has_authority(rules: Rules, by: Actor, role: str) -> bool:
    """Whether a person has this role or a higher one. Programs and strangers never have."""
    return (
        isinstance(by, Responder)
        and by.person in rules.roster.people
        and rules.authority_of(by.person) >= rules.plan.authority(role)
    )


def why_refused(rules: Rules, by: Actor) -> WhyRefused:
    """A person of the team lacks authority; anybody else is a stranger to decisions."""
    known = isinstance(by, Responder) and by.person in rules.roster.people
    return WhyRefused.AUTHORITY if known else WhyRefused.STRANGER


def busy(rules: Rules, action: str) -> ActionBusy | None:
    """The refusal while an action runs anywhere."""
    standing = rules.across.standings.get(action)
    return ActionBusy(action, standing.incident) if standing is not None and standing.running else None


def start(rules: Rules, incident: Incident, command: StartAction, now: datetime) -> tuple[Event, ...] | Rejection:  # noqa: PLR0911 - one refusal a line
    """Begin it: by a person whose authority suffices, confirmed, and only while it does not run anywhere."""
    action = rules.plan.actions.get(command.action)
    if action is None:
        return UnknownAction(command.action, tuple(rules.plan.actions))
    if not has_authority(rules, command.by, action.authority):
        return _refused(rules, incident, command, action.authority, now)
    if not incident.is_open:
        return AlreadyClosed(incident.merged_into)
    running = busy(rules, command.action)
    if running is not None:
        return running
    seen = len(incident.acting.runs)
    if not command.confirmed:
        return ConfirmAction(command.action, seen)
    if command.seen is not None and command.seen != seen:
        return RunSince()
    return (ActionStarted(at=now, by=command.by, run=incident.version + 1, action=command.action),)


def _refused(
    rules: Rules, incident: Incident, command: StartAction, role: str, now: datetime
) -> tuple[Event, ...] | Rejection:
    """Recorded once for each person and action."""
    why = why_refused(rules, command.by)
    if f"action {command.action} {presser(command.by)}" in incident.acting.refused:
        return TakesMoreAuthority(role) if why is WhyRefused.AUTHORITY else NotOnTheTeam()
    return (ActionRefused(at=now, by=command.by, action=command.action, why=why, role=role),)


def finish(incident: Incident, command: FinishAction, now: datetime) -> tuple[Event, ...] | Rejection:
    """Keep how a run ended. One that was given up as lost may still turn out to have ended."""
    run = incident.acting.run(command.run)
    if run is None or isinstance(run.ended, ActionFinished):
        return NoSuchRun()
    return (
        ActionFinished(
            at=now,
            by=command.by,
            run=run.number,
            action=run.action,
            ending=command.ending,
            code=command.code,
            detail=command.detail[:DETAIL_LIMIT],
            tail=command.tail[-TAIL_LIMIT:],
            took_s=command.took.total_seconds(),
        ),
    )


def lose(incident: Incident, command: LoseAction, now: datetime) -> tuple[Event, ...] | Rejection:
    """Whoever ran it is gone: its outcome is unknown, and only a human may run it again."""
    run = incident.acting.run(command.run)
    if run is None or run.ended is not None:
        return NoSuchRun()
    return (ActionLost(at=now, by=command.by, run=run.number, action=run.action),)
