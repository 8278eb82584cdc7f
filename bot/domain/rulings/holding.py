"""Who has it: acknowledging and assigning."""

from datetime import datetime

from bot.domain.actors import Responder
from bot.domain.commands import Acknowledge, Assign
from bot.domain.events import Acknowledged, Assigned, Event, PageCause, Paged
from bot.domain.incident import Incident
from bot.domain.rejections import AlreadyAcknowledged, AlreadyClosed, AlreadyYours, Rejection, UnknownPerson
from bot.domain.rules import Rules


def acknowledge(rules: Rules, incident: Incident, command: Acknowledge, now: datetime) -> tuple[Event, ...] | Rejection:
    """Take it, unless somebody has it; an unanswered escalation may be taken over by the authority it was made to."""
    if not incident.is_open:
        return AlreadyClosed(incident.merged_into)
    person = command.by.person if isinstance(command.by, Responder) else command.on_behalf_of or "?"
    if incident.holder == person:
        return AlreadyYours()
    if incident.holder is not None and not _answers_escalation(rules, incident, person):
        return AlreadyAcknowledged(incident.holder)
    return (Acknowledged(at=now, by=command.by, person=person, together=command.together),)


def _answers_escalation(rules: Rules, incident: Incident, person: str) -> bool:
    call = incident.escalation
    return call is not None and (
        person in call.people or rules.authority_of(person) >= max(rules.plan.authority(call.role), 1)
    )


def assign(rules: Rules, incident: Incident, command: Assign, now: datetime) -> tuple[Event, ...] | Rejection:
    """Make somebody the holder; they are told, unless they did it themselves."""
    if not incident.is_open:
        return AlreadyClosed(incident.merged_into)
    if command.person not in rules.roster.people:
        return UnknownPerson(command.person, tuple(rules.roster.people))
    if incident.holder == command.person:
        itself = isinstance(command.by, Responder) and command.by.person == command.person
        return AlreadyYours() if itself else AlreadyAcknowledged(command.person)
    assigned = Assigned(at=now, by=command.by, person=command.person)
    if isinstance(command.by, Responder) and command.by.person == command.person:
        return (assigned,)
    return (assigned, Paged(at=now, by=command.by, cause=PageCause.ASSIGNED, people=(command.person,)))
