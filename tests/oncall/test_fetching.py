"""Fetching the calendar: what comes back, what does not, and that its address is a secret."""

from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
import pytest
from aiohttp import web

from bot.engine.calendar_reader import LARGEST_BYTES, fetch
from bot.engine.calendar_reading import CalendarError

Serve = Callable[[bytes, int], Awaitable[str]]


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Serves a body with a status; gives the address."""
    runners: list[web.AppRunner] = []

    async def begin(body: bytes, status: int) -> str:
        async def answer(_: web.Request) -> web.Response:
            return web.Response(body=body, status=status)

        app = web.Application()
        app.router.add_get("/secret.ics", answer)
        runners.append(runner := web.AppRunner(app))
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{runner.addresses[0][1]}/secret.ics"

    yield begin
    for runner in runners:
        await runner.cleanup()


async def test_the_file_comes_whole(serve: Serve) -> None:
    """Up to the bound."""
    async with aiohttp.ClientSession() as http:
        assert await fetch(http, await serve(b"x" * LARGEST_BYTES, 200)) == b"x" * LARGEST_BYTES


@pytest.mark.parametrize(("size", "status", "why"), [(0, 403, "HTTP 403"), (LARGEST_BYTES + 1, 200, "1024 KiB")])
async def test_a_refusal_and_a_flood_are_told(serve: Serve, size: int, status: int, why: str) -> None:
    """In words that do not hold the address."""
    async with aiohttp.ClientSession() as http:
        with pytest.raises(CalendarError, match=why) as refused:
            await fetch(http, await serve(b"x" * size, status))
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/secret.ics", "http://[secret/"])
async def test_nobody_there_is_told(url: str) -> None:
    """In words that do not hold the address."""
    async with aiohttp.ClientSession() as http:
        with pytest.raises(CalendarError, match="can't be reached") as refused:
            await fetch(http, url)
    assert "secret" not in str(refused.value)
