"""Real time that a test moves: for budgets, outages and the sandbox's own limits alike."""

import asyncio
from datetime import UTC, datetime, timedelta


class MovingTime:
    """A monotonic clock that stands until it is moved. A `RealTime` for the sender, a `now` for the sandbox."""

    def __init__(self) -> None:
        self._now_s = 1_000.0
        self._moved = asyncio.Condition()

    def now_s(self) -> float:
        """Seconds."""
        return self._now_s

    def now(self) -> datetime:
        """The same as a date, for the sandbox."""
        return datetime(2026, 1, 11, tzinfo=UTC) + timedelta(seconds=self._now_s)

    async def wait(self, event: asyncio.Event, until_s: float | None) -> None:
        """Returns when the event is set or the time was moved there."""
        if event.is_set() or (until_s is not None and self._now_s >= until_s):
            return
        ringing = asyncio.create_task(event.wait())
        coming = asyncio.create_task(self._comes(until_s))
        try:
            await asyncio.wait({ringing, coming}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            ringing.cancel()
            coming.cancel()

    async def advance(self, seconds: float) -> None:
        """Moves the time forward and wakes whoever waits for it."""
        self._now_s += seconds
        async with self._moved:
            self._moved.notify_all()

    async def _comes(self, until_s: float | None) -> None:
        async with self._moved:
            await self._moved.wait_for(lambda: until_s is not None and self._now_s >= until_s)
