"""`kill -9` at any moment: nothing acknowledged is lost, no page is lost, and hardly anything is doubled."""

import asyncio
import os
import random
from pathlib import Path

import pytest

from tests.faults.invariants import (
    check_alerts,
    check_cards,
    check_declared,
    check_notes,
    check_presses,
    doubled,
    unnoted,
)
from tests.faults.lives import Lives, lives
from tests.faults.nursery import Nursery
from tests.faults.workload import Told, Workload
from tests.redis_server import RedisServer

KILLS = int(os.environ.get("NABAT_KILLS", "30"))
MANY_KILLS = 300
LONGEST_LIFE_S = 0.5
"""From the moment it listens: long enough to handle what came in, short enough to be in the middle of something."""
STILLBORN = 0.2
"""The share of lives that are not let listen."""
DILIGENT = 0.2
"""The share of lives that hear out what people say: else, on a busy machine, none would ever come to an end of it."""


@pytest.mark.timeout(300)
async def test_a_kill_at_any_moment_loses_nothing(nursery: Nursery, tmp_path: Path, redis: RedisServer) -> None:
    """Alerts, presses and commands that were acknowledged are kept, and everybody on call has every page."""
    await kill_again_and_again(nursery, tmp_path, redis.socket, KILLS)


@pytest.mark.bench
@pytest.mark.timeout(1200)
async def test_hundreds_of_kills_lose_nothing(nursery: Nursery, tmp_path: Path, redis: RedisServer) -> None:
    """The same for some minutes: `pytest -m bench tests/faults`."""
    await kill_again_and_again(nursery, tmp_path, redis.socket, MANY_KILLS)


async def kill_again_and_again(nursery: Nursery, folder: Path, redis_socket: Path, kills: int) -> None:
    """Kills a bot at random moments while people and senders go on, and then counts what became of it all."""
    seed = int(os.environ.get("NABAT_SEED", random.SystemRandom().randrange(1_000_000)))
    print(f"NABAT_SEED={seed}")  # noqa: T201 - shown when the test fails: the same kills again
    chance = random.Random(seed)  # noqa: S311 - moments, not secrets
    async with lives(nursery, folder, redis_socket, pages_every="3s") as bot:
        work = Workload(bot, chance)
        running = asyncio.create_task(work.run())
        lost: set[tuple[int, int]] = set()
        for _ in range(kills):
            bot.start()
            fate = chance.random()
            if fate > STILLBORN:
                await bot.until_alive()
            if fate > 1 - DILIGENT:
                await bot.until_all_is_heard()
            # Any moment may be the wrong one, so there is nothing to wait for.
            await asyncio.sleep(chance.uniform(0, LONGEST_LIFE_S))
            bot.kill()
            await bot.until_buried()
            lost |= await unnoted(bot)
        bot.start()
        work.stop()
        await running
        await bot.until_ready()
        await bot.until_quiet()
        await check_everything(bot, work.told, lost)


async def check_everything(bot: Lives, told: Told, lost: set[tuple[int, int]]) -> None:
    """Nothing acknowledged is lost, and what is doubled was on its way when the bot was killed."""
    await check_alerts(bot, told)
    await check_declared(bot, told)
    await check_cards(bot)
    await check_presses(bot, told)
    await check_notes(bot, told)
    twice = doubled(bot, lost)
    print(  # noqa: T201 - what the run amounted to
        f"{len(bot.kills)} kills: {len(told.alerts)} alerts, {len(told.declared)} + {len(told.commanded)} declared, "
        f"{len(told.presses)} presses, {len(told.notes)} notes; {twice} messages doubled"
    )
    assert told.alerts
    assert told.presses
