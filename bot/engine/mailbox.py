"""Commands to one incident, taken in order and committed together.

A crowd pressing buttons on one card costs one commit a round trip, not one a press: whatever has queued up while a
commit was under way is decided one after the other and written by the next.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.domain.commands import Command
from bot.engine.outcomes import Outcome

BATCH = 256
"""Commands in one commit: bounds the size of a script call (an event is about 200 bytes)."""


@dataclass(slots=True)
class Letter:
    """A command on its way, and the promise of its outcome. `answers`: the message in the group that asked for it."""

    command: Command
    operation: str | None
    answers: int | None = None
    outcome: asyncio.Future[Outcome] = field(default_factory=asyncio.Future[Outcome])


class Mailbox:
    """Hands letters to `work` in batches, one batch at a time."""

    def __init__(self, work: Callable[[list[Letter]], Awaitable[None]]) -> None:
        self._work = work
        self._letters: deque[Letter] = deque()
        self._task: asyncio.Task[None] | None = None

    @property
    def idle(self) -> bool:
        """Whether nothing waits and nothing is under way."""
        return self._task is None

    async def post(self, command: Command, operation: str | None, answers: int | None = None) -> Outcome:
        """The outcome of the command, once it is committed or refused.

        A caller that is cancelled meanwhile takes nothing back: the work goes on in a task of its own.

        Raises:
            StoreUnavailableError: nothing was saved.
        """
        letter = Letter(command, operation, answers)
        self._letters.append(letter)
        if self._task is None:
            self._task = asyncio.create_task(self._empty())
        return await asyncio.shield(letter.outcome)

    async def _empty(self) -> None:
        try:
            while self._letters:
                batch = [self._letters.popleft() for _ in range(min(BATCH, len(self._letters)))]
                await self._finish(batch)
        finally:
            self._task = None

    async def _finish(self, batch: list[Letter]) -> None:
        """Every letter gets its outcome or its error, whatever happens to the work."""
        error: BaseException | None = None
        try:
            await self._work(batch)
        except Exception as raised:  # noqa: BLE001 - not swallowed: it is handed to everybody who waits
            error = raised
        finally:
            for letter in batch:
                if not letter.outcome.done():
                    letter.outcome.set_exception(error or asyncio.CancelledError())
