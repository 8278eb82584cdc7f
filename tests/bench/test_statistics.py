"""What statistics over 2,000 incidents cost, and how long the event loop is held; run as a script for a table."""

import asyncio
import gc
import sys
import tempfile
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.commands import Acknowledge, PostUpdate, Resolve
from bot.domain.events import Event
from bot.domain.statistics import Record, columns, statistics
from bot.engine.records import Records
from bot.engine.rulebook import Rulebook
from bot.settings import Settings
from bot.store.clock import Clock
from bot.store.opening import open_store
from bot.store.records import Append, Commit
from bot.store.store import Store
from tests.domain.builders import ANNA, BUILT_IN, Course, a_roster, hours, minutes, the_rules

INCIDENTS = 2000
HELD_MS = 20
TICK_S = 0.001
TOGETHER = 50


def a_log(digest: str) -> tuple[Event, ...]:
    """Two hours of a SEV-1: pages, an answer, updates on time, the end."""
    it = Course(rules=replace(the_rules(), plan_digest=digest)).declare("SEV-1").at(minutes(6))
    it.do(Acknowledge(by=ANNA))
    for half_hours in range(1, 5):
        it.at(half_hours * minutes(30)).do(PostUpdate(by=ANNA, text="Rolled back, errors are falling"))
    it.at(hours(2) + minutes(5)).do(Resolve(by=ANNA))
    return tuple(it.log)


async def fill(store: Store, digest: str) -> None:
    """So many incidents, one every ten minutes up to now."""
    log = a_log(digest)
    for first in range(1, INCIDENTS + 1, TOGETHER):
        appends: list[Append] = []
        for number in range(first, first + TOGETHER):
            later = store.clock.now() - (INCIDENTS - number) * minutes(10) - hours(3) - log[0].at
            moved = tuple(event.model_copy(update={"at": event.at + later}) for event in log)
            appends.append(Append(f"INC-{number}", 0, moved, {}, is_open=False))
        await store.commit(Commit(appends=tuple(appends)))


async def longest_hold(until: asyncio.Event) -> float:
    """Seconds of work that the event loop's own thread did at most between two turns of a ticker.

    Counted in its processor time: what other processes take from it is no hold of ours.
    """
    longest = 0.0
    while not until.is_set():
        before = time.thread_time()
        await asyncio.sleep(TICK_S)
        longest = max(longest, time.thread_time() - before)
    return longest


async def measure() -> dict[str, float]:
    """Milliseconds of the first count and of the next, and the longest hold of the event loop meanwhile."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings()
        async with open_store(settings.redis, Path(folder), clock=Clock()) as store:
            rulebook = Rulebook(store, BUILT_IN, a_roster())
            await rulebook.keep()
            await fill(store, rulebook.digest)
            records, end = Records(store, rulebook), store.clock.now()
            gc.collect()
            gc.freeze()  # as the bot does once it is up
            done = asyncio.Event()
            holds = asyncio.create_task(longest_hold(done))
            await asyncio.sleep(0)
            took: list[float] = []
            found: tuple[Record, ...] = ()
            for _ in range(2):
                began = time.perf_counter()
                found = await records.since(end - timedelta(days=60))
                took.append((time.perf_counter() - began) * 1000)
            assert len(found) == INCIDENTS
            await asyncio.to_thread(statistics, found, end - timedelta(days=30), end)
            await asyncio.to_thread(columns, found, end - timedelta(days=30), end, BUILT_IN.timezone)
            done.set()
            held = await holds
    return {"first": took[0], "next": took[1], "held": held * 1000}


@pytest.mark.bench
def test_statistics_hold_nobody_up() -> None:
    """Counting 2,000 incidents never holds the event loop for more than 20 ms, and a second time takes a moment."""
    figures = asyncio.run(measure())
    assert figures["held"] < HELD_MS
    assert figures["next"] < figures["first"]


def main() -> None:
    """Print the table."""
    figures = asyncio.run(measure())
    rows = (
        (f"{INCIDENTS} incidents, the first time", f"{figures['first']:.0f} ms"),
        ("the next time", f"{figures['next']:.0f} ms"),
        ("event loop held at most", f"{figures['held']:.1f} ms"),
    )
    sys.stdout.write("".join(f"{name:<36}{figure:>12}\n" for name, figure in rows))


if __name__ == "__main__":
    main()
