"""Presses on what opens from a card: runbooks, logs and silences."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ShowRunbook:
    """Another runbook in the place of this one, by its index in the plan."""

    incident: str
    runbook: int


@dataclass(frozen=True, slots=True)
class TickStep:
    """A step of a runbook is done (1), or is not (0); both by their index in the plan."""

    incident: str
    runbook: int
    step: int
    done: int


@dataclass(frozen=True, slots=True)
class ShowLogs:
    """Run a log action, by its index among the plan's actions."""

    incident: str
    action: int


@dataclass(frozen=True, slots=True)
class AskSilence:
    """Show what a silence of so many minutes would mute."""

    incident: str
    minutes: int


@dataclass(frozen=True, slots=True)
class ConfirmSilence:
    """Yes, for so many minutes; `seen` tells whether it still mutes what the presser saw."""

    incident: str
    minutes: int
    seen: int


@dataclass(frozen=True, slots=True)
class EndSilence:
    """Let the alerts be heard again."""

    incident: str
