"""The clock: never backwards, moved by tests, set by Redis."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.store.clock import Clock
from bot.store.store import Store

START = datetime(2026, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


class Quartz:
    """A monotonic clock that a test moves."""

    def __init__(self) -> None:
        self.s = 0.0

    def __call__(self) -> float:
        """Seconds since some instant."""
        return self.s


@pytest.fixture
def quartz() -> Quartz:
    """What the clock counts with."""
    return Quartz()


@pytest.fixture
def clock(quartz: Quartz) -> Clock:
    """A clock that shows START."""
    return Clock(wall=lambda: START, monotonic=quartz)


def test_it_runs_with_the_time(clock: Clock, quartz: Quartz) -> None:
    """A second is a second, in UTC."""
    quartz.s += 1
    assert clock.now() == START + SECOND
    assert clock.now().tzinfo is UTC


def test_it_can_be_moved_and_sped_up(clock: Clock, quartz: Quartz) -> None:
    """Moving adds to the time; speed multiplies what passes from then on; 0 stops it."""
    clock.advance(HOUR)
    clock.set_speed(60)
    quartz.s += 1
    assert clock.now() == START + HOUR + timedelta(minutes=1)
    clock.set_speed(0)
    quartz.s += 100
    assert clock.now() == START + HOUR + timedelta(minutes=1)
    assert clock.speed == 0


def test_it_follows_redis_forward_at_once(clock: Clock) -> None:
    """A clock that is behind makes it good at once, and keeps what it was moved by."""
    clock.advance(HOUR)
    clock.set_by(START + SECOND)
    assert clock.now() == START + SECOND + HOUR


def test_it_never_runs_backwards(clock: Clock, quartz: Quartz) -> None:
    """A clock that is ahead runs at half its speed until Redis has caught up."""
    clock.set_by(START - 10 * SECOND)
    assert clock.now() == START
    quartz.s += 10
    assert clock.now() == START + 5 * SECOND
    quartz.s += 10
    assert clock.now() == START + 10 * SECOND
    quartz.s += 10
    assert clock.now() == START + 20 * SECOND


def test_it_refuses_to_run_backwards(clock: Clock) -> None:
    """A negative move or speed is the caller's fault."""
    with pytest.raises(ValueError, match="backwards"):
        clock.advance(-SECOND)
    with pytest.raises(ValueError, match="backwards"):
        clock.set_speed(-1)


async def test_a_sleeper_wakes_when_the_clock_is_moved(clock: Clock) -> None:
    """Moving the clock over the instant ends the sleep; moving it short of that does not."""
    sleeper = asyncio.create_task(clock.sleep_until(START + HOUR))
    await asyncio.sleep(0)
    clock.advance(HOUR - SECOND)
    await asyncio.sleep(0)
    assert not sleeper.done()
    clock.advance(SECOND)
    assert await sleeper


async def test_a_sleeper_can_be_woken_before(clock: Clock) -> None:
    """Somebody's event ends the sleep, which says that its instant has not come."""
    wake = asyncio.Event()
    sleepers = [asyncio.create_task(clock.sleep_until(at, wake)) for at in (START + HOUR, None)]
    await asyncio.sleep(0)
    wake.set()
    assert await asyncio.gather(*sleepers) == [False, False]


async def test_a_sleeper_sleeps_by_the_real_time() -> None:
    """With a fast clock an hour is over at once."""
    clock = Clock()
    clock.set_speed(3_600_000)
    assert await clock.sleep_until(clock.now() + HOUR)


async def test_the_store_sets_it_by_redis(store: Store) -> None:
    """After setting it is within a tenth of a second of Redis's own clock."""
    store.clock.set_by(datetime.now(UTC) - HOUR)
    await store.set_clock()
    (reply,) = await store.connection.ask(("TIME",))
    assert isinstance(reply, tuple)
    seconds, us = (int(part) for part in reply)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType] - redis-py's reply
    redis_now = datetime.fromtimestamp(seconds, UTC) + timedelta(microseconds=us)
    assert abs(store.clock.now() - redis_now) < timedelta(milliseconds=100)
