"""`nabat run` itself, with the Redis that it brings along, killed with -9."""

import os
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import aiohttp
import pytest

from bot.sandbox.driver import Driver
from bot.sandbox.limits import Limits
from bot.sandbox.server import SandboxServer
from bot.sandbox.world import World
from tests.faults.lives import PATIENCE_S, bot_environment, free_port, until
from tests.house import Fired


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends the embedded Redis with its bot")
async def test_the_program_goes_on_where_it_was_killed(tmp_path: Path) -> None:
    """What was acknowledged before the kill is there after it, and the next life answers what came in between."""
    world = World.demo()
    driver, port = Driver(world), free_port()
    hook = f"http://127.0.0.1:{port}/hooks/alertmanager"
    async with SandboxServer(world, limits=Limits.none(), static_dir=None) as telegram, aiohttp.ClientSession() as http:
        environment = os.environ | bot_environment(tmp_path, telegram.url, port, "embedded")

        async def is_ready() -> bool:
            try:
                async with http.get(f"http://127.0.0.1:{port}/readyz") as response:
                    return response.status == 200
            except aiohttp.ClientError:
                return False

        with program(environment, tmp_path) as first:
            await until(is_ready)
            async with http.post(hook, json=Fired().body()) as response:
                assert (response.status, await response.json()) == (200, {"incidents": ["INC-1"]})
            first.send_signal(signal.SIGKILL)
            first.wait()
        anna = driver.person("anna")
        await anna.send(anna.private, "/note INC-1 written while nobody listened")
        with program(environment, tmp_path):
            page = await anna.private.wait_for("page 1", timeout=PATIENCE_S)
            await anna.private.wait_for("Noted", timeout=PATIENCE_S)
            assert "You have INC-1" in (await anna.press(page, "Ack", timeout=PATIENCE_S)).text
            async with http.post(hook, json=Fired().body()) as response:
                assert await response.json() == {"incidents": ["INC-1"]}


@contextmanager
def program(environment: dict[str, str], folder: Path) -> Generator["subprocess.Popen[bytes]"]:
    """`nabat run`, ended in order at the end of the block if it still lives."""
    with (
        (folder / "nabat.log").open("ab") as log,
        subprocess.Popen([sys.executable, "-m", "bot", "run"], env=environment, stderr=log) as process,
    ):
        try:
            yield process
        finally:
            process.terminate()
            process.wait(PATIENCE_S)
