"""Whether what waited to be said still has something to say at the moment it is sent."""

from bot.domain import review_telling
from bot.domain.approval import waits
from bot.domain.chasing_events import UpdateEscalated
from bot.domain.crew_events import RoleGiven
from bot.domain.draft_events import DraftsAwaited
from bot.domain.events import (
    AlertsChanged,
    Event,
    PageCause,
    ResolutionOverdue,
    ResponseOverdue,
    UpdateOverdue,
    UpdateReminded,
)
from bot.domain.incident import Incident, Status
from bot.domain.intents import Page
from bot.domain.presence_events import HolderAsked, HolderSilent
from bot.domain.rules import Rules
from bot.views.deciding import waiting_for
from bot.views.page import wants_answer

_CHASING = {PageCause.REPEAT, PageCause.UNANSWERED, PageCause.UNREACHABLE}


def still_wanted(rules: Rules, incident: Incident, intent: Page, *, reached: bool) -> bool:
    """Whether a page that waited (Telegram was out of reach, the bot was down) still has something to say.

    `reached`: an earlier page of this incident came through. Where none did, a repeated page stands for the first.
    """
    if not incident.is_open or intent.person not in rules.roster.people:
        return False
    if incident.status is Status.UNANSWERED:
        return True
    if intent.cause is PageCause.DECISION:
        return bool(waiting_for(rules, incident, intent.person))
    if intent.cause is PageCause.ESCALATION:
        return wants_answer(rules, incident, intent.person)
    if intent.cause is PageCause.ASSIGNED:
        return True
    informs = intent.cause not in _CHASING or (intent.cause is PageCause.REPEAT and not reached)
    return informs and incident.holder != intent.person


def still_true(rules: Rules, incident: Incident, event: Event) -> bool:  # noqa: C901, PLR0911 - one flat table of events
    """Whether a message about an event that waited is not yet overtaken by events."""
    match event:
        case UpdateReminded():
            return incident.is_open and incident.reminded_for == event.due
        case UpdateOverdue():
            return incident.is_open and incident.overdue_pinged_at == event.at
        case UpdateEscalated():
            return incident.is_open and incident.chase.called_at == event.at
        case DraftsAwaited():
            asked = (incident.drafts.draft(number) for number in event.drafts)
            return any(draft is not None and waits(rules, incident, draft) for draft in asked)
        case HolderAsked():
            return incident.presence.asked_at == event.at
        case HolderSilent():
            return incident.presence.silent_since is not None
        case RoleGiven():
            return incident.is_open and incident.in_role(event.role) == event.person
        case ResponseOverdue():
            return incident.status is Status.UNANSWERED
        case ResolutionOverdue():
            return incident.is_open and incident.resolution_asked_at == event.at
        case AlertsChanged():
            return incident.is_open and incident.all_alerts_resolved
        case _:
            return review_telling.still_true(incident, event)
