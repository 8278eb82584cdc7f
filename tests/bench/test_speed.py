"""How quick the whole bot is, beside a bare python-telegram-bot handler with nothing behind it.

Every part is a process of its own: a sandbox Telegram without flood limits for each of the two, the bot as `nabat run`
starts it (embedded Redis, `appendfsync always`), and the rival. They take turns, so that both meet the same load of the
machine, and the table says how much of it there was. The rival is also the floor: what it needs is what Telegram's
updates, python-telegram-bot and the sandbox cost anybody.

A target holds when the best round holds it: a machine that is busy with something else can only make a round slower.
"""

import os
import signal
import statistics
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from tests.bench.processes import TEAM, Bot, Telegram, process
from tests.bench.table import Row, table

pytestmark = pytest.mark.bench

ROUNDS = 5
PRESSES = 40
"""One after the other, in each round."""
CROWD = 1_000
STARTS = 4
ALERTS = 12
QUIET_S = 1.2
"""Telegram takes a message a second in a chat, so the bot's own budget would hold back an alert that comes sooner."""

ABOUT = 1.25
"""`about as long`: at most so many times the rival's time."""
CROWD_WITHIN_MS = 1_500
FIRST_MESSAGE_WITHIN_MS = 10
READY_WITHIN_MS = 1_500


@dataclass(frozen=True, slots=True)
class Pair:
    """The bot, the rival, and the Telegram of each."""

    bot: Bot
    bare: Telegram
    hook: str

    async def bare_hook(self) -> None:
        """Lets the rival send a message."""
        async with self.bot.http.post(f"{self.hook}/hook", json={}) as response:
            assert response.status == 200


@pytest.fixture
async def pair(tmp_path: Path) -> AsyncIterator[Pair]:
    """Both, running, with a message that has buttons in each chat."""
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=120)))
        telegram = Telegram(stack.enter_context(process("telegram_process")), http)
        bare = Telegram(stack.enter_context(process("telegram_process")), http)
        hook = stack.enter_context(process("bare_handler", bare.url))
        bot = Bot(tmp_path, telegram, http)
        stack.callback(bot.end)
        await bot.start()
        pair = Pair(bot, bare, hook)
        await bot.declare(1)
        await pair.bare_hook()
        yield pair


async def test_a_press_is_answered_as_soon_as_a_bare_handler_would(pair: Pair) -> None:
    """One press after the other, each an Ack that is stored before it is answered, against a handler that stores nothing."""
    ours: list[list[float]] = []
    refused: list[list[float]] = []
    bare: list[list[float]] = []
    for _ in range(ROUNDS):
        presses = acks(await pair.bot.declare(PRESSES))
        ours.append(await pair.bot.telegram.press(presses, at_once=False))
        bare.append(await pair.bare.press(presses, at_once=False))
        again = [(other(person), data) for person, data in presses]
        refused.append(await pair.bot.telegram.press(again, at_once=False))
    rows = (
        Row.of("press to answer, stored", ours, bare, ratio=ABOUT),
        Row.of("press to answer, refused: somebody else has it", refused, bare, ratio=ABOUT),
    )
    report(f"{ROUNDS} rounds of {PRESSES} presses, one after the other", rows)
    assert all(row.holds for row in rows)


async def test_a_crowd_of_presses_is_answered(pair: Pair) -> None:
    """1,000 people press at once: on as many incidents, on one that calls for help, and on one that is held already."""
    different: list[list[float]] = []
    helping: list[list[float]] = []
    held: list[list[float]] = []
    bare: list[list[float]] = []
    press = pair.bot.telegram.press
    for _ in range(ROUNDS):
        incidents = await pair.bot.declare(CROWD)
        different.append(await press(acks(incidents), at_once=True))
        bare.append(await pair.bare.press(acks(incidents), at_once=True))
        helping.append(await press(calls_for_help(incidents[0]), at_once=True))
        held.append(await press(acks([incidents[1]] * CROWD), at_once=True))
    rows = (
        Row.of(f"{CROWD} presses, {CROWD} incidents, each stored", different, bare, last_ms=CROWD_WITHIN_MS),
        Row.of(f"{CROWD} presses, one incident, each stored", helping, bare, last_ms=CROWD_WITHIN_MS),
        Row.of(f"{CROWD} presses, one incident, each refused", held, bare, last_ms=CROWD_WITHIN_MS),
    )
    report(f"{ROUNDS} rounds of {CROWD} presses at once, until the last is answered", rows)
    assert all(row.holds for row in rows)


async def test_every_answered_press_of_a_crowd_survives_a_kill(pair: Pair) -> None:
    """The bot is killed the moment the last of 1,000 presses is answered; after the restart each has had its effect."""
    incidents = await pair.bot.declare(CROWD)
    await pair.bot.telegram.press(acks(incidents), at_once=True)
    pair.bot.end(signal.SIGKILL)
    await pair.bot.start()
    assert await pair.bot.holders(incidents) == CROWD


async def test_an_alert_reaches_telegram_at_once(pair: Pair) -> None:
    """From the beginning of the webhook's request to the first sendMessage at Telegram, the incident stored before."""
    ours: list[list[float]] = []
    bare: list[list[float]] = []
    for number in range(ALERTS):
        ours.append([await first_message_ms(pair.bot, alert(number))])
        before = time.monotonic()
        await pair.bare_hook()
        bare.append([(await pair.bare.first("sendMessage", before) - before) * 1000])
    rows = (Row.of("webhook to first message", [flat(ours)], [flat(bare)], p50_ms=FIRST_MESSAGE_WITHIN_MS),)
    report(f"{ALERTS} alerts, one after the other", rows)
    assert all(row.holds for row in rows)


async def test_the_bot_is_ready_soon(pair: Pair) -> None:
    """From the start of the process until /readyz says ready: after an orderly end, and after a kill with work at hand."""
    orderly: list[list[float]] = []
    killed: list[list[float]] = []
    bare: list[list[float]] = []
    for _ in range(STARTS):
        for number, found in ((signal.SIGTERM, orderly), (signal.SIGKILL, killed)):
            await pair.bot.declare(20)
            pair.bot.end(number)
            found.append([await pair.bot.start() * 1000])
        before = time.monotonic()
        with process("telegram_process") as url, process("bare_handler", url):
            bare.append([(time.monotonic() - before) * 1000])
    rows = (
        Row.of("start to ready", orderly, bare, last_ms=READY_WITHIN_MS),
        Row.of("start to ready after kill -9", killed, bare, last_ms=READY_WITHIN_MS),
    )
    report(f"{STARTS} starts with warm bytecode", rows)
    assert all(row.holds for row in rows)
