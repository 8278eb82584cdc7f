"""How an incident changes: each event has its effect here, and nowhere else."""

from collections.abc import Iterable
from types import MappingProxyType

from bot.domain.acting import ActingEvent, after
from bot.domain.acting_events import TriggerFired
from bot.domain.answering import after_answer, after_paging, is_taken_along
from bot.domain.assessment import after_assessing
from bot.domain.assessment_events import Assessed
from bot.domain.chasing import after_chase
from bot.domain.chasing_events import SnoozeExplained, UpdateEscalated
from bot.domain.checked import Checked, after_checking
from bot.domain.checklist_events import ChecklistTicked, EvidenceAdded
from bot.domain.copying import copy_with
from bot.domain.crew import after_crew
from bot.domain.crew_events import RoleGiven
from bot.domain.draft_events import (
    DraftApproved,
    DraftDiscarded,
    DraftEdited,
    DraftOffered,
    DraftRefused,
    DraftsAwaited,
    DraftSent,
)
from bot.domain.drafts import after_draft
from bot.domain.ending import after_absorbing, after_end, after_reopening, after_watch, firing_fingerprints
from bot.domain.events import (
    Absorbed,
    Acknowledged,
    AlertsChanged,
    Assigned,
    Declared,
    Escalated,
    Event,
    ImpactDescribed,
    MergedInto,
    Noted,
    Paged,
    PageFailed,
    PageHandedOver,
    ReachableAgain,
    Reopened,
    ResolutionOverdue,
    Resolved,
    ResponseOverdue,
    Retitled,
    SeverityChanged,
    UpdateOverdue,
    UpdatePosted,
    UpdateReminded,
    UpdateSnoozed,
)
from bot.domain.following import after_following
from bot.domain.following_events import BetaFollowed
from bot.domain.incident import Escalation, Incident, Status, Update
from bot.domain.looking import after_looking
from bot.domain.looking_events import InformationGathered, RunbookStepTicked, Silenced, Unsilenced
from bot.domain.planning_anew import planned_anew
from bot.domain.presence import after_presence, is_answered
from bot.domain.presence_events import HolderAsked, HolderSilent, HolderThere
from bot.domain.resolving import with_alerts, with_trigger
from bot.domain.resolving_events import (
    CauseFound,
    FixDescribed,
    MetricSeen,
    VerificationBroken,
    VerificationStarted,
)
from bot.domain.review import ReviewEvent, after_review


def replay(incident_id: str, events: Iterable[Event], incident: Incident | None = None) -> Incident:
    """The incident after `events`, starting from `incident` (or from nothing).

    Raises:
        ValueError: the log does not begin with a declaration; it is damaged, and a human must look at the backup.
    """
    for event in events:
        incident = begin(incident_id, event) if incident is None else evolve(incident, event)
    if incident is None:
        raise ValueError(f"{incident_id} has an empty log")
    return incident


def begin(incident_id: str, event: Event) -> Incident:
    """The incident that a declaration makes."""
    if not isinstance(event, Declared):
        raise ValueError(f"{incident_id} begins with {event.kind} instead of a declaration")  # noqa: TRY004 - the log is wrong, not the caller's type
    return Incident(
        id=incident_id,
        version=1,
        plan=event.plan,
        title=event.title,
        description=event.description,
        url=event.url,
        drill=event.drill,
        group=event.group,
        groups=(event.group,) if event.group else (),
        follows=event.follows,
        declared_at=event.at,
        declared_by=event.by,
        severity=event.severity,
        severity_since=event.at,
        severity_by=event.by,
        severity_before=None,
        update_base=event.at,
        checked=after_checking(Checked(), event),
    )


def evolve(incident: Incident, event: Event) -> Incident:
    """The incident after one more event. Total: every event has its effect here, and nowhere else."""
    number = incident.version + 1
    after = _effect(incident, event)
    presence = after_presence(incident.presence, incident.holder, event)
    return copy_with(
        after,
        version=number,
        taken_along=is_taken_along(incident, event),
        chase=after_chase(incident.chase, event),
        checked=after_checking(incident.checked, event),
        drafts=after_draft(incident.drafts, event, number),
        crew=after_crew(incident.crew, event),
        presence=presence,
        escalation=None if is_answered(incident.presence, presence, event) else after.escalation,
    )


