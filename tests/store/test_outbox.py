"""The outbox: order, revisions, what is put off, and what a crash leaves behind."""

import asyncio
from datetime import timedelta

import pytest

from bot.domain.events import PageCause
from bot.domain.intents import Audience, Lane, Page, Tell
from bot.store.clock import Clock
from bot.store.records import Lease, LeaseLostError, MessageRef, Settlement
from bot.store.store import Store
from tests.store.writing import asking, card

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
