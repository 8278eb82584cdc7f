"""`make picture`: the card of README.md, photographed in the web chat at a phone's width by the machine's Chromium."""

import asyncio
import shutil
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

from playwright.async_api import Page, ViewportSize, async_playwright
from pydantic import SecretStr

from bot.app import Running, running
from bot.configuration import Configuration
from bot.demo import demo_roster
from bot.domain.actors import Responder, Source
from bot.domain.alerts import Alert, AlertStatus
from bot.domain.commands import Acknowledge, Declare, PostUpdate
from bot.sandbox.driver import Driver
from bot.sandbox.limits import Limits
from bot.sandbox.server import SandboxServer
from bot.sandbox.world import DEMO_TOKEN, RESPONDERS_ID, World
from bot.settings import Settings, load_plan

PICTURE = Path(__file__).with_name("card.png")
PHONE: ViewportSize = {"width": 390, "height": 640}
SHARPNESS = 2


async def main() -> None:
    """Live through the beginning of an incident, and take its picture."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        world = World.demo()
        sandbox = await stack.enter_async_context(SandboxServer(world, limits=Limits.none()))
        settings = Settings(
            telegram_token=SecretStr(DEMO_TOKEN), telegram_api_url=sandbox.url, data_dir=folder, http_port=0
        )
        bot = await stack.enter_async_context(running(Configuration(settings, load_plan(), demo_roster())))
        await sandbox.wait_for_poll()
        await live(bot, Driver(world))
        await photograph(sandbox.url)


async def live(bot: Running, driver: Driver) -> None:
    """Three alerts of one group, Anna has it, and one update."""
    now = bot.store.clock.now()
    alerts = tuple(
        Alert(
            fingerprint=f"{number}",
            status=AlertStatus.FIRING,
            labels={"alertname": "HighErrorRate", "severity": "critical", "instance": f"api-{number}"},
            summary="High error rate on payments-api",
            starts_at=now,
        )
        for number in (1, 2, 3)
    )
    source = Source(name="alertmanager")
    await bot.desk.take_alerts("picture", Declare(source, "High error rate on payments-api", alerts=alerts))
    await driver.chat(RESPONDERS_ID).wait_for("nobody has it yet")
    anna = Responder(person="anna")
    await bot.desk.handle("INC-1", Acknowledge(anna))
    await bot.desk.handle("INC-1", PostUpdate(anna, "rolled back 4.2.1, errors are falling"))
    await driver.chat(RESPONDERS_ID).wait_for("errors are falling")


async def photograph(url: str) -> None:
    """Open the chat as Anna does on her phone."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page: Page = await browser.new_page(viewport=PHONE, device_scale_factor=SHARPNESS, color_scheme="light")
        await page.goto(url)
        await page.get_by_text("Incidents").first.click()
        await page.get_by_role("button", name="Resolve").wait_for()
        await page.screenshot(path=PICTURE)
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main())
