"""Which runbooks of the plan fit an incident."""

from bot.domain.classify import labels_match
from bot.domain.incident import Incident
from bot.domain.plan import Plan, Runbook


def fitting(plan: Plan, incident: Incident) -> tuple[int, ...]:
    """The places in the plan of the runbooks for this incident, in the plan's order.

    One that names labels fits when any alert has them all; one that names severities, when the incident has one.
    """
    return tuple(index for index, runbook in enumerate(plan.runbooks) if _fits(runbook, incident))


def addresses(incident: Incident) -> dict[str, str]:
    """The runbooks that the alerts themselves name: address to the name of the first alert that has it."""
    named: dict[str, str] = {}
    for alert in incident.alerts.values():
        if alert.runbook_url:
            named.setdefault(alert.runbook_url, alert.name)
    return named


def _fits(runbook: Runbook, incident: Incident) -> bool:
    if runbook.severities and incident.severity not in runbook.severities:
        return False
    return not runbook.labels or any(labels_match(runbook.labels, alert.labels) for alert in incident.alerts.values())
