"""One way to Redis, whatever stands there: a single server, Sentinel, or a Cluster.

The client's own retries are off: it would repeat a command whose reply was lost, and few of ours may be carried out
twice (seen with redis-py's defaults: one INCR became 2). Who may repeat what is decided here and by the scripts.
"""

import asyncio
import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final, Protocol, cast

from redis.asyncio import Redis, RedisCluster
from redis.exceptions import (
    AskError,
    ClusterError,
    InvalidResponse,
    NoPermissionError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisClusterException,
    RedisError,
    ResponseError,
    TryAgainError,
)
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from bot.store.cancellation import heeding_cancellation
from bot.store.keys import ROOT
from bot.store.records import StoreUnavailableError

Command = tuple[str | int, ...]

CONNECTIONS: Final = 16
"""Round trips under way at once; more would only queue up in Redis, which works on one command at a time."""

PAUSE_BEFORE_SECOND_TRY: Final = timedelta(milliseconds=150)
"""Long enough for the embedded server to be up again after a crash (measured: about 50 ms)."""

_LOST: Final = (RedisConnectionError, RedisTimeoutError, RedisClusterException, InvalidResponse, OSError)
"""InvalidResponse: what answers there is no Redis."""
_NOT_CONNECTED: Final = re.compile(r"\bconnecting to\b")
"""redis-py has no class for a connection that could not be made; it words it "Error 111 connecting to …"."""
_REFUSED: Final = (OutOfMemoryError, ReadOnlyError, ClusterError, AskError, TryAgainError, NoPermissionError)
_REFUSED_BY_CODE: Final = re.compile(r"\b(OOM|READONLY|MISCONF|NOREPLICAS|MASTERDOWN|BUSY|NOAUTH)\b")
"""Codes that redis-py has no class for, and those that Redis 6.2 hides in `ERR Error running script`."""


class ReplyLostError(Exception):
    """The connection broke: the commands may have been carried out, or not."""


class NeverSentError(ReplyLostError):
    """There was no connection to send the commands over: none was carried out."""


class _Pipeline(Protocol):
    def execute_command(self, *args: object, **options: object) -> object: ...

    async def execute(self, raise_on_error: bool = True) -> list[object]: ...


class Connection:
    """Sends commands, many in one round trip. Made by `bot.store.dial.dial`."""

    def __init__(self, client: "Redis | RedisCluster") -> None:
        self.client = client
        self.server_ahead_s: float | None = None
        """How far Redis's clock is ahead of the event loop's, in seconds; None until it was asked."""
        self._free = asyncio.Semaphore(CONNECTIONS)

    async def send(self, commands: Sequence[Command]) -> list[object]:
        """The replies to `commands`, in order, in one round trip; an error takes the place of its reply.

        Raises:
            NeverSentError: The server can't be reached.
            ReplyLostError: The connection broke.
        """
        async with self._free:
            try:
                return await heeding_cancellation(self._round_trip(commands))
            except _LOST as error:
                raise _lost(error) from error

    async def ask(self, *commands: Command) -> list[object]:
        """The replies to commands that may be carried out twice: reads, and writes of a given value.

        Raises:
            StoreUnavailableError: Redis can't be reached or refuses.
        """
        replies = await self.ask_each(commands)
        for reply in replies:
            if isinstance(reply, RedisError):
                raise refusal(reply)
        return replies

    async def ask_each(self, commands: Sequence[Command]) -> list[object]:
        """As above, with the error of a single command in the place of its reply.

        Raises:
            StoreUnavailableError: Redis can't be reached.
        """
        try:
            return await self.send(commands)
        except ReplyLostError:
            await asyncio.sleep(PAUSE_BEFORE_SECOND_TRY.total_seconds())
            try:
                return await self.send(commands)
            except ReplyLostError as error:
                raise StoreUnavailableError(str(error)) from error

    async def _round_trip(self, commands: Sequence[Command]) -> list[object]:
        pipeline = cast("_Pipeline", self.client.pipeline(transaction=False))
        for command in commands:
            pipeline.execute_command(*command)
        replies = await pipeline.execute(raise_on_error=False)
        for reply in replies:
            if isinstance(reply, _LOST):
                raise reply
        return replies

    async def subscriber(self) -> Redis:
        """The client that can subscribe to channels."""
        return cast("Redis", self.client)

    async def close(self) -> None:
        """Ends all connections."""
        await self.client.aclose()


class ClusterConnection(Connection):
    """A Cluster, of which one node has all our keys. Commands without a key go to that node, too."""

    def __init__(self, client: RedisCluster, options: dict[str, Any]) -> None:
        super().__init__(client)
        self._cluster = client
        self._options = options
        self._listening: Redis | None = None

    async def send(self, commands: Sequence[Command]) -> list[object]:
        """As above; after a break the Cluster is explored anew, because the slot may have moved."""
        try:
            return await super().send(commands)
        except ReplyLostError:
            await self._cluster.aclose()
            raise

    async def subscriber(self) -> Redis:
        """A client of the node of our slot; a Cluster passes announcements on to all its nodes."""
        await self._cluster.initialize()
        node = self._cluster.get_node_from_key(ROOT)
        if node is None:
            raise RedisConnectionError("The Cluster has no node for our slot.")
        if self._listening is not None:
            await self._listening.aclose()
        self._listening = Redis(host=node.host, port=int(node.port), **self._options)
        return self._listening

    async def close(self) -> None:
        """Ends all connections."""
        if self._listening is not None:
            await self._listening.aclose()
        await super().close()

    async def _round_trip(self, commands: Sequence[Command]) -> list[object]:
        await self._cluster.initialize()
        node = self._cluster.get_node_from_key(ROOT)
        pipeline = cast("_Pipeline", self._cluster.pipeline(transaction=False))
        for command in commands:
            pipeline.execute_command(*command, target_nodes=node)
        replies = await pipeline.execute(raise_on_error=False)
        for reply in replies:
            if isinstance(reply, _LOST):
                raise reply
        return replies


def refusal(error: RedisError) -> Exception:
    """What an error reply means: Redis refuses for now, or the command was wrong and the fault is ours."""
    if isinstance(error, _REFUSED) or not isinstance(error, ResponseError) or _REFUSED_BY_CODE.search(str(error)):
        return StoreUnavailableError(f"Redis refused: {_sentence(error)}")
    return error


def _lost(error: Exception) -> ReplyLostError:
    kind = NeverSentError if _NOT_CONNECTED.search(str(error)) else ReplyLostError
    return kind(f"Redis did not answer: {_sentence(error)}")


def _sentence(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".rstrip(".: ")
