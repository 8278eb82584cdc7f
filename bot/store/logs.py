"""Reading the logs and the indexes."""

from collections.abc import Iterable
from typing import cast

from bot.domain.events import Event
from bot.domain.team_events import TEAM_LOG, TeamEvent
from bot.store import codec
from bot.store.keys import Keys
from bot.store.names import number_of
from bot.store.reads import Reads


class Logs:
    """Logs of events, as committed. Reads are not fenced: whoever acts on them is checked at the commit."""

    def __init__(self, reads: Reads, keys: Keys) -> None:
        self._reads = reads
        self._keys = keys

    async def load(self, log: str, after: int = 0, most: int | None = None) -> tuple[Event, ...]:
        """The events of a log but for the first `after`, at most so many; none for a log that does not exist."""
        (texts,) = await self._reads.ask(("LRANGE", self._keys.log(log), after, _last(after, most)))
        return _events(log, cast("list[str]", texts), after)

    async def load_team(self, after: int = 0, most: int | None = None) -> tuple[TeamEvent, ...]:
        """The events of the team's log but for the first `after`, at most so many."""
        (texts,) = await self._reads.ask(("LRANGE", self._keys.log(TEAM_LOG), after, _last(after, most)))
        return cast("tuple[TeamEvent, ...]", _decoded(TEAM_LOG, cast("list[str]", texts), after))

    async def load_many(self, logs: Iterable[str]) -> dict[str, tuple[Event, ...]]:
        """The events of several logs, in one round trip."""
        names = tuple(logs)
        if not names:
            return {}
        replies = await self._reads.ask(*(("LRANGE", self._keys.log(log), 0, -1) for log in names))
        return {log: _events(log, cast("list[str]", texts), 0) for log, texts in zip(names, replies, strict=True)}

    async def versions(self, logs: Iterable[str]) -> dict[str, int]:
        """How many events each log has; 0 for one that does not exist."""
        names = tuple(logs)
        if not names:
            return {}
        replies = await self._reads.ask(*(("LLEN", self._keys.log(log)) for log in names))
        return {log: cast("int", length) for log, length in zip(names, replies, strict=True)}

    async def open_logs(self) -> tuple[str, ...]:
        """The logs whose last commit left them open, by number."""
        (names,) = await self._reads.ask(("ZRANGE", self._keys.open, 0, -1))
        return tuple(cast("list[str]", names))

    async def all_logs(self, *, others: bool = False) -> tuple[str, ...]:
        """All incidents by number; with `others`, also the logs that are no incidents, before them."""
        lowest = "-inf" if others else "1"
        (names,) = await self._reads.ask(("ZRANGEBYSCORE", self._keys.logs, lowest, "+inf"))
        return tuple(cast("list[str]", names))

    async def recent_logs(self, limit: int, before: str | None = None) -> tuple[str, ...]:
        """At most `limit` incidents, newest first, older than `before`."""
        highest = f"({number_of(before)}" if before else "+inf"
        (names,) = await self._reads.ask(("ZREVRANGEBYSCORE", self._keys.logs, highest, "1", "LIMIT", "0", str(limit)))
        return tuple(cast("list[str]", names))

    async def highest_number(self) -> int:
        """The highest n of any incident `INC-<n>` ever written; 0 when there is none."""
        newest = await self.recent_logs(1)
        return number_of(newest[0]) if newest else 0

    async def index_get(self, index: str, field: str) -> str | None:
        """What a field of an index holds."""
        (value,) = await self._reads.ask(("HGET", self._keys.index(index), field))
        return cast("str | None", value)

    async def index_all(self, index: str) -> dict[str, str]:
        """A whole index."""
        (values,) = await self._reads.ask(("HGETALL", self._keys.index(index)))
        return cast("dict[str, str]", values)

    async def indexes(self) -> tuple[str, ...]:
        """The names of all indexes ever written."""
        (names,) = await self._reads.ask(("SMEMBERS", self._keys.indexes))
        return tuple(sorted(cast("Iterable[str]", names)))


def _last(after: int, most: int | None) -> int:
    return -1 if most is None else after + most - 1


def _events(log: str, texts: list[str], after: int) -> tuple[Event, ...]:
    # What a log holds is known by its name: only the team's holds the team's events.
    return cast("tuple[Event, ...]", _decoded(log, texts, after))


def _decoded(log: str, texts: list[str], after: int) -> tuple[codec.Stored, ...]:
    return tuple(codec.decode(text, where=f"{log}, event {n}") for n, text in enumerate(texts, start=after + 1))
