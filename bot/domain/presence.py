"""When the holder of an incident was last heard of, and how far asking for a sign has gone."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.actors import Responder, System
from bot.domain.events import (
    Acknowledged,
    Assigned,
    Escalated,
    Event,
    MergedInto,
    Reopened,
    Resolved,
    SeverityChanged,
)
from bot.domain.presence_events import HolderAsked, HolderSilent
from bot.domain.resolving_events import VerificationBroken


@dataclass(frozen=True, slots=True)
class Presence:
    """`since`: the last sign, or what counts as one; `asked_at`: asked since then. All times are UTC.

    `silent_since` is the holder's last sign while a call for somebody else waits that their silence led to.
    """

    since: datetime | None = None
    asked_at: datetime | None = None
    silent_since: datetime | None = None


def after_presence(presence: Presence, holder: str | None, event: Event) -> Presence:  # noqa: PLR0911 - one flat table of events
    """The presence after one more event, which came while `holder` had it. Whatever the holder does is a sign."""
    match event:
        case Acknowledged() | Assigned() | VerificationBroken():
            return Presence(since=event.at)
        case Reopened() | Resolved() | MergedInto():
            return Presence()
        case HolderAsked():
            return replace(presence, asked_at=event.at)
        case HolderSilent():
            return Presence(since=event.at, silent_since=event.since)
        case _ if holder is None:
            return presence
        case _ if isinstance(event.by, Responder) and event.by.person == holder:
            return Presence(since=event.at)
        case SeverityChanged():
            return replace(presence, since=event.at, asked_at=None)
        case Escalated() if not isinstance(event.by, System):
            return replace(presence, silent_since=None)  # from now on it is that person's call
        case _:
            return presence


def is_answered(before: Presence, after: Presence, event: Event) -> bool:
    """Whether the call that a silence led to has lost its cause: the holder is back, or another one has it."""
    return before.silent_since is not None and after.silent_since is None and not isinstance(event, Escalated)
