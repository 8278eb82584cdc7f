"""Which rows of the rollback matrix could ever be read.

A row that was readable and no longer is concerns humans at once (`bot.domain.rulings.rollback`). One that never was (no
cAdvisor, another name for a metric) is a matter of the set-up: it is told once, in the chat, and pages nobody.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.actors import Actor
from bot.domain.team_events import RowsNeverRead, RowsRead


@dataclass(frozen=True, slots=True)
class Sight:
    """Rows by name: `read` were readable at least once, `missing` were told to have never been."""

    read: frozenset[str] = frozenset()
    missing: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ReportSight:
    """`read` can be read now; `missing` can't, for a reason that people can read."""

    by: Actor
    read: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    reason: str = ""


def news_of(sight: Sight, command: ReportSight, now: datetime) -> tuple[RowsRead | RowsNeverRead, ...]:
    """What of it was not known."""
    read = tuple(row for row in command.read if row not in sight.read)
    missing = tuple(row for row in command.missing if row not in sight.read | sight.missing)
    events: tuple[RowsRead | RowsNeverRead, ...] = ()
    if read:
        first = tuple(row for row in read if row in sight.missing)
        events = (RowsRead(at=now, by=command.by, rows=read, after_all=first),)
    if missing:
        events = (*events, RowsNeverRead(at=now, by=command.by, rows=missing, reason=command.reason))
    return events


def seen(sight: Sight, event: RowsRead | RowsNeverRead) -> Sight:
    """What is known after it."""
    if isinstance(event, RowsRead):
        return replace(sight, read=sight.read | set(event.rows), missing=sight.missing - set(event.rows))
    return replace(sight, missing=sight.missing | set(event.rows))
