"""What was wrong and what mended it, as far as it is written down."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.actors import Actor
from bot.domain.resolving_events import CauseFound, FixDescribed

ResolvingEvent = CauseFound | FixDescribed


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody wrote down, and when."""

    text: str
    by: Actor
    at: datetime


@dataclass(frozen=True, slots=True)
class Resolution:
    """The root cause and the fix. A fix that did not hold is to be described anew."""

    cause: Written | None = None
    fix: Written | None = None


def after_resolving(resolution: Resolution, event: ResolvingEvent) -> Resolution:
    """What is written down after one more event."""
    written = Written(event.text, event.by, event.at)
    if isinstance(event, CauseFound):
        return replace(resolution, cause=written)
    return replace(resolution, fix=written)


def without_fix(resolution: Resolution) -> Resolution:
    """The resolution of an incident that is open again: what was called the fix was none."""
    return replace(resolution, fix=None)
