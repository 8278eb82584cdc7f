"""How quick the whole bot is, beside a bare python-telegram-bot handler with nothing behind it.

Every part is a process of its own: a sandbox Telegram without flood limits for each of the two, the bot as `nabat run`
starts it (embedded Redis, `appendfsync always`), and the rival. They take turns, so that both meet the same load of the
machine. The rival is also the floor: what it needs is what Telegram's updates, python-telegram-bot and the sandbox cost
anybody. The best round decides about a time, because a machine that is busy with something else only slows a round.
"""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from tests.bench.processes import TEAM, Bot, Telegram, process
from tests.bench.table import Round, Row, Target, Verdict, report

pytestmark = pytest.mark.bench

ROUNDS = 5
PRESSES = 40
"""One after the other, in each round."""
CROWD = 1_000
STARTS = 4
ALERTS = 15
BETWEEN_ALERTS_S = 1.2
"""A private chat takes a message a second: the bot's own budget would hold back what comes sooner."""
PATIENCE_S = 120

ABOUT_AS_LONG = Target(most_times=1.25)
CROWD_ANSWERED = Target(most_ms=1_500)
FIRST_MESSAGE = Target(most_ms=10)
READY = Target(most_ms=1_500)


@dataclass(frozen=True, slots=True)
class Pair:
    """The bot, the rival's hook, and the rival's Telegram."""

    bot: Bot
    hook: str
    bare: Telegram

    async def bare_message_ms(self) -> float:
        """Lets the rival send a message; milliseconds until its Telegram has it."""
        before = time.monotonic()
        async with self.bot.http.post(self.hook, json={}) as response:
            assert response.status == 200
        return (await self.bare.first_message(before, "") - before) * 1000

    async def first_message_ms(self, body: object) -> float:
        """Delivers an alert to the bot; milliseconds until its Telegram has a message."""
        before = time.monotonic()
        (incident,) = (await self.bot.post("/hooks/alertmanager", body))["incidents"]
        return (await self.bot.telegram.first_message(before, incident) - before) * 1000


@pytest.fixture
async def pair(tmp_path: Path) -> AsyncIterator[Pair]:
    """Both, running, with a message that has buttons in each chat."""
    async with AsyncExitStack() as stack:
        timeout = aiohttp.ClientTimeout(total=PATIENCE_S)
        http = await stack.enter_async_context(aiohttp.ClientSession(timeout=timeout))
        telegram = Telegram(stack.enter_context(process("telegram_process")), http)
        bare = Telegram(stack.enter_context(process("telegram_process")), http)
        hook = stack.enter_context(process("bare_handler", bare.url))
        bot = Bot(tmp_path, telegram, http)
        stack.callback(bot.end)
        await bot.start()
        await bot.declare(1)
        pair = Pair(bot, hook, bare)
        await pair.bare_message_ms()
        yield pair


async def test_a_press_is_answered_as_soon_as_by_a_bare_handler(pair: Pair) -> None:
    """Each press of an idle bot is stored, then answered, in about the time of a handler that stores nothing."""
    ours: list[Round] = []
    refused: list[Round] = []
    bare: list[Round] = []
    for _ in range(ROUNDS):
        presses = acks(await pair.bot.declare(PRESSES))
        ours.append(await pair.bot.telegram.press(presses, at_once=False))
        bare.append(await pair.bare.press(presses, at_once=False))
        refused.append(await pair.bot.telegram.press(by_others(presses), at_once=False))
    judge(
        f"{ROUNDS} rounds of {PRESSES} presses, one after the other",
        Row("press to answer, stored before", ours, bare, ABOUT_AS_LONG),
        Row("press to answer, refused: another has it", refused, bare, ABOUT_AS_LONG),
    )


async def test_a_crowd_of_presses_is_answered(pair: Pair) -> None:
    """1,000 presses at once are answered: on 1,000 incidents, on one that calls for help, on one that is held."""
    different: list[Round] = []
    helping: list[Round] = []
    held: list[Round] = []
    bare: list[Round] = []
    press = pair.bot.telegram.press
    for _ in range(ROUNDS):
        incidents = await pair.bot.declare(CROWD)
        different.append(await press(acks(incidents), at_once=True))
        bare.append(await pair.bare.press(acks(incidents), at_once=True))
        helping.append(await press(calls_for_help(incidents[0]), at_once=True))
        held.append(await press(by_others(acks([incidents[1]]) * CROWD), at_once=True))
        assert await pair.bot.events(incidents[0], "escalated") == CROWD
    judge(
        f"{ROUNDS} rounds of {CROWD} presses at once, until the last is answered",
        Row(f"{CROWD} incidents, each press stored", different, bare, CROWD_ANSWERED, max),
        Row("one incident, each press stored", helping, bare, CROWD_ANSWERED, max),
        Row("one incident, each press refused", held, bare, CROWD_ANSWERED, max),
    )


