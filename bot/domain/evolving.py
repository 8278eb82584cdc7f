"""How an incident changes: each event has its effect here, and nowhere else."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import TypedDict

from bot.domain.acting import ActingEvent, after, with_rows
from bot.domain.acting_events import TriggerFired
from bot.domain.actors import Responder
from bot.domain.alerts import Alert
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
    PageCause,
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
from bot.domain.incident import Escalation, Incident, PageRecord, Status, Update
from bot.domain.looking import Tick, after_looking
from bot.domain.looking_events import InformationGathered, RunbookStepTicked, Silenced, Unsilenced
from bot.domain.presence import after_presence, is_answered
from bot.domain.presence_events import HolderAsked, HolderSilent, HolderThere
from bot.domain.resolving import after_resolving, at_the_end, reopened, with_alerts, with_trigger
from bot.domain.resolving_events import (
    CauseFound,
    FixDescribed,
    MetricSeen,
    VerificationBroken,
    VerificationStarted,
)
from bot.domain.review import ReviewEvent, after_review, without_dates


class _PlannedAnew(TypedDict):
    severity_since: datetime
    update_base: datetime
    steps_done: frozenset[int]
    paged: tuple[str, ...]
    unreachable: frozenset[str]
    last_paged_at: None
    response_overdue_for: None
    resolution_asked_at: None
    reminded_for: None
    overdue_pinged_at: None
    snoozed_until: None


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
            return _paged(incident, event)
        case PageHandedOver():
            return copy_with(incident, paged=tuple(person for person in incident.paged if person != event.person))
        case PageFailed():
            return copy_with(incident, unreachable=incident.unreachable | {event.person})
        case ReachableAgain():
            return copy_with(incident, unreachable=incident.unreachable - {event.person})
        case Acknowledged() | Assigned():
            return _held(incident, event)
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
            return _resolving(incident, event)
        case BetaFollowed():
            return copy_with(incident, following=after_following(incident.following, event))
        case Resolved():
            return _resolved(incident, event)
        case Reopened():
            return _reopened(incident, event)
        case MergedInto():
            return copy_with(incident, status=Status.MERGED, merged_into=event.incident, escalation=None)
        case Absorbed():
            return _absorbed(incident, event)
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
    return copy_with(incident, resolution=with_alerts(incident.resolution, _fingerprints(incident)))


def _paged(incident: Incident, event: Paged) -> Incident:
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


def _held(incident: Incident, event: Acknowledged | Assigned) -> Incident:
    return copy_with(
        incident,
        status=Status.VERIFYING if incident.status is Status.VERIFYING else Status.IN_HAND,
        holder=event.person,
        acknowledged_at=event.at,
        first_acknowledged_at=incident.first_acknowledged_at or event.at,
        escalation=incident.escalation if _leaves_the_call_open(incident, event) else None,
    )


def _leaves_the_call_open(incident: Incident, event: Acknowledged | Assigned) -> bool:
    """Whether only the hands changed: handing an incident on is no answer to a call for more authority."""
    if isinstance(event, Acknowledged) or incident.holder is None or incident.escalation is None:
        return False
    called = incident.escalation.people
    return event.person not in called and not (isinstance(event.by, Responder) and event.by.person in called)


def _severity(incident: Incident, event: SeverityChanged) -> Incident:
    return copy_with(
        incident,
        severity=event.severity,
        severity_by=event.by,
        severity_before=event.before,
        **_planned_anew(event.at),
    )


def _planned_anew(at: datetime) -> _PlannedAnew:
    return {
        "severity_since": at,
        "update_base": at,
        "steps_done": frozenset(),
        "paged": (),
        "unreachable": frozenset(),  # they may have pressed Start since: planned anew means tried anew
        "last_paged_at": None,
        "response_overdue_for": None,
        "resolution_asked_at": None,
        "reminded_for": None,
        "overdue_pinged_at": None,
        "snoozed_until": None,
    }


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


def _resolving(
    incident: Incident, event: CauseFound | FixDescribed | MetricSeen | VerificationStarted | VerificationBroken
) -> Incident:
    """A watch over a fix begins or breaks: either is news to those who wait, so the next update counts from it."""
    resolution = after_resolving(incident.resolution, event, _fingerprints(incident))
    incident = copy_with(incident, resolution=resolution)
    match event:
        case VerificationStarted():
            return copy_with(_with_news(incident, event.at), status=Status.VERIFYING, escalation=None)
        case VerificationBroken():
            return copy_with(_with_news(incident, event.at), status=Status.IN_HAND)
        case _:
            return incident


def _with_news(incident: Incident, at: datetime) -> Incident:
    return copy_with(incident, update_base=at, reminded_for=None, overdue_pinged_at=None, snoozed_until=None)


def _resolved(incident: Incident, event: Resolved) -> Incident:
    resolution = at_the_end(incident.resolution, Tick(event.by, event.at), event.verified, event.unverified)
    return copy_with(
        incident,
        status=Status.RESOLVED,
        resolved_at=event.at,
        resolved_by=event.by,
        escalation=None,
        resolution=resolution,
    )


def _fingerprints(incident: Incident) -> frozenset[str]:
    return frozenset(alert.fingerprint for alert in incident.firing)


def _reopened(incident: Incident, event: Reopened) -> Incident:
    return copy_with(
        incident,
        status=Status.UNANSWERED,
        holder=None,
        acknowledged_at=None,
        resolved_at=None,
        resolved_by=None,
        severity_before=None,
        review=without_dates(incident.review),
        resolution=reopened(incident.resolution),
        **_planned_anew(event.at),
    )


def _absorbed(incident: Incident, event: Absorbed) -> Incident:
    news = {alert.fingerprint: alert for alert in event.alerts if _is_newer(alert, incident.alerts)}
    merged = {**incident.alerts, **news}
    groups = incident.groups + tuple(group for group in event.groups if group not in incident.groups)
    return copy_with(
        incident,
        alerts=MappingProxyType(merged),
        groups=groups,
        absorbed=(*incident.absorbed, event.incident),
        acting=with_rows(incident.acting, event.episodes, event.unclear),
    )


def _is_newer(alert: Alert, known: Mapping[str, Alert]) -> bool:
    ours = known.get(alert.fingerprint)
    return ours is None or alert.starts_at > ours.starts_at
