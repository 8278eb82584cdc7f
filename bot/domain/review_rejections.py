"""Why something was refused that was asked of the post-incident review."""

from dataclasses import dataclass
from datetime import date

from bot.domain.actors import Actor


@dataclass(frozen=True, slots=True)
class ReviewIsClosed:
    """Somebody has closed it."""

    by: Actor


@dataclass(frozen=True, slots=True)
class NoSuchLesson:
    """There is no lesson of that number."""


@dataclass(frozen=True, slots=True)
class NoSuchActionItem:
    """There is no action item of that number."""


@dataclass(frozen=True, slots=True)
class AlreadySettled:
    """The action item is done already, or open already."""

    item: int
    done: bool


@dataclass(frozen=True, slots=True)
class DayOutOfRange:
    """The day is over where the owner is, or too far off."""

    day: date
    limit_days: int


@dataclass(frozen=True, slots=True)
class TooMany:
    """There are as many of them as are kept."""

    limit: int


@dataclass(frozen=True, slots=True)
class LeftOpen:
    """So many lines of the checklists are open: it takes a reason."""

    lines: int
    without_cause: bool = False


ReviewRejection = LeftOpen | ReviewIsClosed | NoSuchLesson | NoSuchActionItem | AlreadySettled | DayOutOfRange | TooMany
"""Of the post-incident review."""
