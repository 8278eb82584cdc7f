"""A sandbox with its web chat and panel, a bot to write there, and Chromium to look at it."""

from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from playwright.async_api import Browser, Page, async_playwright

from bot.sandbox.alert_hook import Hook
from bot.sandbox.limits import Limits
from bot.sandbox.monitoring import Monitoring, MonitoringKind
from bot.sandbox.panel import Panel, panel_routes
from bot.sandbox.server import SandboxServer
from bot.sandbox.service import BreakableService
from bot.sandbox.world import DEMO_TOKEN, World
from tests.needs import need_program

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
"""Names that the same browser has on different systems."""
Call = Callable[..., Coroutine[Any, Any, Any]]


@dataclass
class MovableTime:
    """The bot's clock."""

    moment: datetime = field(default_factory=lambda: datetime.now(UTC))
    speed: float = 1.0

    def now(self) -> datetime:
        """Give the moment."""
        return self.moment

    async def advance(self, by: timedelta) -> None:
        """Move on."""
        self.moment += by

    def set_speed(self, factor: float) -> None:
        """Run faster."""
        self.speed = factor


@dataclass
class Desk:
    """What the page shows, from behind."""

    world: World
    server: SandboxServer
    service: BreakableService
    monitoring: Monitoring
    time: MovableTime


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A running sandbox with everything the page needs."""
    world, time = World.demo(), MovableTime()
    nowhere = Hook("http://127.0.0.1:9/hooks/alertmanager")
    async with (
        BreakableService(time.now).serve() as service,
        Monitoring.start(service, nowhere, tmp_path, kind=MonitoringKind.STAND_IN) as monitoring,
    ):

        def mount(app: web.Application) -> None:
            panel_routes(app, Panel(service, monitoring, time))

        async with SandboxServer(world, limits=Limits.none(), extra_routes=mount) as server:
            yield Desk(world, server, service, monitoring, time)


@pytest.fixture
async def call(desk: Desk) -> AsyncIterator[Call]:
    """Call a method of the Bot API, as the bot does."""
    async with aiohttp.ClientSession() as http:

        async def send(method: str, **params: Any) -> Any:
            async with http.post(f"{desk.server.url}/bot{DEMO_TOKEN}/{method}", json=params) as answer:
                body = await answer.json()
            assert body["ok"], body
            return body["result"]

        yield send


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """The machine's Chromium."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=need_program(*CHROMIUM), args=["--no-sandbox"])
        yield browser
        await browser.close()


@pytest.fixture
async def phone(browser: Browser, desk: Desk) -> AsyncIterator[Page]:
    """The page on a phone, 390 px wide; an error in its scripts fails the test."""
    context = await browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = await context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    _ = await page.goto(desk.server.url)
    yield page
    await context.close()
    assert errors == []


@pytest.fixture
async def desktop(browser: Browser, desk: Desk) -> AsyncIterator[Page]:
    """The page on a desktop, 1280 px wide."""
    context = await browser.new_context(viewport={"width": 1280, "height": 860})
    page = await context.new_page()
    _ = await page.goto(desk.server.url)
    yield page
    await context.close()
