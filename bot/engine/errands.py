"""Work that nobody waits for: a picture that follows its text."""

import asyncio
from collections.abc import Coroutine

import structlog

log = structlog.get_logger(__name__)


class Errands:
    """Runs errands beside everything else; one that fails is logged, and those left at the end are dropped."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def run(self, errand: Coroutine[None, None, None]) -> None:
        """Begin an errand."""
        task = asyncio.create_task(errand)
        self._running.add(task)
        task.add_done_callback(self._done)

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
