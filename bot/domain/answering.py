"""Who was told of an incident, and who has it: what pages and answers make of its state."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from bot.domain.actors import Responder
from bot.domain.copying import copy_with
from bot.domain.events import Acknowledged, Assigned, Event, PageCause, Paged
from bot.domain.incident import Incident, PageRecord, Status


def after_paging(incident: Incident, event: Paged) -> Incident:
    """The incident after people were told."""
    told_at = MappingProxyType({**incident.told_at, **dict.fromkeys(event.people, event.at)})
    done = incident.steps_done if event.step is None else incident.steps_done | {event.step}
    incident = copy_with(incident, told_at=told_at, steps_done=done, pages=_recorded(incident, event))
    if event.cause is PageCause.ESCALATION and incident.escalation is not None:
        called = tuple(dict.fromkeys((*incident.escalation.people, *event.people)))
        escalation = replace(incident.escalation, people=called, last_paged_at=event.at)
        incident = copy_with(incident, escalation=escalation)
    if event.cause is PageCause.BETA:
        incident = copy_with(incident, following=replace(incident.following, told_at=event.at))
    if incident.status is not Status.UNANSWERED:
        return incident
    paged = tuple(dict.fromkeys((*incident.paged, *event.people)))
    return copy_with(incident, paged=paged, last_paged_at=event.at)


def _recorded(incident: Incident, event: Paged) -> Mapping[str, PageRecord]:
    number, known = incident.version + 1, incident.pages
    told = {
        person: PageRecord(event.cause, number, known[person].count + 1, known[person].first_at)
        if person in known
        else PageRecord(event.cause, number, 1, event.at)
        for person in event.people
    }
    return MappingProxyType({**known, **told})


def after_answer(incident: Incident, event: Acknowledged | Assigned) -> Incident:
    """The incident in somebody's hands."""
    return copy_with(
        incident,
        status=Status.VERIFYING if incident.status is Status.VERIFYING else Status.IN_HAND,
        holder=event.person,
        acknowledged_at=event.at,
        first_acknowledged_at=incident.first_acknowledged_at or event.at,
        escalation=incident.escalation if _leaves_the_call_open(incident, event) else None,
    )


def is_taken_along(before: Incident, event: Event) -> bool:
    """Whether somebody has it by a press that took many at once, and has not turned to it since."""
    if isinstance(event, Acknowledged):
        return event.together
    return before.taken_along and not isinstance(event.by, Responder)


def _leaves_the_call_open(incident: Incident, event: Acknowledged | Assigned) -> bool:
    """Whether only the hands changed: handing an incident on is no answer to a call for more authority."""
    if isinstance(event, Acknowledged) or incident.holder is None or incident.escalation is None:
        return False
    called = incident.escalation.people
    return event.person not in called and not (isinstance(event.by, Responder) and event.by.person in called)
