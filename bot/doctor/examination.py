"""The whole examination: everything at once, each with its time, told in a fixed order as it becomes known."""

import asyncio
import logging
import sys
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import aiohttp
from pydantic import SecretStr

from bot.configuration import Configuration
from bot.delivery.gateway import open_gateway
from bot.doctor import monitoring, telegram, written
from bot.doctor.address import examine_address
from bot.doctor.findings import Broken, Finding, Findings, NotSetUp
from bot.doctor.on_call import examine_on_call
from bot.doctor.people import Contacts, contacts, examine_people
from bot.doctor.redis import examine_redis, undialled_store
from bot.doctor.table import section, summary
from bot.domain.masking import Masker
from bot.domain.roster import Roster
from bot.settings import Settings
from bot.store.store import Store

BROKEN = 1
_EMBEDDED = SecretStr("embedded")
"""No secret, and a word that the table uses."""

_NO_TOKEN: Findings = (NotSetUp("not asked: there is no token", "Set NABAT_TELEGRAM_TOKEN."),)

Examination = Coroutine[None, None, Findings]
Report = Callable[[str], object]
FoundT = TypeVar("FoundT")


async def examine(configuration: Configuration, report: Report | None = None) -> int:
    """Look at everything and report it as a table, within 15 seconds. The exit status: 1 if something is broken."""
    say = report or _say
    # The library logs a traceback for an answer that is no JSON; the table has it in words.
    logging.getLogger("telegram").setLevel(logging.CRITICAL)
    mask = Masker(_secrets(configuration.settings))
    every: list[Finding] = []
    async with _under_way(configuration) as examinations:
        for subject, examination in examinations.items():
            findings = await examination
            every += findings
            say(section(subject, findings, mask))
    say(f"\n{summary(every)}")
    return BROKEN if any(isinstance(finding, Broken) for finding in every) else 0


@asynccontextmanager
async def _under_way(configuration: Configuration) -> AsyncGenerator[Mapping[str, asyncio.Task[Findings]]]:
    """All examinations, begun, in the order in which they are told."""
    settings, plan, roster = configuration.settings, configuration.plan, configuration.roster
    async with AsyncExitStack() as stack:
        store = undialled_store(settings)
        stack.push_async_callback(store.connection.close)
        stack.push_async_callback(store.batches.close)
        http = await stack.enter_async_context(aiohttp.ClientSession())
        asked, of_telegram = await _of_telegram(stack, store, settings, roster)
        examinations: dict[str, Examination] = {
            "settings": _of_settings(settings),
            "plan": _known(written.examine_plan(plan, settings, Path())),
            "roster": _known(written.examine_roster(roster, settings)),
            "Redis": examine_redis(store, settings),
            **of_telegram,
            "on call": examine_on_call(http, store, plan, roster, asked),
            "metrics": monitoring.examine_metrics(plan, settings.prometheus_url),
            "health checks": monitoring.examine_health(http, plan.health_checks),
            "Alertmanager": monitoring.examine_alertmanager(http, settings.alertmanager_url),
        }
        tasks = {name: asyncio.create_task(examination) for name, examination in examinations.items()}
        stack.push_async_callback(_end, tasks.values())
        yield tasks


async def _of_telegram(
    stack: AsyncExitStack, store: Store, settings: Settings, roster: Roster
) -> tuple[asyncio.Task[Contacts | None], dict[str, Examination]]:
    """Who can be reached, and what is asked of Telegram; who the bot is there is asked once, and the rest waits."""
    token, proxy = settings.telegram_token, settings.telegram_proxy
    if token is None:
        return _begun(stack, _nobody()), {name: _known(_NO_TOKEN) for name in ("Telegram", "people", "chats")}
    opening = open_gateway(
        token.get_secret_value(),
        settings.telegram_api_url,
        store,
        proxy=proxy.get_secret_value() if proxy else None,
        migrations={},
    )
    gateway = await stack.enter_async_context(opening)
    me = _begun(stack, telegram.introduced(gateway))
    asked = _begun(stack, contacts(gateway, me, store, roster))
    return asked, {
        "Telegram": telegram.examine_token(me),
        "people": examine_people(me, asked, roster),
        "chats": telegram.examine_chats(gateway, me, roster.chats),
    }


async def _of_settings(settings: Settings) -> Findings:
    return (*written.examine_settings(settings), *await examine_address(settings))


def _begun(stack: AsyncExitStack, question: Coroutine[None, None, FoundT]) -> asyncio.Task[FoundT]:
    task = asyncio.create_task(question)
    stack.push_async_callback(_end, (task,))
    return task


async def _nobody() -> None:
    """Nobody can be asked about."""


async def _known(findings: Findings) -> Findings:
    return findings


async def _end(tasks: Iterable[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _secrets(settings: Settings) -> tuple[str, ...]:
    """All of them, and the passwords inside addresses are masked by their shape."""
    values = (getattr(settings, name) for name in type(settings).model_fields)
    return tuple(value.get_secret_value() for value in values if isinstance(value, SecretStr) and value != _EMBEDDED)
