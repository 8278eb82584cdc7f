"""The only source of now.

It follows the clock of Redis, so that all replicas agree, and never runs backwards. Tests and the demo may move it and
change its speed; nothing else in Nabat asks the machine for the time of day.
"""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

LONGEST_SLEEP: Final = timedelta(minutes=1)
"""After so much real time a sleeper looks at the clock again: corrections by Redis shift the moment it waits for."""

_CATCHING_UP: Final = 2
"""A clock that is ahead of Redis runs at one half of its speed until Redis has caught up."""


class Clock:
    """A clock that starts at the machine's time, is set by Redis, and can be moved."""

    def __init__(
        self,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._monotonic = monotonic
        self._set_at_s = monotonic()
        self._set_to = wall()
        self._ahead = timedelta()
        self._moved_at = self._set_to
        self._moved_to = self._set_to
        self._speed = 1.0
        self._sleepers: set[asyncio.Event] = set()

    def now(self) -> datetime:
        """The present instant, aware, in UTC. Never before one that was returned earlier."""
        return self._moved_to + (self._real() - self._moved_at) * self._speed

    @property
    def speed(self) -> float:
        """How many seconds pass on this clock in one real second."""
        return self._speed

    def set_speed(self, speed: float) -> None:
        """Lets the clock run `speed` times as fast from now on; 0 stops it.

        Raises:
            ValueError: The speed is negative.
        """
        if speed < 0:
            raise ValueError("A clock does not run backwards.")
        self._hold()
        self._speed = speed
        self._wake_sleepers()

    def advance(self, by: timedelta) -> None:
        """Moves the clock forward; sleepers whose time has come wake up.

        Raises:
            ValueError: `by` is negative.
        """
        if by < timedelta():
            raise ValueError("A clock does not run backwards.")
        self._hold()
        self._moved_to += by
        self._wake_sleepers()

    def set_by(self, measured: datetime) -> None:
        """Follows a better clock, which shows `measured` right now.

        What this clock is behind is made good at once; what it is ahead, by running slower for a while.
        """
        real = self._real()
        self._ahead = max(real - measured, timedelta())
        self._set_at_s = self._monotonic()
        self._set_to = max(real, measured)

    async def sleep_until(self, at: datetime | None, wake: asyncio.Event | None = None) -> bool:
        """Waits until this clock shows `at` (None: for ever) or `wake` is set, and returns whether `at` has come.

        Notices when the clock is moved or its speed changed. `wake` is left as it is.
        """
        moved = asyncio.Event()
        self._sleepers.add(moved)
        try:
            while not (come := at is not None and self.now() >= at) and not (wake is not None and wake.is_set()):
                moved.clear()
                await _first_of([moved, wake] if wake else [moved], self._real_wait(at))
        finally:
            self._sleepers.discard(moved)
        return come

    def _real(self) -> datetime:
        passed = timedelta(seconds=self._monotonic() - self._set_at_s)
        return self._set_to + passed - min(self._ahead, passed / _CATCHING_UP)

    def _hold(self) -> None:
        self._moved_at, self._moved_to = self._real(), self.now()

    def _wake_sleepers(self) -> None:
        for sleeper in self._sleepers:
            sleeper.set()

    def _real_wait(self, at: datetime | None) -> timedelta:
        if at is None or self._speed == 0:
            return LONGEST_SLEEP
        return min((at - self.now()) / self._speed, LONGEST_SLEEP)


async def _first_of(events: list[asyncio.Event], at_most: timedelta) -> None:
    waits = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, timeout=at_most.total_seconds(), return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
