"""Commits to write in tests, said shortly."""

from collections.abc import Mapping
from datetime import UTC, datetime

from bot.domain.actors import System
from bot.domain.events import Event, Noted
from bot.domain.intents import Intent, RefreshCard
from bot.store.records import Append, Commit

NOON = datetime(2026, 1, 12, 12, tzinfo=UTC)


def note(text: str = "a note") -> Event:
    """An event."""
    return Noted(at=NOON, by=System(), text=text)


def append(
    log: str = "INC-1",
    expected: int = 0,
    *texts: str,
    due: Mapping[str, datetime] | None = None,
    is_open: bool = True,
) -> Append:
    """Notes to append, one unless told otherwise."""
    return Append(log, expected, tuple(map(note, texts or ("a note",))), due or {}, is_open)


def appending(log: str = "INC-1", expected: int = 0, *texts: str, due: Mapping[str, datetime] | None = None) -> Commit:
    """A commit that appends notes to one log."""
    return Commit(appends=(append(log, expected, *texts, due=due),))


def asking(*intents: Intent) -> Commit:
    """A commit that asks for something to be sent."""
    return Commit(outbox=intents)


def card(incident: str = "INC-1") -> RefreshCard:
    """An intent."""
    return RefreshCard(incident=incident)
