"""Real time, in which Telegram's limits and outages pass, whatever speed the store's clock has."""

import asyncio
import time
from typing import Protocol


class RealTime(Protocol):
    """A monotonic clock that one can wait by. Tests bring one that they move."""

    def now_s(self) -> float:
        """Seconds; only differences mean something."""
        ...

    async def wait(self, event: asyncio.Event, until_s: float | None) -> None:
        """Returns when the event is set or the time has come (None: never)."""
        ...


class MonotonicTime:
    """The machine's."""

    def now_s(self) -> float:
        """Seconds of `time.monotonic`."""
        return time.monotonic()

    async def wait(self, event: asyncio.Event, until_s: float | None) -> None:
        """Returns when the event is set or the time has come (None: never)."""
        if until_s is None:
            await event.wait()
            return
        try:
            async with asyncio.timeout(max(0.0, until_s - self.now_s())):
                await event.wait()
        except TimeoutError:
            return
