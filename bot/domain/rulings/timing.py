"""What happens when a timer falls due."""

from datetime import datetime

from bot.domain.actors import System
from bot.domain.events import (
    Escalated,
    Event,
    PageCause,
    Paged,
    ResolutionOverdue,
    ResponseOverdue,
    UpdateOverdue,
    UpdateReminded,
)
from bot.domain.incident import Escalation, Incident, Status
from bot.domain.paging import next_in_authority, not_told_at, reachable, somebody_or_next
from bot.domain.rules import Rules
from bot.domain.rulings.escalating import role_above
from bot.domain.timers import (
    ESCALATION,
    NOTIFY,
    REPEAT,
    RESOLVE,
    RESPOND,
    UPDATE,
    UPDATE_OVERDUE,
    deadlines,
    due,
)

_NABAT = System()


def fire(rules: Rules, incident: Incident, key: str, now: datetime) -> tuple[Event, ...]:
    """What the timer `key` leads to; nothing when it has been re-planned or isn't due yet."""
    at = due(rules, incident).get(key)
    if at is None or at > now:
        return ()
    if key.startswith(NOTIFY):
        return (_notify(rules, incident, int(key.removeprefix(NOTIFY)), now),)
    return _FIRED[key](rules, incident, now)


def _notify(rules: Rules, incident: Incident, number: int, now: datetime) -> Event:
    step = rules.severity(incident.severity).notify[number]
    people = rules.people_with_any(step.roles, now)
    if incident.status is Status.UNANSWERED:
        people = somebody_or_next(rules, incident, people, now)
    elif incident.severity_before and rules.milder(incident.severity, than=incident.severity_before):
        people = tuple(person for person in people if person not in incident.told_at)
    people = not_told_at(incident, people, now)
    return Paged(at=now, by=_NABAT, cause=PageCause.STEP, people=people, roles=step.roles, step=number)


def _repeat(rules: Rules, incident: Incident, now: datetime) -> tuple[Event, ...]:
    people = somebody_or_next(rules, incident, incident.paged, now)
    return (Paged(at=now, by=_NABAT, cause=PageCause.REPEAT, people=not_told_at(incident, people, now)),)


def _respond(rules: Rules, incident: Incident, now: datetime) -> tuple[Event, ...]:
    deadline = deadlines(rules, incident).respond_by or now
    people = next_in_authority(rules, incident, now) or reachable(incident, incident.paged)
    return (
        ResponseOverdue(at=now, by=_NABAT, deadline=deadline),
        Paged(at=now, by=_NABAT, cause=PageCause.UNANSWERED, people=not_told_at(incident, people, now)),
    )


def _escalation(rules: Rules, incident: Incident, now: datetime) -> tuple[Event, ...]:
    asked = incident.escalation or Escalation("", "", (), now)
    above = role_above(rules, incident, rules.plan.authority(asked.role), now)
    if above is None:
        return (Paged(at=now, by=_NABAT, cause=PageCause.ESCALATION, people=asked.people, roles=(asked.role,)),)
    people = tuple(dict.fromkeys((*rules.people_with(above, now), *asked.people)))
    return (
        Escalated(at=now, by=_NABAT, role=above, reason=asked.reason),
        Paged(at=now, by=_NABAT, cause=PageCause.ESCALATION, people=people, roles=(above,)),
    )


def _update(rules: Rules, incident: Incident, now: datetime) -> tuple[Event, ...]:
    return (UpdateReminded(at=now, by=_NABAT, due=due(rules, incident)[UPDATE]),)


def _update_overdue(_rules: Rules, incident: Incident, now: datetime) -> tuple[Event, ...]:
    return (UpdateOverdue(at=now, by=_NABAT, due=incident.reminded_for or now),)


def _resolve(rules: Rules, incident: Incident, now: datetime) -> tuple[Event, ...]:
    return (ResolutionOverdue(at=now, by=_NABAT, deadline=deadlines(rules, incident).resolve_by),)


_FIRED = {
    REPEAT: _repeat,
    RESPOND: _respond,
    ESCALATION: _escalation,
    UPDATE: _update,
    UPDATE_OVERDUE: _update_overdue,
    RESOLVE: _resolve,
}
