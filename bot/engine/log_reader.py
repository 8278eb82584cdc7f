"""Reads logs by the plan's log actions, a few at a time, however many people ask."""

import asyncio

from bot.domain.plan import Action
from bot.engine.endings import ActionResult
from bot.engine.runner import Runner

AT_ONCE = 2
"""Log actions in flight: reading logs must not load a machine that is in trouble already."""


class LogReader:
    """Runs log actions in turn."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self._turn = asyncio.Semaphore(AT_ONCE)

    async def read(self, action: Action) -> ActionResult:
        """What the action printed, bounded and masked. Cancelling this ends the action."""
        async with self._turn:
            return await self._runner.run(action)
