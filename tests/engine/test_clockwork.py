"""Timers fire at their time, whatever Prometheus does; the end of a watch alone waits for it."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from bot.engine.clockwork import CLAIM_FOR
from bot.store.records import Lease
from bot.store.wakes import Topic
from tests.engine.conftest import MINUTE, Bench

HOUR = 60 * MINUTE
QUESTIONS = 4
"""About the past of two metrics that can't be read: each is asked for its fresh samples, then as the plan has it."""


PATIENCE_S = 30.0
"""Whatever these tests wait for comes within milliseconds, or never."""


async def seen(what: str, waiting: Awaitable[object]) -> None:
    """The outcome of a wait; a test whose wait is in vain fails with the sentence."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            await waiting
    except TimeoutError:
        pytest.fail(f"within {PATIENCE_S:.0f} s {what}")


async def lease_of(bench: Bench) -> Lease:
    """The lease of the clockwork, for longer than any test runs."""
    lease = await bench.store.acquire("clockwork", "test", timedelta(days=1))
    assert lease is not None
    return lease


@asynccontextmanager
async def going(bench: Bench) -> AsyncGenerator[None]:
    """The clockwork runs."""
    work = asyncio.create_task(bench.clockwork.run(await lease_of(bench)))
    try:
        yield
    finally:
        work.cancel()
        await asyncio.wait([work])


async def until(bench: Bench, incident: str, kind: str, times: int = 1) -> None:
    """Wait until something has happened so often."""
    await seen(f"{incident} was not {kind!r} {times} times", _happens(bench, incident, kind, times))


async def _happens(bench: Bench, incident: str, kind: str, times: int) -> None:
    with bench.store.wakes.subscribe(*Topic) as wake:
        while (await bench.kinds(incident)).count(kind) < times:
            await wake.wait(MINUTE)


async def test_no_page_waits_for_a_prometheus(bench: Bench) -> None:
    """It holds its answer about a watch that is over: what falls due meanwhile is fired, also of that incident."""
    over = await bench.watched()
    bench.pass_time(HOUR)
    bench.past.hold()
    async with going(bench):
        await seen("nobody asked Prometheus about a watch that is over", bench.past.asked.wait())
        burning = await bench.declare("SEV-1")
        for _ in range(3):
            paged = (await bench.kinds(burning)).count("paged")
            bench.pass_time(5 * MINUTE)
            await until(bench, burning, "paged", paged + 1)
        await until(bench, over, "drafts_awaited")
        assert "resolved" not in await bench.kinds(over)
        bench.past.go_on()
        await until(bench, over, "resolved")


async def test_a_watch_ends_once_its_past_is_known(bench: Bench) -> None:
    """Prometheus is away when the time limit falls due: the timer comes back, and the breach of meanwhile is found."""
    over = await bench.watched()
    began = bench.store.clock.now()
    bench.past.courses["errors"] = lambda at: 0.2 if at < began + 10 * MINUTE else 0.0
    bench.pass_time(HOUR)
    bench.past.is_away = True
    lease = await lease_of(bench)
    await bench.clockwork.fire_due(lease)
    for _ in range(QUESTIONS):
        await seen("nobody asked Prometheus before a watch ends", bench.past.turned_away.get())
    bench.past.is_away = False
    await seen("the breach of meanwhile was not found", _finds_the_breach(bench, over, lease))


async def _finds_the_breach(bench: Bench, over: str, lease: Lease) -> None:
    while "verification_broken" not in (kinds := await bench.kinds(over)):
        assert "resolved" not in kinds
        bench.pass_time(CLAIM_FOR)
        await bench.clockwork.fire_due(lease)
