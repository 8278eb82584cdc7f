"""Leases: one holder, and an epoch that tells the old one from the new."""

import asyncio
from datetime import timedelta

from bot.store.records import Lease
from bot.store.store import Store

MINUTE = timedelta(minutes=1)


async def test_one_of_many_gets_it(store: Store, other_store: Store) -> None:
    """Of those who ask at once one holds it, and everybody can see who."""
    leases = await asyncio.gather(
        *(
            replica.acquire("clockwork", f"{n} {replica is store}", MINUTE)
            for n in range(10)
            for replica in (store, other_store)
        )
    )
    assert len([lease for lease in leases if lease]) == 1
    assert await store.holder("clockwork") is not None


async def test_the_epoch_rises_with_each_holder(store: Store) -> None:
    """Also when the same holder comes again: after a restart its earlier life is another holder."""
    first = await store.acquire("sender", "a", MINUTE)
    second = await store.acquire("sender", "a", MINUTE)
    assert first is not None
    assert second is not None
    assert second.epoch > first.epoch
    assert not await store.renew(first, MINUTE)
    assert await store.renew(second, MINUTE)


async def test_a_lease_that_ran_out_is_lost(store: Store) -> None:
    """Once its time is over another may take it, and it can't be renewed."""
    lease = await store.acquire("sender", "a", timedelta(milliseconds=1))
    assert lease is not None
    while await store.holder("sender"):
        pass
    assert not await store.renew(lease, MINUTE)
    assert await store.acquire("sender", "b", MINUTE) is not None


async def test_a_lease_given_up_is_free_at_once(store: Store, lease: Lease) -> None:
    """Another gets it without waiting; giving it up again later does not harm the other."""
    await store.release_lease(lease)
    heir = await store.acquire("sender", "b", MINUTE)
    assert heir is not None
    await store.release_lease(lease)
    assert await store.holder("sender") == "b"
