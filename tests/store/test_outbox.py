"""The outbox: order, revisions, what is put off, and what a crash leaves behind."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.events import PageCause
from bot.domain.intents import Audience, Lane, Page, Tell
from bot.store.clock import Clock
from bot.store.records import Conflicted, Lease, LeaseLostError, MessageRef, Settlement
from bot.store.store import Store
from bot.store.wakes import Topic
from tests.store.writing import append, asking, card

MINUTE = timedelta(minutes=1)
PAGE = Page(incident="INC-1", person="anna", cause=PageCause.STEP, number=1)
TELL = Tell(incident="INC-1", audience=Audience.THREAD, number=2)


@pytest.fixture
def clock(store: Store) -> Clock:
    """The store's clock, stopped."""
    store.clock.set_speed(0)
    return store.clock


async def test_rows_come_by_lane_and_then_by_age(store: Store, clock: Clock, lease: Lease) -> None:
    """Pages before replies before cards; within a lane the one that waits longest."""
    for intent in (card("INC-2"), card("INC-1"), TELL, PAGE):
        await store.commit(asking(intent))
        clock.advance(MINUTE)
    rows = await store.claim_rows(clock.now(), 3, lease)
    assert [row.intent for row in rows] == [PAGE, TELL, card("INC-2")]
    assert all(row.sending_since is None for row in rows)
    assert [row.intent for row in await store.claim_rows(clock.now(), 3, lease)] == [card("INC-1")]


async def test_ten_quick_changes_are_one_row(store: Store, clock: Clock, lease: Lease) -> None:
    """A row asked for again keeps its place, and only its revision rises."""
    asked_at = clock.now()
    await store.commit(asking(card("INC-1")))
    clock.advance(MINUTE)
    await asyncio.gather(*(store.commit(asking(card("INC-1"))) for _ in range(10)))
    (row,) = await store.claim_rows(clock.now(), 10, lease)
    assert row.queued_at == asked_at
    assert row.revision > 1


async def test_a_settled_row_is_gone_and_its_message_kept(store: Store, clock: Clock, lease: Lease) -> None:
    """Settling removes the row and stores what was learnt, in one step."""
    await store.commit(asking(card("INC-1")))
    (row,) = await store.claim_rows(clock.now(), 10, lease)
    assert await store.settle(Settlement(row, {"card": MessageRef(-100, 7, "d1")}), lease)
    assert await store.messages("INC-1") == {"card": MessageRef(-100, 7, "d1")}
    assert sum((await store.rows_waiting()).counts.values()) == 0


async def test_a_row_asked_for_while_it_is_sent_is_sent_again(store: Store, clock: Clock, lease: Lease) -> None:
    """The settlement of the older revision keeps the message, but leaves the row, fresh."""
    await store.commit(asking(card("INC-1")))
    (row,) = await store.claim_rows(clock.now(), 10, lease)
    await store.commit(asking(card("INC-1")))
    assert await store.claim_rows(clock.now(), 10, lease) == ()
    assert not await store.settle(Settlement(row, {"card": MessageRef(-100, 7)}), lease)
    (again,) = await store.claim_rows(clock.now(), 10, lease)
    assert again.sending_since is None
    assert again.revision > row.revision
    assert "card" in await store.messages("INC-1")


async def test_a_released_row_is_as_it_was(store: Store, clock: Clock, lease: Lease) -> None:
    """A sender that stops gives back what it did not try."""
    await store.commit(asking(card("INC-1")))
    (row,) = await store.claim_rows(clock.now(), 1, lease)
    await store.release(row, lease)
    assert await store.claim_rows(clock.now(), 1, lease) == (row,)


async def test_what_a_dead_sender_took_comes_back_marked(
    store: Store, other_store: Store, clock: Clock, lease: Lease
) -> None:
    """The next holder gets it, with the time at which the dead one took it; a putting back keeps that mark."""
    await store.commit(asking(PAGE))
    taken_at = clock.now()
    await store.claim_rows(taken_at, 10, lease)
    clock.advance(MINUTE)
    heir = await other_store.acquire("sender", "test", MINUTE)
    assert heir is not None
    (row,) = await other_store.claim_rows(clock.now(), 10, heir)
    assert row.sending_since == taken_at
    await other_store.release(row, heir)
    (again,) = await other_store.claim_rows(clock.now(), 10, heir)
    assert again.sending_since == taken_at


async def test_an_old_lease_does_nothing_to_the_outbox(
    store: Store, other_store: Store, clock: Clock, lease: Lease
) -> None:
    """A sender that lost its lease can neither claim nor settle nor put back."""
    await store.commit(asking(PAGE))
    (row,) = await store.claim_rows(clock.now(), 10, lease)
    await store.release_lease(lease)
    heir = await other_store.acquire("sender", "other", MINUTE)
    assert heir is not None
    for late in (
        store.claim_rows(clock.now(), 10, lease),
        store.settle(Settlement(row, {"page:anna": MessageRef(1, 1)}), lease),
        store.release(row, lease),
    ):
        with pytest.raises(LeaseLostError):
            await late
    assert await store.messages("INC-1") == {}
    assert len(await other_store.claim_rows(clock.now(), 10, heir)) == 1