def _effect(incident: Incident, event: Event) -> Incident:  # noqa: C901, PLR0911, PLR0912 - one flat table of all events is the point
    match event:
        case Declared():
            raise ValueError(f"{incident.id} is declared a second time")
        case AlertsChanged():
            return _alerts(incident, event)
        case Retitled():
            return copy_with(incident, title=event.title)
        case Paged():
            return after_paging(incident, event)
        case PageHandedOver():
            return copy_with(incident, paged=tuple(person for person in incident.paged if person != event.person))
        case PageFailed():
            return copy_with(incident, unreachable=incident.unreachable | {event.person})
        case ReachableAgain():
            return copy_with(incident, unreachable=incident.unreachable - {event.person})
        case Acknowledged() | Assigned():
            return after_answer(incident, event)
        case SeverityChanged():
            return _severity(incident, event)
        case Escalated():
            called = incident.escalation.people if incident.escalation else ()
            return copy_with(incident, escalation=Escalation(event.role, event.reason, called, event.at))
        case ResponseOverdue():
            return copy_with(incident, response_overdue_for=event.deadline)
        case ResolutionOverdue():
            return copy_with(incident, resolution_asked_at=event.at)
        case Noted():
            return copy_with(incident, last_note=Update(event.text, event.at, event.by))
        case ImpactDescribed():
            return copy_with(incident, impact=event.text)
        case UpdatePosted():
            return _updated(incident, event)
        case UpdateReminded():
            return copy_with(incident, reminded_for=event.due, snoozed_until=None)
        case UpdateOverdue():
            return copy_with(incident, overdue_pinged_at=event.at)
        case UpdateSnoozed():
            return copy_with(incident, snoozed_until=event.until, reminded_for=None, overdue_pinged_at=None)
        case InformationGathered() | RunbookStepTicked() | Silenced() | Unsilenced():
            return copy_with(incident, looked=after_looking(incident.looked, event))
        case Assessed():
            return copy_with(incident, assessment=after_assessing(incident.assessment, event))
        case ChecklistTicked() | EvidenceAdded():
            return incident  # what was checked keeps them
        case DraftOffered() | DraftEdited() | DraftApproved() | DraftDiscarded() | DraftRefused() | DraftSent():
            return incident  # the drafts keep them
        case DraftsAwaited():
            return incident  # the drafts keep them
        case UpdateEscalated() | SnoozeExplained() | RoleGiven() | HolderAsked() | HolderThere():
            return incident  # the chase, the crew and the presence keep them
        case HolderSilent():
            call = Escalation(event.role, "", event.people, event.at) if event.people else None
            return copy_with(incident, escalation=call)
        case CauseFound() | FixDescribed() | MetricSeen() | VerificationStarted() | VerificationBroken():
            return after_watch(incident, event)
        case BetaFollowed():
            return copy_with(incident, following=after_following(incident.following, event))
        case Resolved():
            return after_end(incident, event)
        case Reopened():
            return after_reopening(incident, event)
        case MergedInto():
            return copy_with(incident, status=Status.MERGED, merged_into=event.incident, escalation=None)
        case Absorbed():
            return after_absorbing(incident, event)
        case _:
            return _of_a_part(incident, event)


def _of_a_part(incident: Incident, event: ActingEvent | ReviewEvent) -> Incident:
    if isinstance(event, ReviewEvent):
        return copy_with(incident, review=after_review(incident.review, event))
    if isinstance(event, TriggerFired):
        incident = copy_with(incident, resolution=with_trigger(incident.resolution, event.trigger))
    return copy_with(incident, acting=after(incident.acting, event, incident.version + 1))


def _alerts(incident: Incident, event: AlertsChanged) -> Incident:
    merged = {**incident.alerts, **{alert.fingerprint: alert for alert in event.alerts}}
    incident = copy_with(incident, alerts=MappingProxyType(merged), truncated=event.truncated)
    return copy_with(incident, resolution=with_alerts(incident.resolution, firing_fingerprints(incident)))


def _severity(incident: Incident, event: SeverityChanged) -> Incident:
    return copy_with(
        incident,
        severity=event.severity,
        severity_by=event.by,
        severity_before=event.before,
        **planned_anew(event.at),
    )


def _updated(incident: Incident, event: UpdatePosted) -> Incident:
    return copy_with(
        incident,
        last_update=Update(event.text, event.at, event.by),
        updates_posted=incident.updates_posted + 1,
        update_base=event.at,
        reminded_for=None,
        overdue_pinged_at=None,
        snoozed_until=None,
    )
