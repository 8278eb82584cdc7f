"""Leases: what must be single is held by one replica, and each write in its name is checked for the epoch.

A lease ends by Redis's own clock. That it ended is not what protects: a paused holder may not notice. What protects is
the epoch, which rises with each change of holder, and which every fenced write compares.
"""

from datetime import timedelta
from typing import cast

from bot.store.batch import Batches, Call
from bot.store.connect import Connection
from bot.store.instants import to_ms
from bot.store.keys import Keys
from bot.store.records import Lease
from bot.store.scripts import ACQUIRE, GIVE_UP, RENEW, Script


class Leases:
    """Leases by name."""

    def __init__(self, connection: Connection, batches: Batches, keys: Keys) -> None:
        self._connection = connection
        self._batches = batches
        self._keys = keys

    async def acquire(self, name: str, holder: str, ttl: timedelta) -> Lease | None:
        """Takes the lease for `ttl`, or None while somebody else holds it.

        The epoch rises each time, also for the same holder: its earlier life's lease is old from then on.
        """
        epoch = cast("int", await self._run(ACQUIRE, name, (name, holder, to_ms(ttl))))
        return Lease(name, epoch) if epoch else None

    async def renew(self, lease: Lease, ttl: timedelta) -> bool:
        """Keeps the lease for `ttl` from now. False: it is lost; acquire it anew, which may fail."""
        return await self._run(RENEW, lease.name, (lease.name, lease.epoch, to_ms(ttl))) == 1

    async def release(self, lease: Lease) -> None:
        """Gives the lease up, so that another replica can take it at once. Nothing happens if it was lost before."""
        await self._run(GIVE_UP, lease.name, (lease.name, lease.epoch))

    async def holder(self, name: str) -> str | None:
        """Who holds the lease."""
        (held,) = await self._connection.ask(("GET", self._keys.lease(name)))
        return cast("str | None", held)

    async def _run(self, script: Script, name: str, arguments: tuple[str | int, ...]) -> object:
        return await self._batches.run(Call(script, (self._keys.epochs, self._keys.lease(name)), arguments))
