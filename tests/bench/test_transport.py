"""How many calls the transport carries beside python-telegram-bot's default, 30 in flight, as in a storm.

The server is a process of its own on the loopback and answers at once, so what is measured is the client. Run it with
`python -m tests.bench.test_transport` or `make bench`.
"""

import asyncio
import statistics
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from aiohttp import web
from telegram import Bot
from telegram.request import BaseRequest, HTTPXRequest

from bot.delivery.transport import AiohttpRequest

IN_FLIGHT = 30
CALLS = 3_000
WARM_UP = 200
TOKEN = "1:bench"  # noqa: S105 - opens nothing
LEAST_GAIN = 3.0
"""Asserted; measured were 7 to 10, by machine and load."""
TEXT = "🔴 <b>SEV-1</b> · INC-7 · nobody has it yet\nHigh error rate on payments-api\n" * 4
ANSWER = {"ok": True, "result": {"message_id": 1, "date": 0, "chat": {"id": 1, "type": "private"}, "text": TEXT}}


@dataclass(frozen=True, slots=True)
class Measured:
    """Calls in a second, and how long a call took in milliseconds."""

    name: str
    per_second: float
    p50_ms: float
    p99_ms: float


async def _answer(request: web.Request) -> web.StreamResponse:
    await request.read()
    return web.json_response(ANSWER)


def serve() -> None:
    """Answers every call, and says its port on the first line of standard output."""

    async def run() -> None:
        app = web.Application()
        app.router.add_post("/{rest:.*}", _answer)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        sys.stdout.write(f"{runner.addresses[0][1]}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()

    asyncio.run(run())


@contextmanager
def server() -> Generator[str]:
    """The server in a process of its own; gives its address."""
    command = [sys.executable, "-c", "from tests.bench.test_transport import serve; serve()"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.kill()


async def measure(name: str, request: BaseRequest, url: str) -> Measured:
    """Sends messages with `IN_FLIGHT` under way at any time."""
    bot = Bot(TOKEN, base_url=f"{url}/bot", request=request, get_updates_request=request)
    took_s: list[float] = []
    left = iter(range(CALLS))

    async def send() -> None:
        for _ in left:
            started_s = time.perf_counter()
            await bot.send_message(1, TEXT, parse_mode="HTML")
            took_s.append(time.perf_counter() - started_s)

    async with request:
        for _ in range(WARM_UP // IN_FLIGHT):
            await asyncio.gather(*(bot.send_message(1, TEXT) for _ in range(IN_FLIGHT)))
        started_s = time.perf_counter()
        await asyncio.gather(*(send() for _ in range(IN_FLIGHT)))
        all_s = time.perf_counter() - started_s
    cuts_s = statistics.quantiles(took_s, n=100)
    return Measured(name, CALLS / all_s, cuts_s[49] * 1000, cuts_s[98] * 1000)


async def compare() -> tuple[Measured, Measured]:
    """The default, then ours."""
    with server() as url:
        default = await measure("HTTPXRequest (default)", HTTPXRequest(), url)
        ours = await measure("AiohttpRequest", AiohttpRequest(), url)
    return default, ours


def table(default: Measured, ours: Measured) -> str:
    """For people."""
    rows = [f"{'':24}{'calls/s':>10}{'p50 ms':>10}{'p99 ms':>10}"]
    rows += [f"{m.name:24}{m.per_second:10.0f}{m.p50_ms:10.1f}{m.p99_ms:10.1f}" for m in (default, ours)]
    gains = ours.per_second / default.per_second, default.p50_ms / ours.p50_ms, default.p99_ms / ours.p99_ms
    rows.append(f"{'times better':24}" + "".join(f"{gain:10.1f}" for gain in gains))
    return "\n".join(rows)


@pytest.mark.bench
async def test_the_transport_carries_several_times_the_default() -> None:
    """At 30 in flight ours makes more calls in a second, and its slowest ones are faster."""
    default, ours = await compare()
    sys.stdout.write(f"\n{table(default, ours)}\n")
    assert ours.per_second > LEAST_GAIN * default.per_second
    assert ours.p99_ms < default.p99_ms


if __name__ == "__main__":
    sys.stdout.write(f"{table(*asyncio.run(compare()))}\n")