async def test_a_row_is_taken_by_one_claim(store: Store, other_store: Store, clock: Clock, lease: Lease) -> None:
    """Claims at the same time share the rows out."""
    await store.commit(asking(*(card(f"INC-{n}") for n in range(1, 101))))
    claims = await asyncio.gather(
        *(replica.claim_rows(clock.now(), 7, lease) for _ in range(10) for replica in (store, other_store))
    )
    keys = [row.key for claim in claims for row in claim]
    assert len(keys) == len(set(keys)) == 100


async def test_the_backlog_counts_every_row(store: Store, clock: Clock, lease: Lease) -> None:
    """Ready or being sent: it waits, since it was asked for."""
    since = clock.now()
    await store.commit(asking(card("INC-1"), card("INC-2"), PAGE))
    clock.advance(MINUTE)
    await store.commit(asking(card("INC-3")))
    page, _ = await store.claim_rows(clock.now(), 2, lease)
    backlog = await store.rows_waiting()
    assert backlog.counts == {Lane.PAGES: 1, Lane.REPLIES: 0, Lane.CARDS: 3, Lane.DIGESTS: 0}
    assert abs(backlog.oldest[Lane.CARDS] - since) < timedelta(milliseconds=1)
    assert Lane.REPLIES not in backlog.oldest
    await store.settle(Settlement(page), lease)
    assert (await store.rows_waiting()).counts[Lane.PAGES] == 0


async def test_many_rows_are_settled_at_once(store: Store, clock: Clock, lease: Lease) -> None:
    """Each settlement has its own answer."""
    await store.commit(asking(card("INC-1"), card("INC-2")))
    rows = await store.claim_rows(clock.now(), 10, lease)
    await store.commit(asking(card("INC-2")))
    settled = await store.settle_all([Settlement(row) for row in rows], lease)
    assert dict(zip([row.key for row in rows], settled, strict=True)) == {"card:INC-1": True, "card:INC-2": False}


async def test_a_waiting_sender_gets_its_rows_with_the_commit(store: Store, lease: Lease) -> None:
    """The claim goes with the commit: once that is written no other round trip is waited for."""
    with store.wakes.subscribe(Topic.OUTBOX) as wake:
        waiting = asyncio.create_task(store.claim_next_rows(10, lease, wake))
        await asyncio.sleep(0)
        await store.commit(asking(card("INC-1")))
        for _ in range(10):  # turns of the loop, in which nothing can come from outside
            await asyncio.sleep(0)
        assert waiting.done()
        assert [row.intent for row in await waiting] == [card("INC-1")]
        assert not wake.event.is_set()


async def test_a_waiting_sender_is_told_of_what_came_while_it_claimed(store: Store, lease: Lease) -> None:
    """Only the first of several commits takes the claim along; the others wake it as ever."""
    with store.wakes.subscribe(Topic.OUTBOX) as wake:
        waiting = asyncio.create_task(store.claim_next_rows(1, lease, wake))
        await asyncio.sleep(0)
        await asyncio.gather(*(store.commit(asking(card(f"INC-{n}"))) for n in (1, 2)))
        assert len(await waiting) == 1
        assert wake.event.is_set()
        assert len(await store.claim_next_rows(10, lease, wake)) == 1


async def test_no_commit_claims_for_a_sender_that_claims_already(store: Store, lease: Lease) -> None:
    """Of two claims at once the rows of one would be heard of by nobody, and every later claim look for them."""
    with store.wakes.subscribe(Topic.OUTBOX) as wake:
        wake.event.set()
        waiting = asyncio.create_task(store.claim_next_rows(10, lease, wake))
        await asyncio.sleep(0)
        commit = asyncio.create_task(store.commit(asking(card("INC-1"))))
        await asyncio.sleep(0)
        assert "claim behind a commit" not in {task.get_name() for task in asyncio.all_tasks()}
        await asyncio.gather(waiting, commit)


async def test_a_commit_that_is_refused_brings_the_sender_nothing(store: Store, lease: Lease) -> None:
    """And the next one brings what it asks for."""
    with store.wakes.subscribe(Topic.OUTBOX) as wake:
        waiting = asyncio.create_task(store.claim_next_rows(10, lease, wake))
        await asyncio.sleep(0)
        assert await store.commit(replace(asking(card("INC-1")), appends=(append("INC-1", 7),))) == Conflicted(
            ("INC-1",)
        )
        assert await waiting == ()
        waiting = asyncio.create_task(store.claim_next_rows(10, lease, wake))
        await asyncio.sleep(0)
        await store.commit(asking(card("INC-1")))
        assert len(await waiting) == 1


async def test_a_sender_that_stops_while_a_commit_brings_its_rows_loses_none(store: Store, lease: Lease) -> None:
    """What it never heard of comes with the next claim."""
    with store.wakes.subscribe(Topic.OUTBOX) as wake:
        waiting = asyncio.create_task(store.claim_next_rows(10, lease, wake))
        await asyncio.sleep(0)
        commit = asyncio.create_task(store.commit(asking(card("INC-1"))))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await commit
        assert len(await store.claim_rows(store.clock.now(), 10, lease)) == 1


async def test_without_a_commit_a_waiting_sender_looks_by_itself(
    store: Store, other_store: Store, lease: Lease
) -> None:
    """Rows that another replica asked for come, though its wake-up was lost."""
    await other_store.commit(asking(card("INC-1")))
    with store.wakes.subscribe(Topic.OUTBOX) as wake:
        assert len(await store.claim_next_rows(10, lease, wake)) == 1
