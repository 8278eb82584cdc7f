"""Presses on the card of an incident: orders, and what opens from it. Severities and roles travel as their index."""

from dataclasses import dataclass
from enum import StrEnum


class Panel(StrEnum):
    """A part of an incident that opens from its card."""

    CHARTS = "charts"
    GATHER = "gather"
    ASSESS = "assess"
    ROLES = "roles"
    SILENCE = "silence"
    CHECKLIST = "checklist"
    RUNBOOK = "runbook"
    ROLLBACK = "rollback"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Ack:
    """I have it."""

    incident: str


@dataclass(frozen=True, slots=True)
class EscalateTo:
    """Escalate to a role by its index in the plan; None: the next authority."""

    incident: str
    role: int | None


@dataclass(frozen=True, slots=True)
class AskSeverity:
    """Show the severities."""

    incident: str


@dataclass(frozen=True, slots=True)
class ChooseSeverity:
    """Change to a severity by its index in the plan; `seen` is the one that the presser saw."""

    incident: str
    severity: int
    seen: int


@dataclass(frozen=True, slots=True)
class ConfirmSeverity:
    """Yes, the milder severity."""

    incident: str
    severity: int
    seen: int


@dataclass(frozen=True, slots=True)
class Cancel:
    """Back to the plain card."""

    incident: str


@dataclass(frozen=True, slots=True)
class AskUpdate:
    """Ask me for the text of an update."""

    incident: str


@dataclass(frozen=True, slots=True)
class Snooze:
    """Ask for the update later, by so many minutes."""

    incident: str
    minutes: int


@dataclass(frozen=True, slots=True)
class ExplainSnooze:
    """Why the update waits: one of the ready reasons, by its index."""

    incident: str
    reason: int


@dataclass(frozen=True, slots=True)
class Resolve:
    """It is over."""

    incident: str


@dataclass(frozen=True, slots=True)
class Reopen:
    """It is not over."""

    incident: str


@dataclass(frozen=True, slots=True)
class OpenIncident:
    """Show me this one."""

    incident: str


@dataclass(frozen=True, slots=True)
class OpenPanel:
    """Open a part of the incident."""

    incident: str
    panel: Panel


View = AskSeverity | Cancel | AskUpdate | OpenIncident | OpenPanel
"""Presses that make something visible, and change nothing."""
