"""How an incident ends, by a watched fix or at once, how it comes back, and how it takes another one in."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from bot.domain.acting import with_rows
from bot.domain.alerts import Alert
from bot.domain.copying import copy_with
from bot.domain.events import Absorbed, Reopened, Resolved
from bot.domain.incident import Incident, Status
from bot.domain.looking import Tick
from bot.domain.planning_anew import planned_anew
from bot.domain.resolving import after_resolving, at_the_end, reopened
from bot.domain.resolving_events import CauseFound, FixDescribed, MetricSeen, VerificationBroken, VerificationStarted
from bot.domain.review import without_dates


def after_watch(
    incident: Incident, event: CauseFound | FixDescribed | MetricSeen | VerificationStarted | VerificationBroken
) -> Incident:
    """A watch over a fix begins or breaks: either is news to those who wait, so the next update counts from it."""
    resolution = after_resolving(incident.resolution, event, firing_fingerprints(incident))
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


def after_end(incident: Incident, event: Resolved) -> Incident:
    """The incident once it is over."""
    resolution = at_the_end(incident.resolution, Tick(event.by, event.at), event.verified, event.unverified)
    return copy_with(
        incident,
        status=Status.RESOLVED,
        resolved_at=event.at,
        resolved_by=event.by,
        escalation=None,
        resolution=resolution,
    )


def firing_fingerprints(incident: Incident) -> frozenset[str]:
    """The alerts that fire now."""
    return frozenset(alert.fingerprint for alert in incident.firing)


def after_reopening(incident: Incident, event: Reopened) -> Incident:
    """The incident back, with nobody who has it."""
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
        **planned_anew(event.at),
    )


def after_absorbing(incident: Incident, event: Absorbed) -> Incident:
    """The incident with all that another one brought."""
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
