"""A bot that is killed and begins again on its data, beside a Telegram and a Redis that live on."""

import asyncio
import json
import socket
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import aiohttp
import yaml

from bot.domain.intents import Lane
from bot.engine.singles import TTL
from bot.sandbox.driver import ChatView, Driver, PersonView
from bot.sandbox.limits import Limits
from bot.sandbox.server import SandboxServer
from bot.sandbox.world import DEMO_TOKEN, RESPONDERS_ID, STAKEHOLDERS_ID, World
from bot.store.dial import dial_socket
from bot.store.store import Store
from tests.faults.nursery import Nursery

PATIENCE_S = 60.0
AGAIN_AFTER_S = 0.02
"""A sender of alerts tries again so soon; real ones wait longer."""
BUILT_IN = "x0tta6bl4.yaml"
ROLES = {"anna": "on_call", "boris": "team_lead", "clara": "cto"}


async def until(condition: Callable[[], bool | Awaitable[bool]]) -> None:
    """Waits until it holds; what it looks at rings no bell, so it is asked again and again.

    Raises:
        TimeoutError: it never did.
    """
    async with asyncio.timeout(PATIENCE_S):
        while not (found if isinstance(found := condition(), bool) else await found):  # noqa: ASYNC110 - no event to wait for
            await asyncio.sleep(AGAIN_AFTER_S)


@dataclass
class Lives:
    """One bot in many lives. `kills` are the monotonic times of their ends."""

    telegram: SandboxServer
    driver: Driver
    store: Store
    http: aiohttp.ClientSession
    nursery: Nursery
    environment: dict[str, str]
    log: Path
    lease_for: timedelta = TTL
    pid: int = 0
    kills: list[float] = field(default_factory=list[float])

    def start(self) -> None:
        """Begins a life, and waits for nothing."""
        self.pid = self.nursery.start(self.environment, self.log, self.lease_for)

    def kill(self) -> None:
        """Ends it as a power cut would."""
        self.kills.append(time.monotonic())
        pid, self.pid = self.pid, 0
        self.nursery.end(pid)

    async def until_buried(self) -> None:
        """Waits until Telegram has taken whatever the dead bot had sent: it may come to that a little later."""
        await until(lambda: not self.telegram.connections)
        await asyncio.sleep(AGAIN_AFTER_S)

    async def until_alive(self) -> None:
        """Waits until the bot listens."""

        async def is_alive() -> bool:
            return (await self.ask("GET", "/healthz"))[0] == 200

        await until(is_alive)

    async def until_ready(self) -> None:
        """Waits until the bot says that it is ready."""

        async def is_ready() -> bool:
            return (await self.ask("GET", "/readyz"))[0] == 200

        await until(is_ready)

    async def until_all_is_heard(self) -> None:
        """Waits until the bot has confirmed every update that there is."""
        inbox = self.telegram.world.bots[DEMO_TOKEN].inbox
        await until(lambda: not len(inbox))

    async def until_quiet(self) -> None:
        """Waits until no page is to be sent, and every update is confirmed. Cards may wait longer, behind a storm."""

        async def is_quiet() -> bool:
            await self.until_all_is_heard()
            return not (await self.store.rows_waiting()).counts[Lane.PAGES]

        await until(is_quiet)

    async def insist(self, path: str, body: object, **headers: str) -> Any:
        """POSTs until it is acknowledged, as a sender does; the answer."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                status, answer = await self.ask("POST", path, json=body, headers=headers)
                if status in {200, 201}:
                    return answer
                await asyncio.sleep(AGAIN_AFTER_S)

    async def ask(self, method: str, path: str, **options: Any) -> tuple[int, Any]:
        """One request to the bot; status 0 when it can't be reached or dies before it answers."""
        try:
            async with self.http.request(method, self.url(path), **options) as response:
                return response.status, await response.json()
        except aiohttp.ClientError:
            return 0, None

    def url(self, path: str) -> str:
        """The bot's address of a path."""
        return f"http://127.0.0.1:{self.environment['NABAT_HTTP_PORT']}{path}"

    async def timeline(self, incident: str) -> list[dict[str, Any]]:
        """What happened to an incident, as the API tells it."""
        status, answer = await self.ask("GET", f"/api/incidents/{incident}/timeline")
        assert status == 200, answer
        return answer["events"]

    @property
    def responders(self) -> ChatView:
        """Where incidents are worked."""
        return self.driver.chat(RESPONDERS_ID)

    def person(self, key: str) -> PersonView:
        """Somebody of the team."""
        return self.driver.person(key)


@asynccontextmanager
async def lives(
    nursery: Nursery, folder: Path, redis_socket: Path, *, pages_every: str | None = None
) -> AsyncGenerator[Lives]:
    """A bot to be killed. Nothing lives yet. `pages_every`: how often the worst incidents page until somebody acts."""
    world = World.demo()
    async with SandboxServer(world, limits=Limits.none(), static_dir=None) as telegram, aiohttp.ClientSession() as http:
        environment = bot_environment(folder, telegram.url, free_port(), f"unix://{redis_socket}")
        if pages_every:
            environment["NABAT_PLAN_FILE"] = str(_plan_file(folder, pages_every))
        connection = dial_socket(str(redis_socket))
        bot = Lives(telegram, Driver(world), Store(connection), http, nursery, environment, folder / "nabat.log")
        try:
            yield bot
        finally:
            if bot.pid:
                bot.kill()
            await connection.close()


def bot_environment(folder: Path, telegram_url: str, port: int, redis_url: str) -> dict[str, str]:
    """The settings of a bot whose files are in `folder`."""
    roster = folder / "roster.yaml"
    roster.write_text(json.dumps(_roster()), encoding="utf-8")
    return {
        "NABAT_TELEGRAM_TOKEN": DEMO_TOKEN,
        "NABAT_TELEGRAM_API_URL": telegram_url,
        "NABAT_REDIS_URL": redis_url,
        "NABAT_DATA_DIR": str(folder / "data"),
        "NABAT_HTTP_PORT": str(port),
        "NABAT_ROSTER_FILE": str(roster),
        "NABAT_LOG_LEVEL": "warning",
    }


def free_port() -> int:
    """A port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _plan_file(folder: Path, pages_every: str) -> Path:
    """The built-in plan with a shorter patience."""
    plan = yaml.safe_load((files("bot.plans") / BUILT_IN).read_text(encoding="utf-8"))
    plan["severities"]["SEV-1"]["repeat_every"] = pages_every
    path = folder / "plan.yaml"
    path.write_text(yaml.safe_dump(plan), encoding="utf-8")
    return path


def _roster() -> dict[str, object]:
    people = {
        person.key: {"name": person.first_name, "telegram": person.id, "roles": [ROLES[person.key]]}
        for person in World.demo().people.values()
        if person.key in ROLES
    }
    chats = {"responders": {"id": RESPONDERS_ID}, "stakeholders": {"id": STAKEHOLDERS_ID}}
    return {"people": people, "chats": chats}
