"""What the buttons of the checklists carry, and of the questions at the end; `bot.views.callbacks` writes them."""

from dataclasses import dataclass
from enum import StrEnum


class ResolutionQuestion(StrEnum):
    """What somebody is asked for at the end, to be written as an answer."""

    CAUSE = "cause"
    FIX = "fix"
    NOW = "now"
    """Why the fix is not watched to the end."""


@dataclass(frozen=True, slots=True)
class TickItem:
    """A line is done (1), or is not (0); by its index among those of both checklists, those during it first."""

    incident: str
    item: int
    done: int


@dataclass(frozen=True, slots=True)
class ShowChecklist:
    """The checklist after the incident (1), or that during it (0), in the place of the other."""

    incident: str
    after: int


@dataclass(frozen=True, slots=True)
class AskForResolution:
    """Ask me for the root cause, or for the fix."""

    incident: str
    question: ResolutionQuestion


@dataclass(frozen=True, slots=True)
class ResolveNow:
    """It is over, without the watch over the fix, for a ready reason by its index."""

    incident: str
    reason: int


ResolutionPress = AskForResolution | ResolveNow
"""Presses about the end."""
ChecklistPress = TickItem | ShowChecklist
"""Presses on a checklist."""
