"""A sandbox Telegram, a real store and a sender between them, in a time that the test moves."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from prometheus_client import CollectorRegistry

from bot.delivery.budgets import Budgets
from bot.delivery.circuit import Circuit
from bot.delivery.figures import Figures
from bot.delivery.flight import Pace
from bot.delivery.gateway import Gateway, open_gateway
from bot.delivery.sender import Sender
from bot.domain.intents import Intent
from bot.sandbox.driver import Driver
from bot.sandbox.limits import Limits as SandboxLimits
from bot.sandbox.server import SandboxServer
from bot.sandbox.world import DEMO_TOKEN, World
from bot.store.records import Commit, Lease
from bot.store.store import Store
from tests.delivery.moving_time import MovingTime
from tests.delivery.plain_renderer import PlainRenderer

PATIENCE_S = 20.0
QUIET_ROUNDS = 5
"""Round trips to Redis: more than any step of the sender takes."""


@dataclass
class Desk:
    """Everything around a sender: the store before it, Telegram behind it."""

    store: Store
    time: MovingTime
    telegram: SandboxServer
    driver: Driver
    gateway: Gateway
    renderer: PlainRenderer = field(default_factory=PlainRenderer)
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    unreachable: list[tuple[str, str, str]] = field(default_factory=list[tuple[str, str, str]])
    senders: list[Sender] = field(default_factory=list[Sender])
    may_send: bool = True

    def __post_init__(self) -> None:
        """One budget for all lives of the sender, as Telegram sees only one bot."""
        self.pace = Pace(Budgets(), Circuit(chance=lambda: 1.0), self.time)
        self._figures = Figures(self.registry)

    async def ask_for(self, *intents: Intent) -> None:
        """Commits intents, as the engine does."""
        await self.store.commit(Commit(outbox=intents))

    async def lease(self) -> Lease:
        """The sender's lease; the one before is old from now on."""
        lease = await self.store.acquire("sender", "test", timedelta(minutes=5))
        assert lease is not None
        return lease

    @asynccontextmanager
    async def sending(self, lease: Lease | None = None) -> AsyncGenerator[asyncio.Task[None]]:
        """A sender at work."""
        task = asyncio.create_task(self.sender().run(lease or await self.lease()))
        try:
            yield task
        finally:
            task.cancel()
            await asyncio.wait({task})

    def sender(self) -> Sender:
        """A new life of the sender."""
        sender = Sender(
            self.store,
            self.gateway,
            self.renderer,
            self._note_unreachable,
            self._figures,
            self.pace,
            lambda: self.may_send,
        )
        self.senders.append(sender)
        return sender

    async def all_done(self) -> None:
        """Waits until the outbox is empty."""
        async with asyncio.timeout(PATIENCE_S):
            while sum((await self.store.rows_waiting()).counts.values()):
                pass

    async def until_calls(self, number: int, *methods: str) -> None:
        """Waits until Telegram got that many calls."""
        async with asyncio.timeout(PATIENCE_S):
            while len(self.telegram.journal.of(*methods)) < number:
                await self.store.health()

    async def move(self, seconds: float, *, step_s: float = 0.5) -> None:
        """Moves the time on in steps, and lets everything happen that each brings."""
        for _ in range(round(seconds / step_s)):
            await self.time.advance(step_s)
            await self.quiet()

    async def quiet(self) -> None:
        """Waits until the sender has nothing under way and waits for the time or a commit."""
        calm = 0
        async with asyncio.timeout(PATIENCE_S):
            while calm < QUIET_ROUNDS:
                await self.store.health()
                calm = 0 if self.senders[-1].is_busy else calm + 1

    def texts(self, methods: Iterable[str] = ("sendMessage",)) -> list[str]:
        """What was said, in the order it was taken."""
        calls = self.telegram.journal.of(*methods)
        return [str(call.params["text"]) for call in calls if call.ok]

    async def _note_unreachable(self, person: str, incident: str, reason: str) -> None:
        self.unreachable.append((person, incident, reason))


@pytest.fixture
async def desk(store: Store) -> AsyncIterator[Desk]:
    """With Telegram's limits as the Bot FAQ has them."""
    time = MovingTime()
    world = World.demo(now=time.now)
    async with (
        SandboxServer(world, limits=SandboxLimits(), static_dir=None) as telegram,
        open_gateway(DEMO_TOKEN, telegram.url, store) as gateway,
    ):
        yield Desk(store, time, telegram, Driver(world), gateway)
