"""Group commit: scripts asked for at the same time share a round trip, and so a write to disk.

With `appendfsync always` Redis syncs its file once an event loop turn, however many commands that turn took. One after
the other, 1,000 commits pay 1,000 syncs (about 0.6 ms each); in batches they pay a handful.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from redis.exceptions import NoScriptError, RedisError

from bot.store.connect import PAUSE_BEFORE_SECOND_TRY, Command, Connection, NeverSentError, ReplyLostError, refusal
from bot.store.dial import REPLY_TIMEOUT_S
from bot.store.records import OutcomeUnknownError, StoreUnavailableError
from bot.store.scripts import Script

LARGEST_BATCH: Final = 100
"""Scripts in one round trip. At about 65 µs each it keeps Redis busy for 6 ms: others get their turn in between.

Measured with 1,000 commits at once and `appendfsync always`: 0.23 to 0.29 s with 100 in a batch, the same with 500.
"""


_EXPIRES_AFTER_S: Final = REPLY_TIMEOUT_S - 0.5
"""A little before whoever waits gives up: then Redis no longer carries out what it may still have in its buffers."""


@dataclass(frozen=True, slots=True)
class Call:
    """A script to run with its KEYS and ARGV, and an announcement to make after it, once for all in a batch.

    `expires`: the script's first argument is the instant after which it must not write any more. A server that was
    frozen carries out what it finds in its buffers, long after those who asked were told that nothing was saved.
    """

    script: Script
    keys: Sequence[str]
    arguments: Sequence[str | int]
    announcement: Command | None = None
    expires: bool = False

    def command(self, deadline_us: int) -> Command:
        """As Redis takes it. `deadline_us` is in microseconds since 1970 by Redis's clock, or 0 for none."""
        return self.script.call(self.keys, (deadline_us, *self.arguments) if self.expires else self.arguments)


@dataclass(frozen=True, slots=True)
class _Waiting:
    call: Call
    reply: asyncio.Future[object] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Batches:
    """Runs scripts, all that wait in one round trip, one round trip at a time."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._waiting: list[_Waiting] = []
        self._sender: asyncio.Task[None] | None = None
        self.second_tries = 0
        """How often something was asked again: what was handed in behind it may have come before it."""

    async def run_once(self, call: Call) -> object:
        """The reply of the script.

        Raises:
            ReplyLostError: The connection broke; the script may have run.
            StoreUnavailableError: Redis refuses for now; nothing was written.
        """
        waiting = _Waiting(call)
        self._waiting.append(waiting)
        if self._sender is None or self._sender.done():
            self._sender = asyncio.create_task(self._send_all(), name="store batches")
        return await waiting.reply

    async def run(self, call: Call, again: Call | None = None) -> object:
        """The reply of the script; when it was lost, that of a second try (`again`, else the same call).

        Only for scripts that may run twice.

        Raises:
            OutcomeUnknownError: A reply was lost, and no other try could learn whether the script ran.
            StoreUnavailableError: Redis can't be reached or refuses; the script did not run.
        """
        try:
            return await self.run_once(call)
        except ReplyLostError as error:
            first = error
        self.second_tries += 1
        await asyncio.sleep(PAUSE_BEFORE_SECOND_TRY.total_seconds())
        try:
            return await self.run_once(again or call)
        except (ReplyLostError, StoreUnavailableError) as error:
            if any(_may_have_run(each) for each in (first, error)):
                raise OutcomeUnknownError(f"{error}; it is not known whether anything was saved") from error
            raise StoreUnavailableError(str(error)) from error

    async def run_all(self, calls: Iterable[Call]) -> list[object]:
        """The replies of several scripts that may run twice, in order.

        Raises:
            StoreUnavailableError: As above, for the first that failed; others may have run.
        """
        return list(await asyncio.gather(*(self.run(call) for call in calls)))

    async def close(self) -> None:
        """Waits for what is under way."""
        if self._sender is not None:
            await self._sender

    async def _send_all(self) -> None:
        # The sender runs in the turn after the first script was asked for: those asked for in the same turn go along.
        while self._waiting:
            batch, self._waiting = self._waiting[:LARGEST_BATCH], self._waiting[LARGEST_BATCH:]
            try:
                replies = await self._replies([waiting.call for waiting in batch])
            except ReplyLostError as error:
                for waiting in batch:
                    _fail(waiting.reply, type(error)(str(error)))
            else:
                for waiting, reply in zip(batch, replies, strict=True):
                    _answer(waiting.reply, reply)
            finally:
                # A fault of our own above must not leave anybody waiting for ever.
                for waiting in batch:
                    waiting.reply.cancel()

    async def _replies(self, calls: Sequence[Call]) -> list[object]:
        announcements = dict.fromkeys(call.announcement for call in calls if call.announcement)
        deadline_us = self._deadline_us()
        commands = [*(call.command(deadline_us) for call in calls), *announcements]
        replies = (await self._connection.send(commands))[: len(calls)]
        unknown = [at for at, reply in enumerate(replies) if isinstance(reply, NoScriptError)]
        if unknown:
            scripts = {calls[at].script for at in unknown}
            loads = [script.load() for script in scripts]
            deadline_us = self._deadline_us()
            second = await self._connection.send([*loads, *(calls[at].command(deadline_us) for at in unknown)])
            for at, reply in zip(unknown, second[len(loads) :], strict=True):
                replies[at] = reply
        return replies

    def _deadline_us(self) -> int:
        ahead_s = self._connection.server_ahead_s
        if ahead_s is None:
            return 0
        return round((asyncio.get_running_loop().time() + ahead_s + _EXPIRES_AFTER_S) * 1e6)


def _may_have_run(error: Exception) -> bool:
    return isinstance(error, ReplyLostError) and not isinstance(error, NeverSentError)


def _answer(future: asyncio.Future[object], reply: object) -> None:
    if isinstance(reply, RedisError):
        _fail(future, refusal(reply))
    elif not future.done():
        future.set_result(reply)


def _fail(future: asyncio.Future[object], error: Exception) -> None:
    if not future.done():
        future.set_exception(error)
