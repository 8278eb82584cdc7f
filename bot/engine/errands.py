"""Work that nobody waits for: a picture that follows its text."""

import asyncio
from collections.abc import Callable, Coroutine

import structlog

log = structlog.get_logger(__name__)


class Errands:
    """Runs errands beside everything else; one that fails is logged, and those left at the end are dropped."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()
        self._names: set[str] = set()

    def run(self, errand: Coroutine[None, None, None]) -> None:
        """Begin an errand."""
        task = asyncio.create_task(errand)
        self._running.add(task)
        task.add_done_callback(self._done)

    def run_once(self, name: str, errand: Callable[[], Coroutine[None, None, None]]) -> bool:
        """Begin an errand, unless one of that name is under way."""
        if name in self._names:
            return False
        self._names.add(name)
        self.run(self._named(name, errand))
        return True

    def under_way(self, name: str) -> bool:
        """Whether an errand of that name is under way."""
        return name in self._names

    async def _named(self, name: str, errand: Callable[[], Coroutine[None, None, None]]) -> None:
        try:
            await errand()
        finally:
            self._names.discard(name)

    async def close(self) -> None:
        """Drop what is still under way."""
        for task in self._running:
            task.cancel()
        if self._running:
            await asyncio.wait(self._running)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("an errand failed", exc_info=error)
