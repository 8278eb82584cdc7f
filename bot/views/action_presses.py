"""Presses under decisions and under actions of the plan. An action is its index in the plan."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AskAction:
    """Ask whether to run an action, by its index in the plan that the incident keeps."""

    incident: str
    action: int


@dataclass(frozen=True, slots=True)
class RunAction:
    """Yes, run an action by its index in the plan; `seen` is how many runs there were when it was asked."""

    incident: str
    action: int
    seen: int


@dataclass(frozen=True, slots=True)
class Approve:
    """Yes to a decision, by its number."""

    incident: str
    decision: int


@dataclass(frozen=True, slots=True)
class Reject:
    """No to a decision, by its number."""

    incident: str
    decision: int
