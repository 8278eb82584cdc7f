"""How an incident begins, and how the alerts of its group join, resolve and fire again."""

from datetime import datetime

from bot.domain.actors import Responder
from bot.domain.alerts import Alert, AlertStatus
from bot.domain.classify import classify
from bot.domain.commands import Declare, Retitle, TakeAlerts
from bot.domain.events import AlertsChanged, Declared, Event, Reopened, Retitled, SeverityChanged
from bot.domain.incident import Incident, Status
from bot.domain.rejections import NothingSaid, Rejection, TooLong, UnknownSeverity
from bot.domain.rules import Rules

TITLE_LIMIT = 300
"""Characters of a title: two lines on a phone are about 80; the rest is for those who paste."""


def declare(rules: Rules, command: Declare, now: datetime) -> tuple[Event, ...] | Rejection:
    """Begin an incident, classified by its alerts unless a severity was given."""
    title = " ".join(command.title.split())
    if not title:
        return NothingSaid()
    if len(title) > TITLE_LIMIT:
        return TooLong(TITLE_LIMIT)
    if command.severity is not None and command.severity not in rules.plan.severities:
        return UnknownSeverity(command.severity, tuple(rules.plan.severities))
    declared = Declared(
        at=now,
        by=command.by,
        title=title,
        description=command.description,
        severity=command.severity or classify(rules, command.alerts),
        plan=rules.plan_digest,
        group=command.group,
        follows=command.follows,
        url=command.url,
        drill=command.drill,
    )
    if not command.alerts:
        return (declared,)
    return (declared, AlertsChanged(at=now, by=command.by, alerts=command.alerts, truncated=command.truncated))


def take(rules: Rules, incident: Incident, command: TakeAlerts, now: datetime) -> tuple[Event, ...]:
    """Join what is new, note what resolved, reopen what fires again soon. A repeat changes nothing."""
    changed = news_in(incident, command.alerts)
    if not changed and command.truncated == incident.truncated:
        return ()
    joined = AlertsChanged(at=now, by=command.by, alerts=changed, truncated=command.truncated)
    fires = any(alert.status is AlertStatus.FIRING for alert in changed)
    reopens = incident.status is Status.RESOLVED and fires
    events = (Reopened(at=now, by=command.by), joined) if reopens else (joined,)
    worse = _worse_severity(rules, incident, changed)
    if worse is None or not (incident.is_open or reopens):
        return events
    return (*events, SeverityChanged(at=now, by=command.by, before=incident.severity, severity=worse))


def _worse_severity(rules: Rules, incident: Incident, changed: tuple[Alert, ...]) -> str | None:
    """What new alerts make of the severity. What a person has set stands: they know more than a label."""
    firing = [alert for alert in changed if alert.status is AlertStatus.FIRING]
    if isinstance(incident.severity_by, Responder) or not firing:
        return None
    severity = classify(rules, firing)
    return severity if rules.milder(incident.severity, than=severity) else None


def news_in(incident: Incident, alerts: tuple[Alert, ...]) -> tuple[Alert, ...]:
    """The alerts that tell something new; one that resolved without ever having fired here does not."""
    return tuple(
        alert
        for alert in alerts
        if not alert.says_the_same_as(incident.alerts.get(alert.fingerprint))
        and (alert.status is AlertStatus.FIRING or alert.fingerprint in incident.alerts)
    )


def fires_too_late(rules: Rules, incident: Incident, alerts: tuple[Alert, ...], now: datetime) -> bool:
    """Whether alerts fire anew so long after the resolution that they make a new incident, linked to this one."""
    if incident.status is not Status.RESOLVED or incident.resolved_at is None:
        return False
    fires = any(alert.status is AlertStatus.FIRING for alert in news_in(incident, alerts))
    return fires and now - incident.resolved_at > rules.plan.alerts.reopen_within


def retitle(incident: Incident, command: Retitle, now: datetime) -> tuple[Event, ...] | Rejection:
    """Another title from the source."""
    title = " ".join(command.title.split())[:TITLE_LIMIT]
    if not title:
        return NothingSaid()
    return () if title == incident.title else (Retitled(at=now, by=command.by, title=title),)
