"""What a decision makes us say, and to whom: events become intents."""

from collections.abc import Iterator

from bot.domain.decide import Decided
from bot.domain.events import (
    Acknowledged,
    AlertsChanged,
    Assigned,
    Declared,
    Escalated,
    Event,
    MergedInto,
    Paged,
    PageFailed,
    Reopened,
    ResolutionOverdue,
    Resolved,
    ResponseOverdue,
    Retitled,
    SeverityChanged,
    UpdateOverdue,
    UpdatePosted,
    UpdateReminded,
)
from bot.domain.incident import Incident
from bot.domain.intents import Audience, Intent, Page, Ping, RefreshCard, RefreshPages, Tell
from bot.domain.paging import responsible
from bot.domain.rules import Rules

_SHOWN_ON_PAGES = (Acknowledged, Assigned, SeverityChanged, Resolved, Reopened, MergedInto, Retitled)
_SAID_IN_THREAD = (
    SeverityChanged,
    Escalated,
    ResponseOverdue,
    ResolutionOverdue,
    UpdateReminded,
    UpdateOverdue,
    Resolved,
    Reopened,
    MergedInto,
    PageFailed,
)


def intents_of(rules: Rules, before: Incident | None, decided: Decided) -> tuple[Intent, ...]:
    """Everything that must be said because of a decision; the same intent once."""
    if not decided.events:
        return ()
    first = 1 if before is None else before.version + 1
    said: list[Intent] = []
    for number, event in enumerate(decided.events, start=first):
        said.extend(_to_people(rules, decided.incident, event, number))
        said.extend(_to_chats(rules, decided.incident, event, number))
        if isinstance(event, AlertsChanged) and _last_alert_resolved(before, decided.incident):
            said.append(Tell(incident=decided.incident.id, audience=Audience.THREAD, number=number))
    if any(isinstance(event, _SHOWN_ON_PAGES) for event in decided.events):
        said.append(RefreshPages(incident=decided.incident.id))
    return (*said, RefreshCard(incident=decided.incident.id))


def _to_people(rules: Rules, incident: Incident, event: Event, number: int) -> Iterator[Intent]:
    match event:
        case Paged():
            for person in event.people:
                yield Page(incident=incident.id, person=person, cause=event.cause, number=number)
        case UpdateOverdue() | ResolutionOverdue() if incident.holder is not None:
            for person in responsible(rules, incident, event.at):
                yield Ping(incident=incident.id, person=person, number=number)
        case _:
            return


def _to_chats(rules: Rules, incident: Incident, event: Event, number: int) -> Iterator[Intent]:
    if isinstance(event, _SAID_IN_THREAD):
        yield Tell(incident=incident.id, audience=Audience.THREAD, number=number)
    if _concerns_stakeholders(rules, incident, event):
        yield Tell(incident=incident.id, audience=Audience.STAKEHOLDERS, number=number)


def _concerns_stakeholders(rules: Rules, incident: Incident, event: Event) -> bool:
    """An update always; a turn of events only of a severity that owes updates, and only where they have a chat."""
    if incident.drill:
        return False
    if isinstance(event, UpdatePosted):
        return True
    if rules.roster.chats.stakeholders is None:
        return False
    match event:
        case Declared() | Resolved() | Reopened():
            return _owes_updates(rules, incident.severity)
        case SeverityChanged():
            return _owes_updates(rules, event.before) or _owes_updates(rules, event.severity)
        case _:
            return False


def _owes_updates(rules: Rules, severity: str) -> bool:
    return rules.severity(severity).update_every is not None


def _last_alert_resolved(before: Incident | None, incident: Incident) -> bool:
    was_firing = before is not None and bool(before.firing)
    return was_firing and incident.is_open and incident.all_alerts_resolved
