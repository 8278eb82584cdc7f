"""Timers: what falls due in which log.

They are a function of the log's state: each commit of a log rewrites them, and nothing else removes one. A claim only
hides a timer until the claim ends; so a worker that dies loses nothing, and one that comes late can't take away a timer
that was armed anew. A commit that leaves a timer at the same instant leaves its claim, too: its firing is under way.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import cast

from bot.store.batch import Batches, Call
from bot.store.commits import timers
from bot.store.connect import Connection
from bot.store.instants import from_us, to_us
from bot.store.keys import Keys
from bot.store.names import check_name
from bot.store.records import Due, Lease, LeaseLostError
from bot.store.scripts import CLAIM_DUE, REBUILD_TIMERS


class Timers:
    """The timers of all logs."""

    def __init__(self, connection: Connection, batches: Batches, keys: Keys) -> None:
        self._connection = connection
        self._batches = batches
        self._keys = keys

    async def claim_due(self, now: datetime, limit: int, lease: Lease, claim_for: timedelta) -> tuple[Due, ...]:
        """Takes at most `limit` timers due at `now`, the longest due first, each for `claim_for`.

        Raises:
            LeaseLostError: `lease` is old.
            StoreUnavailableError: Redis did not take it; what it may have claimed comes back after `claim_for`.
        """
        claimed_until = now + claim_for
        arguments = (lease.name, lease.epoch, to_us(now), limit, to_us(claimed_until))
        keys = (self._keys.epochs, self._keys.timers)
        reply = await self._batches.run(
            Call(CLAIM_DUE, keys, (*arguments, 0)), again=Call(CLAIM_DUE, keys, (*arguments, 1))
        )
        word, *members = cast("list[str]", reply)
        if word == "fenced":
            raise LeaseLostError(f"The lease {lease.name} has another holder.")
        return tuple(_due(member, claimed_until) for member in members)

    async def next_due(self) -> datetime | None:
        """When the next timer falls due, or a claim ends; None when there is no timer."""
        (reply,) = await self._connection.ask(("ZRANGE", self._keys.timers, 0, 0, "WITHSCORES"))
        pair = cast("list[str]", reply)
        return from_us(int(float(pair[1]))) if pair else None

    async def rebuild(self, log: str, due: Mapping[str, datetime], expected: int | None) -> bool:
        """Makes a log's timers exactly `due`, if it still has `expected` events (None: whatever it has)."""
        keys = self._keys
        call = Call(
            REBUILD_TIMERS,
            (keys.log(check_name(log)), keys.timers, keys.timers_of(log)),
            ("" if expected is None else expected, *timers(log, due)),
        )
        return await self._batches.run(call) == 1

    async def logs(self) -> tuple[str, ...]:
        """The logs that have a timer, the soonest due first."""
        (members,) = await self._connection.ask(("ZRANGE", self._keys.timers, 0, -1))
        return tuple(dict.fromkeys(_due(member, from_us(0)).log for member in cast("list[str]", members)))

    async def timers_of(self, log: str) -> dict[str, datetime]:
        """A log's timers as they were armed, claimed or not."""
        (members,) = await self._connection.ask(("SMEMBERS", self._keys.timers_of(log)))
        dues = [_due(member, from_us(0)) for member in cast("set[str]", members)]
        return {due.key: due.at for due in sorted(dues, key=lambda due: (due.at, due.key))}


def _due(member: str, claimed_until: datetime) -> Due:
    at, log, key = member.split(" ", 2)
    return Due(log, key, from_us(int(at)), claimed_until)
