"""A task that talks to Redis stops when it is told to, at whatever moment that is."""

import asyncio
from datetime import timedelta

import pytest

from bot.store.cancellation import heeding_cancellation
from bot.store.store import Store

PATIENCE_S = 5


async def ask_for_ever(store: Store) -> None:
    """Ask Redis again and again, as a loop of the bot does."""
    while True:
        await store.next_due()


@pytest.mark.parametrize("moment", range(40))
async def test_a_task_that_asks_redis_can_always_be_stopped(store: Store, moment: int) -> None:
    """Whatever step of a round trip a cancellation meets, the task ends."""
    task = asyncio.create_task(ask_for_ever(store))
    for _ in range(moment):
        await asyncio.sleep(0)
    task.cancel()
    done, _ = await asyncio.wait([task], timeout=PATIENCE_S)
    assert task in done


async def test_a_swallowed_cancellation_is_raised_after_all() -> None:
    """Work that swallows the cancellation of its task is followed by it."""

    async def swallow() -> None:
        try:
            await asyncio.sleep(PATIENCE_S)
        except asyncio.CancelledError:
            return

    task = asyncio.create_task(heeding_cancellation(swallow()))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()


async def test_a_timeout_inside_is_no_cancellation() -> None:
    """A time limit that runs out within the work, and is dealt with there, stops nothing."""

    async def deal_with_it() -> str:
        try:
            async with asyncio.timeout(timedelta(0).total_seconds()):
                await asyncio.sleep(PATIENCE_S)
        except TimeoutError:
            return "in time"
        return "never"

    assert await heeding_cancellation(deal_with_it()) == "in time"
