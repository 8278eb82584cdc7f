"""The clock of Redis, as seen from here."""

import asyncio
from datetime import timedelta
from typing import Final, cast

import structlog

from bot.store.clock import Clock
from bot.store.connect import Connection
from bot.store.instants import from_us
from bot.store.records import StoreUnavailableError

RESET_EVERY: Final = timedelta(seconds=60)
"""Quartz drifts by about 50 parts in a million: 3 ms a minute, far below what a person notices."""

_SAMPLES: Final = 3
"""Of so many readings the quickest counts: its age is known best."""

_log = structlog.get_logger("nabat.store")


async def set_clock(clock: Clock, connection: Connection) -> None:
    """Sets the clock by Redis's `TIME`, allowing for half of the round trip, and notes how far Redis is ahead.

    Raises:
        StoreUnavailableError: Redis can't be reached.
    """
    loop = asyncio.get_running_loop()
    readings: list[tuple[float, float]] = []
    for _ in range(_SAMPLES):
        asked_s = loop.time()
        (reply,) = await connection.ask(("TIME",))
        answered_s = loop.time()
        seconds, us = cast("tuple[int, int]", reply)
        readings.append((answered_s - asked_s, int(seconds) + int(us) / 1e6 - (asked_s + answered_s) / 2))
    offset_s = min(readings)[1]
    connection.server_ahead_s = offset_s
    clock.set_by(from_us(round((loop.time() + offset_s) * 1e6)))


async def keep_clock_set(clock: Clock, connection: Connection) -> None:
    """Sets the clock again and again, until cancelled. While Redis is away the clock runs on by itself."""
    while True:
        await asyncio.sleep(RESET_EVERY.total_seconds())
        try:
            await set_clock(clock, connection)
        except StoreUnavailableError as error:
            _log.warning("the clock can't be set by Redis", reason=str(error))
