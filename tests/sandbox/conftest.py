"""A sandbox with a clock that moves, its server, a driver, and real clients."""

from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from telegram import Bot

from bot.sandbox.driver import Driver
from bot.sandbox.limits import Limits
from bot.sandbox.server import SandboxServer
from bot.sandbox.world import DEMO_TOKEN, World

RESPONDERS = -1001001
ACK = {"inline_keyboard": [[{"text": "Ack", "callback_data": "ack:1", "style": "success"}]]}


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    moment: datetime = field(default_factory=lambda: datetime(2026, 1, 11, 14, 2, tzinfo=UTC))

    def __call__(self) -> datetime:
        """Give the moment."""
        return self.moment

    def move(self, by: timedelta) -> None:
        """Move on."""
        self.moment += by


@dataclass(frozen=True)
class Reply:
    """The answer to a raw call."""

    status: int
    body: Mapping[str, Any]

    @property
    def description(self) -> str:
        """Why it was refused."""
        return str(self.body["description"])

    @property
    def result(self) -> Any:
        """What it gave."""
        return self.body["result"]


Caller = Callable[..., Coroutine[Any, Any, Reply]]


@pytest.fixture
def clock() -> Clock:
    """A clock for the sandbox."""
    return Clock()


@pytest.fixture
def world(clock: Clock) -> World:
    """The demo's team."""
    return World.demo(now=clock)


@pytest.fixture
def driver(world: World) -> Driver:
    """Hands and eyes in the world."""
    return Driver(world)


@pytest.fixture
async def server(world: World) -> AsyncIterator[SandboxServer]:
    """A running sandbox without flood limits."""
    async with SandboxServer(world, limits=Limits.none(), static_dir=None) as running:
        yield running


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    """A plain HTTP client."""
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def call(server: SandboxServer, http: aiohttp.ClientSession) -> Caller:
    """Call a method with JSON parameters and get the raw answer."""

    async def send(method: str, **params: Any) -> Reply:
        async with http.post(f"{server.url}/bot{DEMO_TOKEN}/{method}", json=params) as response:
            return Reply(response.status, await response.json())

    return send


@pytest.fixture
async def bot(server: SandboxServer) -> AsyncIterator[Bot]:
    """python-telegram-bot as a client of the sandbox."""
    client = Bot(DEMO_TOKEN, base_url=f"{server.url}/bot", base_file_url=f"{server.url}/file/bot")
    async with client:
        yield client
