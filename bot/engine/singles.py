"""What must run once among all replicas runs where the lease is held."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from enum import StrEnum

import structlog

from bot.store.records import Lease, LeaseLostError, StoreUnavailableError
from bot.store.store import Store

LEASE = "singles"
TTL = timedelta(seconds=15)
"""After a replica dies another takes over within this time; a restart of the same replica takes over at once."""

_RENEWALS = 3
"""Times that the lease is renewed before it would run out: two may fail."""
_TRIES = 15
"""Times that a replica which stands by asks for the lease before one that nobody renews runs out."""
_PAUSE_S = 1.0
"""Before what broke begins again."""

log = structlog.get_logger(__name__)

Single = Callable[[Lease], Awaitable[None]]


class Role(StrEnum):
    """What this replica does for the things that must be single."""

    STARTING = "starting"
    HOLDING = "holding"
    STANDING_BY = "standing by"
    WITHOUT_STORE = "without store"


class Singles:
    """Holds the lease when it can, and runs the poller, the sender, the clockwork and the watch under it."""

    def __init__(self, store: Store, singles: Sequence[Single], ttl: timedelta = TTL) -> None:
        self._store = store
        self._singles = singles
        self._ttl = ttl
        self._held_until_s = 0.0
        self.role = Role.STARTING

    def surely_holds(self) -> bool:
        """Whether the lease can't have run out by this machine's own clock, so that nobody else does the work.

        A replica that was frozen wakes with the lease of another: Telegram can't tell, so it is asked before each call.
        """
        return time.monotonic() < self._held_until_s

    async def run(self, holder: str) -> None:
        """Hold or stand by until cancelled. `holder` names this replica, the same after a restart."""
        while True:
            await self._try_to_hold(holder)
            await asyncio.sleep((self._ttl / _TRIES).total_seconds())

    async def _try_to_hold(self, holder: str) -> None:
        asked_s = time.monotonic()
        try:
            lease = await self._store.acquire(LEASE, holder, self._ttl)
            if lease is None:
                self.role = Role.STANDING_BY
            else:
                self._keep(asked_s)
                await self._hold(lease)
        except* StoreUnavailableError as errors:
            self.role = Role.WITHOUT_STORE
            log.warning("no lease without the store", reason=str(errors.exceptions[0]))
        except* LeaseLostError:
            self.role = Role.STANDING_BY
            log.warning("another replica took over")
        except* Exception:
            # A mistake of ours ends neither the bot nor its webhooks. What was in hand comes back under the next lease.
            log.exception("what must not end has ended, and begins again")
            await asyncio.sleep(_PAUSE_S)

    async def _hold(self, lease: Lease) -> None:
        log.info("this replica polls, sends and keeps time", epoch=lease.epoch)
        try:
            async with asyncio.TaskGroup() as group:
                for single in self._singles:
                    group.create_task(_until_lost(single, lease))
                group.create_task(self._renew(lease))
        finally:
            self._held_until_s = 0.0
            await self._give_back(lease)

    async def _renew(self, lease: Lease) -> None:
        while True:
            await asyncio.sleep((self._ttl / _RENEWALS).total_seconds())
            asked_s = time.monotonic()
            try:
                if not await self._store.renew(lease, self._ttl):
                    raise LeaseLostError(LEASE)
                self._keep(asked_s)
            except StoreUnavailableError as error:
                self.role = Role.WITHOUT_STORE
                log.warning("the lease was not renewed", reason=str(error))

    def _keep(self, asked_s: float) -> None:
        self.role = Role.HOLDING
        self._held_until_s = asked_s + self._ttl.total_seconds()

    async def _give_back(self, lease: Lease) -> None:
        try:
            await self._store.release_lease(lease)
        except StoreUnavailableError:
            log.info("the lease runs out by itself", within_s=self._ttl.total_seconds())


async def _until_lost(single: Single, lease: Lease) -> None:
    await single(lease)
    raise AssertionError(f"{single} ended by itself")
