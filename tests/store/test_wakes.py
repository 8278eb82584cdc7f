"""Wake-ups: at once in this process, through Redis in others, and no loss when one is lost."""

import asyncio
from datetime import timedelta

from bot.store.opening import end_task
from bot.store.records import Conflicted
from bot.store.store import Store
from bot.store.wakes import Topic
from tests.store.writing import appending, asking, card

LONG = timedelta(seconds=20)


async def test_a_commit_wakes_those_who_wait_for_it(store: Store) -> None:
    """Before the commit returns; those who wait for something else sleep on, as after a conflict."""
    with store.wakes.subscribe(Topic.OUTBOX) as sender, store.wakes.subscribe(Topic.TIMERS, Topic.LOGS) as clockwork:
        await store.commit(asking(card()))
        assert sender.event.is_set()
        assert not clockwork.event.is_set()
        await store.commit(appending())
        assert clockwork.event.is_set()
        await clockwork.wait(LONG)
        assert isinstance(await store.commit(appending()), Conflicted)
        assert not clockwork.event.is_set()


async def test_other_replicas_are_woken_through_redis(store: Store, other_store: Store) -> None:
    """A commit here wakes a sender there."""
    listener = asyncio.create_task(other_store.wakes.listen(other_store.connection.subscriber))
    try:
        with other_store.wakes.subscribe(Topic.OUTBOX) as sender:
            # Once it hears Redis it looks around, for what it may have missed.
            await sender.wait(LONG)
            await store.commit(asking(card()))
            async with asyncio.timeout(LONG.total_seconds()):
                await sender.event.wait()
    finally:
        await end_task(listener)


async def test_a_lost_wake_up_costs_a_moment(store: Store) -> None:
    """Waiting ends by itself after the given time."""
    with store.wakes.subscribe(Topic.OUTBOX) as sender:
        await sender.wait(timedelta(milliseconds=1))
        assert not sender.event.is_set()


async def test_who_left_is_not_woken(store: Store) -> None:
    """After the block nobody rings any more."""
    with store.wakes.subscribe(Topic.OUTBOX) as sender:
        pass
    await store.commit(asking(card()))
    assert not sender.event.is_set()
