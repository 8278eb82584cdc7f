"""Updates that wait for a bot: kept until they are confirmed, 24 hours at most."""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

KEPT_FOR = timedelta(hours=24)
"""Bot API, Getting updates: "not kept longer than 24 hours"."""

ON_REQUEST_ONLY = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
"""Kinds of updates that a bot gets only when it names them (Bot API, getUpdates, allowed_updates)."""


@dataclass(frozen=True, slots=True)
class Update:
    """One update. `chat_id` keeps a chat's updates in order while others overtake them."""

    update_id: int
    kind: str
    payload: dict[str, Any]
    chat_id: int
    at: datetime

    def json(self) -> dict[str, Any]:
        """Bot API, Update."""
        return {"update_id": self.update_id, self.kind: self.payload}


class Inbox:
    """A bot's updates in the order they happened, with rising ids."""

    def __init__(self, now: Callable[[], datetime], *, first_id: int = 1) -> None:
        self._now = now
        self._next_id = first_id
        self._pending: deque[Update] = deque()
        self._allowed: frozenset[str] = frozenset()
        self._listeners: list[Callable[[], None]] = []

    @property
    def allowed(self) -> list[str]:
        """Kinds the bot asked for; empty means all but the ones on request only."""
        return sorted(self._allowed)

    def allow(self, kinds: Iterable[str]) -> None:
        """Takes only these kinds from now on; none at all means the default."""
        self._allowed = frozenset(kinds)

    def on_arrival(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Calls the listener at every new update; returns what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def put(self, kind: str, payload: dict[str, Any], *, chat_id: int) -> None:
        """Adds an update, unless the bot does not take its kind."""
        if (kind not in self._allowed) if self._allowed else (kind in ON_REQUEST_ONLY):
            return
        self._pending.append(Update(self._next_id, kind, payload, chat_id, self._now()))
        self._next_id += 1
        for listener in tuple(self._listeners):
            listener()

    def confirm(self, offset: int) -> None:
        """Forgets what comes before the offset; a negative one keeps that many of the newest (Bot API, getUpdates)."""
        if offset < 0:
            while len(self._pending) > -offset:
                self._pending.popleft()
        while self._pending and self._pending[0].update_id < offset:
            self._pending.popleft()

    def forget(self, update_id: int) -> None:
        """Drops one update: a webhook took it."""
        self._pending = deque(update for update in self._pending if update.update_id != update_id)

    def clear(self) -> None:
        """Drops everything that waits."""
        self._pending.clear()

    def waiting(self, limit: int = 100) -> list[Update]:
        """The oldest updates, up to the limit; those older than 24 hours are gone."""
        oldest = self._now() - KEPT_FOR
        while self._pending and self._pending[0].at < oldest:
            self._pending.popleft()
        return [update for update, _ in zip(self._pending, range(limit), strict=False)]

    def __len__(self) -> int:
        return len(self._pending)
