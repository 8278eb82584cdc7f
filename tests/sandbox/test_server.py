"""The sandbox as a command."""

import asyncio
import re
import sys

import aiohttp
import pytest

from bot.sandbox.server import run_sandbox


class Lines:
    """A standard output whose lines can be waited for."""

    def __init__(self) -> None:
        self.written: asyncio.Queue[str] = asyncio.Queue()

    def write(self, line: str) -> None:
        """Take a line."""
        self.written.put_nowait(line)

    def flush(self) -> None:
        """Nothing is held back."""


async def test_it_says_where_it_serves(monkeypatch: pytest.MonkeyPatch, http: aiohttp.ClientSession) -> None:
    """The address it prints answers the demo's token, until it is cancelled."""
    output = Lines()
    monkeypatch.setattr(sys, "stdout", output)
    running = asyncio.create_task(run_sandbox(port=0))
    address = re.search(r"http://\S+", await output.written.get())
    assert address
    async with http.get(f"{address[0]}/bot1:sandbox/getMe") as response:
        assert (await response.json())["result"]["first_name"] == "Nabat"
    running.cancel()
    await asyncio.wait([running])
    with pytest.raises(aiohttp.ClientConnectionError):
        await http.get(f"{address[0]}/bot1:sandbox/getMe")
