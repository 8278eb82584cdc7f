"""When a status update is missed: whom to ask after the holder; and why one was put off."""

from datetime import datetime

from bot.domain.actors import System
from bot.domain.chasing_commands import ExplainSnooze
from bot.domain.chasing_events import SnoozeExplained, UpdateEscalated
from bot.domain.events import Event
from bot.domain.incident import Incident
from bot.domain.paging import others_with
from bot.domain.rejections import AlreadyClosed, NothingSaid, NothingSnoozed, Rejection, TooLong
from bot.domain.rules import TEAM, Rules

REASON_LIMIT = 300
"""Characters of a reason: one or two sentences."""


def call_the_next(rules: Rules, incident: Incident, now: datetime) -> tuple[Event, ...]:
    """The holder was pinged and wrote nothing: the next authority is asked."""
    role, people = _next(rules, incident, now)
    due = incident.reminded_for or now
    return (UpdateEscalated(at=now, by=System(), due=due, role=role, people=people),)


def explain(incident: Incident, command: ExplainSnooze, now: datetime) -> tuple[Event, ...] | Rejection:
    """Keep why the update was put off."""
    if not incident.is_open:
        return AlreadyClosed(incident.merged_into)
    if not incident.chase.snoozed:
        return NothingSnoozed()
    reason = command.reason.strip()
    if not reason:
        return NothingSaid()
    if len(reason) > REASON_LIMIT:
        return TooLong(REASON_LIMIT)
    return (SnoozeExplained(at=now, by=command.by, reason=reason),)


def _next(rules: Rules, incident: Incident, now: datetime) -> tuple[str, tuple[str, ...]]:
    """The lowest role above the holder with somebody who was not called yet; then the highest again; then the team."""
    held = rules.authority_of(incident.holder) if incident.holder is not None else 0
    above = tuple(role for role in rules.plan.roles if rules.plan.authority(role) > held)
    for role in above:
        people = tuple(p for p in others_with(rules, incident, role, now) if p not in incident.chase.called)
        if people:
            return role, people
    for role in reversed(above):
        people = others_with(rules, incident, role, now)
        if people:
            return role, people
    return TEAM, others_with(rules, incident, TEAM, now)