async def test_every_answered_press_of_a_crowd_survives_a_kill(pair: Pair) -> None:
    """The bot is killed the moment the last of 1,000 presses is answered; after the restart each has had its effect."""
    incidents = await pair.bot.declare(CROWD)
    await pair.bot.telegram.press(acks(incidents), at_once=True)
    pair.bot.end(signal.SIGKILL)
    await pair.bot.start()
    assert await pair.bot.held(incidents) == CROWD


async def test_an_alert_reaches_telegram_at_once(pair: Pair) -> None:
    """From the beginning of a webhook's request to the first message at Telegram, with the incident stored before."""
    ours: list[float] = []
    bare: list[float] = []
    for number in range(ALERTS):
        ours.append(await pair.first_message_ms(alert(number)))
        bare.append(await pair.bare_message_ms())
        await asyncio.sleep(BETWEEN_ALERTS_S)
    judge(f"{ALERTS} alerts, one after the other", Row("webhook to first message", [ours], [bare], FIRST_MESSAGE))


async def test_the_bot_is_ready_soon(pair: Pair) -> None:
    """From the start of the process until /readyz says ready: after an orderly end, and after a kill with work left."""
    orderly: list[Round] = []
    killed: list[Round] = []
    bare: list[Round] = []
    with process("telegram_process") as url:
        for _ in range(STARTS):
            for number, found in ((signal.SIGTERM, orderly), (signal.SIGKILL, killed)):
                await pair.bot.declare(20)
                pair.bot.end(number)
                found.append([await pair.bot.start() * 1000])
            before = time.monotonic()
            with process("bare_handler", url):
                bare.append([(time.monotonic() - before) * 1000])
    judge(
        f"{STARTS} starts with warm bytecode; the rival's until it polls",
        Row("start to ready", orderly, bare, READY),
        Row("kill -9, start to ready", killed, bare, READY),
    )


def judge(title: str, *rows: Row) -> None:
    """Prints the table, and fails where a target is missed."""
    report(title, rows)
    assert [row.name for row in rows if row.verdict is Verdict.MISSED] == []


def acks(incidents: Iterable[str]) -> list[tuple[int, str]]:
    """The team takes incidents."""
    return [(TEAM[number % len(TEAM)], f"1:ack:{incident}") for number, incident in enumerate(incidents)]


def by_others(presses: Iterable[tuple[int, str]]) -> list[tuple[int, str]]:
    """The same buttons, pressed by somebody else."""
    return [(TEAM[TEAM.index(person) - 1], data) for person, data in presses]


def calls_for_help(incident: str) -> list[tuple[int, str]]:
    """The team calls now for the lead and now for the CTO (the roles 1 and 2 of the plan), a thousand times."""
    return [(TEAM[number % len(TEAM)], f"1:esc:{incident}:{1 + number % 2}") for number in range(CROWD)]


def alert(number: int) -> dict[str, object]:
    """What Alertmanager posts for a group of its own, which calls the person on call."""
    labels = {"alertname": f"Alert{number}", "severity": "warning"}
    return {
        "version": "4",
        "groupKey": f"{{}}:{{alertname='Alert{number}'}}",
        "truncatedAlerts": 0,
        "status": "firing",
        "receiver": "nabat",
        "groupLabels": {"alertname": f"Alert{number}"},
        "commonLabels": labels,
        "commonAnnotations": {"summary": "More than 5 % of requests fail"},
        "externalURL": "http://alertmanager.example.org",
        "alerts": [
            {
                "status": "firing",
                "labels": labels,
                "annotations": {"summary": "More than 5 % of requests fail"},
                "startsAt": "2026-01-09T14:02:00Z",
                "endsAt": "0001-01-01T00:00:00Z",
                "generatorURL": "http://prometheus.example.org/graph",
                "fingerprint": f"{number:016x}",
            }
        ],
    }
