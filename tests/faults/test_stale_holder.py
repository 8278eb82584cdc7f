"""A replica that may have lost its lease without knowing: it asks its own clock before each call, and keeps silent."""

import asyncio
import time
from datetime import timedelta

from bot.engine.singles import Role, Singles
from bot.store.records import Lease
from bot.store.store import Store

LEASE_FOR = timedelta(seconds=0.5)


async def test_a_replica_that_was_frozen_knows_that_it_may_not_send(store: Store) -> None:
    """At the very moment it wakes up, before it has heard from Redis: the lease has run out by its own clock."""
    began = asyncio.Event()

    async def work(_lease: Lease) -> None:
        began.set()
        await asyncio.Event().wait()

    singles = Singles(store, [work], LEASE_FOR)
    assert not singles.surely_holds()
    running = asyncio.create_task(singles.run("a"))
    try:
        await began.wait()
        assert singles.role is Role.HOLDING
        assert singles.surely_holds()
        time.sleep(LEASE_FOR.total_seconds())  # noqa: ASYNC251 - this is the freeze: nothing of the process goes on
        assert not singles.surely_holds()
    finally:
        running.cancel()
        await asyncio.wait({running})
    assert not singles.surely_holds()
