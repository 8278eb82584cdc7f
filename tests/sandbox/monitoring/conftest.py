"""A hook that keeps what the demo's monitoring tells it, and both kinds of that monitoring."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web

from bot.sandbox.alert_hook import Hook
from bot.sandbox.alertmanager_standin import Timing
from bot.sandbox.monitoring import MonitoringKind
from bot.sandbox.real_monitoring import ALERTMANAGERS, PROMETHEUS
from tests.needs import need_program

TOKEN = "hook-token-for-tests"  # noqa: S105 - protects nothing
QUICK = Timing(group_wait=timedelta(milliseconds=100), group_interval=timedelta(milliseconds=500))
WITHIN_S = 30


def need_the_programs() -> None:
    """Both, or no test of them."""
    need_program(PROMETHEUS)
    need_program(*ALERTMANAGERS)


@pytest.fixture(params=list(MonitoringKind))
def kind(request: pytest.FixtureRequest) -> MonitoringKind:
    """Both kinds, one after the other."""
    if request.param is MonitoringKind.REAL:
        need_the_programs()
    return request.param


@dataclass
class Receiver:
    """A hook that keeps what it was sent, and answers with the next of `statuses`, then with 200."""

    url: str = ""
    statuses: list[int] = field(default_factory=list[int])
    tokens: set[str | None] = field(default_factory=set[str | None])
    bodies: asyncio.Queue[dict[str, Any]] = field(default_factory=asyncio.Queue[dict[str, Any]])

    @property
    def hook(self) -> Hook:
        """Its address with a token."""
        return Hook(self.url, TOKEN)

    async def take(self, request: web.Request) -> web.Response:
        """Keep one webhook."""
        self.tokens.add(request.headers.get("Authorization"))
        if self.statuses and (status := self.statuses.pop(0)) != 200:
            return web.Response(status=status)
        await self.bodies.put(await request.json())
        return web.Response()

    async def told(self, alertname: str, status: str) -> dict[str, Any]:
        """Wait for the first alert of this name with this status."""
        async with asyncio.timeout(WITHIN_S):
            while True:
                for alert in (await self.bodies.get())["alerts"]:
                    if alert["labels"]["alertname"] == alertname and alert["status"] == status:
                        return alert


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """A hook on a port of its own."""
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hooks/alertmanager", receiver.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hooks/alertmanager"
    yield receiver
    await runner.cleanup()
