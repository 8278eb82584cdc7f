"""Timers: claimed once, never lost, rewritten by each commit of their log."""

import asyncio
from datetime import timedelta

import pytest

from bot.store.records import Commit, Lease, LeaseLostError
from bot.store.store import Store
from tests.store.writing import NOON, append, appending

SECOND = timedelta(seconds=1)
CLAIM = timedelta(seconds=30)


async def test_only_what_is_due_is_claimed(store: Store, lease: Lease) -> None:
    """Timers are claimed from their very instant on, the longest due first, up to the limit."""
    due = {"respond": NOON, "notify 2 x": NOON - SECOND, "later": NOON + timedelta(microseconds=1)}
    await store.commit(appending("INC-1", due=due))
    assert await store.next_due() == NOON - SECOND
    first = await store.claim_due(NOON, 1, lease, CLAIM)
    rest = await store.claim_due(NOON, 10, lease, CLAIM)
    assert [(timer.key, timer.at) for timer in (*first, *rest)] == [("notify 2 x", NOON - SECOND), ("respond", NOON)]
    assert rest[0].claimed_until == NOON + CLAIM
    assert await store.next_due() == due["later"]


async def test_a_claim_that_is_not_used_ends(store: Store, lease: Lease) -> None:
    """A worker that died loses nothing: the timer comes back, with its own instant."""
    await store.commit(appending("INC-1", due={"respond": NOON}))
    await store.claim_due(NOON, 10, lease, CLAIM)
    assert await store.claim_due(NOON + CLAIM - SECOND, 10, lease, CLAIM) == ()
    (again,) = await store.claim_due(NOON + CLAIM, 10, lease, CLAIM)
    assert again.at == NOON


async def test_each_timer_is_claimed_by_one_worker(store: Store, other_store: Store, lease: Lease) -> None:
    """Two replicas that claim at once share the timers out between them."""
    await asyncio.gather(*(store.commit(appending(f"INC-{n}", due={"respond": NOON})) for n in range(1, 101)))
    claims = await asyncio.gather(
        *(replica.claim_due(NOON, 7, lease, CLAIM) for _ in range(10) for replica in (store, other_store))
    )
    logs = [timer.log for claim in claims for timer in claim]
    assert len(logs) == len(set(logs)) == 100


async def test_a_commit_rewrites_the_timers_of_its_log_alone(store: Store, lease: Lease) -> None:
    """What is no longer due goes, what is new comes, and another log's timers stay."""
    await store.commit(Commit(appends=(append("INC-1", due={"respond": NOON, "gone": NOON}),)))
    await store.commit(appending("INC-2", due={"respond": NOON}))
    await store.commit(appending("INC-1", 1, due={"respond": NOON + SECOND, "new": NOON}))
    due = await store.claim_due(NOON, 10, lease, CLAIM)
    assert {(timer.log, timer.key) for timer in due} == {("INC-2", "respond"), ("INC-1", "new")}
    assert await store.timers_of("INC-1") == {"new": NOON, "respond": NOON + SECOND}


async def test_a_timer_that_stays_as_it_was_stays_claimed(store: Store, lease: Lease) -> None:
    """Another commit of the log, while a timer fires, does not make a second worker fire it."""
    await store.commit(appending("INC-1", due={"respond": NOON}))
    await store.claim_due(NOON, 10, lease, CLAIM)
    await store.commit(appending("INC-1", 1, due={"respond": NOON}))
    assert await store.claim_due(NOON, 10, lease, CLAIM) == ()


async def test_a_timer_armed_anew_is_not_hidden_by_the_old_claim(store: Store, lease: Lease) -> None:
    """The same key at another instant is another timer."""
    await store.commit(appending("INC-1", due={"update": NOON}))
    await store.claim_due(NOON, 10, lease, CLAIM)
    await store.commit(appending("INC-1", 1, due={"update": NOON + SECOND}))
    (due,) = await store.claim_due(NOON + SECOND, 10, lease, CLAIM)
    assert due.at == NOON + SECOND


async def test_timers_are_rebuilt_from_the_state(store: Store, lease: Lease) -> None:
    """Timers can be written anew without an event, unless the log has moved on."""
    await store.commit(appending("INC-1", due={"wrong": NOON}))
    assert not await store.rebuild_timers("INC-1", {}, expected=0)
    assert await store.rebuild_timers("INC-1", {"right": NOON}, expected=1)
    assert [timer.key for timer in await store.claim_due(NOON, 10, lease, CLAIM)] == ["right"]
    assert await store.rebuild_timers("INC-1", {})
    assert await store.next_due() is None


async def test_an_old_lease_claims_nothing(store: Store, other_store: Store, lease: Lease) -> None:
    """A paused worker that comes back finds that it may not claim."""
    await store.commit(appending("INC-1", due={"respond": NOON}))
    newer = await other_store.acquire("sender", "test", CLAIM)
    assert newer is not None
    with pytest.raises(LeaseLostError):
        await store.claim_due(NOON, 10, lease, CLAIM)
    assert len(await store.claim_due(NOON, 10, newer, CLAIM)) == 1


async def test_incidents_that_wait_are_those_with_a_timer(store: Store) -> None:
    """Open or not, each once; a log that is no incident is left out."""
    await store.commit(appending("INC-1", due={"respond": NOON + SECOND, "repeat": NOON}))
    await store.commit(appending("INC-2", due={}))
    await store.commit(appending("INC-3", due={"item:1": NOON - SECOND}))
    await store.commit(appending("rotation", due={"handover": NOON}))
    assert await store.waiting_logs() == ("INC-3", "INC-1")
