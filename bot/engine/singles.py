"""What must run once among all replicas runs where the lease is held."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from enum import StrEnum

import structlog

from bot.store.records import Lease, LeaseLostError, StoreUnavailableError
from bot.store.store import Store

LEASE = "singles"
TTL = timedelta(seconds=15)
"""After a replica dies another takes over within this time; a restart of the same replica takes over at once."""

_RENEW_EVERY_S = TTL.total_seconds() / 3
_TRY_EVERY_S = 1.0

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

    def __init__(self, store: Store, holder: str, singles: Sequence[Single]) -> None:
        self._store = store
        self._holder = holder
        self._singles = singles
        self.role = Role.STARTING

    async def run(self) -> None:
        """Hold or stand by until cancelled."""
        while True:
            try:
                lease = await self._store.acquire(LEASE, self._holder, TTL)
                if lease is None:
                    self.role = Role.STANDING_BY
                else:
                    self.role = Role.HOLDING
                    await self._hold(lease)
            except* StoreUnavailableError as errors:
                self.role = Role.WITHOUT_STORE
                log.warning("no lease without the store", reason=str(errors.exceptions[0]))
            except* LeaseLostError:
                log.warning("another replica took over")
            await asyncio.sleep(_TRY_EVERY_S)

    async def _hold(self, lease: Lease) -> None:
        log.info("this replica polls, sends and keeps time", epoch=lease.epoch)
        try:
            async with asyncio.TaskGroup() as group:
                for single in self._singles:
                    group.create_task(_until_lost(single, lease))
                group.create_task(self._renew(lease))
        finally:
            await self._give_back(lease)

    async def _renew(self, lease: Lease) -> None:
        while True:
            await asyncio.sleep(_RENEW_EVERY_S)
            try:
                if not await self._store.renew(lease, TTL):
                    raise LeaseLostError(LEASE)
                self.role = Role.HOLDING
            except StoreUnavailableError as error:
                self.role = Role.WITHOUT_STORE
                log.warning("the lease was not renewed", reason=str(error))

    async def _give_back(self, lease: Lease) -> None:
        try:
            await self._store.release_lease(lease)
        except StoreUnavailableError:
            log.info("the lease runs out by itself", within_s=TTL.total_seconds())


async def _until_lost(single: Single, lease: Lease) -> None:
    await single(lease)
    raise AssertionError(f"{single} ended by itself")
