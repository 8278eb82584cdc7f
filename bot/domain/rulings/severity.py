"""Changing the severity: up at once, down after a confirmation."""

from datetime import datetime

from bot.domain.commands import ChangeSeverity
from bot.domain.events import Event, SeverityChanged
from bot.domain.incident import Incident
from bot.domain.rejections import (
    AlreadyClosed,
    AlreadyThatSeverity,
    ConfirmLowerSeverity,
    Rejection,
    SeenAnother,
    UnknownSeverity,
)
from bot.domain.rules import Rules


def change(rules: Rules, incident: Incident, command: ChangeSeverity, now: datetime) -> tuple[Event, ...] | Rejection:
    """Every deadline, cadence and audience follows from the new severity: the timers are a function of the state."""
    if not incident.is_open:
        return AlreadyClosed(incident.merged_into)
    if command.severity not in rules.plan.severities:
        return UnknownSeverity(command.severity, tuple(rules.plan.severities))
    if command.severity == incident.severity:
        return AlreadyThatSeverity(incident.severity)
    if command.seen is not None and command.seen != incident.severity:
        return SeenAnother(incident.severity)
    if rules.milder(command.severity, than=incident.severity) and not command.confirmed:
        return ConfirmLowerSeverity(incident.severity, command.severity)
    return (
        SeverityChanged(
            at=now, by=command.by, before=incident.severity, severity=command.severity, reason=command.reason
        ),
    )
