"""What counts of each incident, kept by the version of its log: statistics over thousands read only what is new.

Incidents are numbered as they are declared, so the newest are read first, until they are older than what was asked for.
The work goes in small pieces: between them the loop belongs to presses and pages.
"""

import asyncio
from collections import OrderedDict
from datetime import datetime
from typing import Final

import structlog

from bot.domain.events import Declared, Event
from bot.domain.statistics import Record, record_of
from bot.engine.rulebook import Rulebook
from bot.store.codec import UnreadableEventError
from bot.store.store import Store

LOGS_AT_ONCE: Final = 50
"""Whose versions are asked for in one round trip."""
EVENTS_AT_ONCE: Final = 50
"""Decoded, or counted, in one go: 2 ms, and on a busy machine five times as long."""
_KEPT: Final = 20_000
"""Records in memory, of about 1 kB each."""

log = structlog.get_logger(__name__)


class Records:
    """Records of incidents. They are by the roster of today, which a restart alone changes."""

    def __init__(self, store: Store, rulebook: Rulebook) -> None:
        self._store = store
        self._rulebook = rulebook
        self._kept: OrderedDict[str, tuple[int, Record | None]] = OrderedDict()
        self._turn = asyncio.Lock()

    async def since(self, start: datetime) -> tuple[Record, ...]:
        """The records of all incidents declared from `start` on, newest first; drills have none.

        Raises:
            StoreUnavailableError: Redis did not answer.
        """
        found: list[Record] = []
        async with self._turn:
            last: str | None = None
            while names := await self._store.recent_logs(LOGS_AT_ONCE, last):
                records = await self._of(names)
                found.extend(record for record in records if record.declared_at >= start)
                if records and all(record.declared_at < start for record in records):
                    break
                last = names[-1]
        return tuple(found)

    async def _of(self, names: tuple[str, ...]) -> list[Record]:
        versions = await self._store.versions(names)
        stale = [name for name in names if self._kept.get(name, (0, None))[0] != versions[name]]
        small = [name for name in stale if versions[name] <= EVENTS_AT_ONCE]
        for batch in _within(small, versions):
            await self._read(batch)
        for name in stale:
            if versions[name] > EVENTS_AT_ONCE:
                await self._read_long(name)
        records = (self._kept[name][1] for name in names if name in self._kept)
        return [record for record in records if record is not None]

    async def _read(self, names: list[str]) -> None:
        """Several small logs in one round trip; if one of them can't be read, each by itself."""
        try:
            histories = await self._store.load_many(names)
        except UnreadableEventError:
            for name in names:
                await self._read_long(name)
            return
        for name, history in histories.items():
            await asyncio.sleep(0)
            await self._keep(name, history)

    async def _read_long(self, name: str) -> None:
        history: list[Event] = []
        try:
            while part := await self._store.load(name, after=len(history), most=EVENTS_AT_ONCE):
                history.extend(part)
                await asyncio.sleep(0)
        except UnreadableEventError as error:
            log.error("an incident is missing in the statistics", incident=name, reason=str(error))  # noqa: TRY400 - its reason is the whole story
            self._kept.pop(name, None)
            return
        await self._keep(name, tuple(history))

    async def _keep(self, name: str, history: tuple[Event, ...]) -> None:
        first = history[0] if history else None
        if not isinstance(first, Declared):
            return
        rules = await self._rulebook.rules_for(first.plan)
        if len(history) > EVENTS_AT_ONCE:
            record = await asyncio.to_thread(record_of, rules, name, history)
        else:
            record = record_of(rules, name, history)
        self._kept[name] = (len(history), record)
        self._kept.move_to_end(name)
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)


def _within(names: list[str], versions: dict[str, int]) -> list[list[str]]:
    """The names in batches of at most `EVENTS_AT_ONCE` events."""
    batches: list[list[str]] = []
    room = 0
    for name in names:
        if room < versions[name]:
            batches.append([])
            room = EVENTS_AT_ONCE
        batches[-1].append(name)
        room -= versions[name]
    return batches
