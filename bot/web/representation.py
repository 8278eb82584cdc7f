"""An incident as JSON."""

from datetime import datetime

from bot.domain.assessment_events import Aspect
from bot.domain.crew_events import IncidentRole
from bot.domain.incident import Incident
from bot.domain.rules import Rules
from bot.domain.timers import deadlines


def describe(rules: Rules, incident: Incident) -> dict[str, object]:
    """The incident in plain JSON values; times are ISO 8601 in UTC, and null where there is none."""
    due = deadlines(rules, incident) if incident.is_open else None
    return {
        "id": incident.id,
        "title": incident.title,
        "description": incident.description,
        "severity": incident.severity,
        "status": incident.status.value,
        "open": incident.is_open,
        "holder": _person(rules, incident.holder),
        "declared_at": _time(incident.declared_at),
        "acknowledged_at": _time(incident.first_acknowledged_at),
        "resolved_at": _time(incident.resolved_at),
        "respond_by": _time(due.respond_by) if due else None,
        "resolve_by": _time(due.resolve_by) if due else None,
        "update_by": _time(due.update_by) if due else None,
        "impact": incident.impact,
        "roles": {role.value: _person(rules, incident.in_role(role)) for role in IncidentRole},
        "assessment": {aspect.value: _answer(incident, aspect) for aspect in Aspect},
        "last_update": {"text": incident.last_update.text, "at": _time(incident.last_update.at)}
        if incident.last_update
        else None,
        "alerts": [
            {
                "name": alert.name,
                "status": alert.status.value,
                "labels": alert.labels,
                "summary": alert.summary,
                "starts_at": _time(alert.starts_at),
                "ends_at": _time(alert.ends_at),
                "url": alert.url,
            }
            for alert in incident.alerts.values()
        ],
        "truncated_alerts": incident.truncated,
        "follows": incident.follows,
        "merged_into": incident.merged_into,
        "url": incident.url,
        "drill": incident.drill,
    }


def _answer(incident: Incident, aspect: Aspect) -> str | None:
    finding = incident.assessment.known.get(aspect)
    return finding.answer.value if finding is not None else None


def _time(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _person(rules: Rules, key: str | None) -> dict[str, str] | None:
    return {"id": key, "name": rules.roster.name_of(key)} if key else None
