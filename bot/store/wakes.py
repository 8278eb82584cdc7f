"""Wake-ups: whoever waits for work learns at once that there is some.

In this process directly, in other replicas through Redis's publish/subscribe. A lost wake-up is no loss: whoever waits
also looks by itself once in a while (`POLL`).
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from datetime import timedelta
from enum import StrEnum
from typing import Final, Protocol, cast

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.store.cancellation import heeding_cancellation
from bot.store.connect import Command

POLL: Final = timedelta(seconds=1)
"""How long a wait lasts at most: the delay that a lost wake-up may cost."""

_PAUSE: Final = timedelta(seconds=1)
"""Between attempts to hear from Redis again."""

_LONGEST_READ: Final = timedelta(seconds=30)
"""One read of the channel; without a bound some versions of the client take the silence for a broken connection."""

Subscriber = Callable[[], Awaitable[Redis]]
"""Gives the client that can subscribe; in a Cluster it is another one after the slot moved."""

_log = structlog.get_logger("nabat.store")


class Topic(StrEnum):
    """What there is to look at."""

    TIMERS = "timers"
    OUTBOX = "outbox"
    LOGS = "logs"
    """A log that is no incident's: whoever follows one would be woken by every press otherwise."""


class Wake:
    """Somebody's ear: `event` is set when there may be work."""

    def __init__(self) -> None:
        self.event = asyncio.Event()

    async def wait(self, at_most: timedelta = POLL) -> None:
        """Waits for a wake-up, for `at_most` of real time, and is ready for the next."""
        try:
            async with asyncio.timeout(at_most.total_seconds()):
                await self.event.wait()
        except TimeoutError:
            return
        finally:
            self.event.clear()


class Wakes:
    """Who waits for what."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self._process = secrets.token_hex(8)
        self._ears: dict[Topic, set[Wake]] = {topic: set() for topic in Topic}

    @contextmanager
    def subscribe(self, *topics: Topic) -> Generator[Wake]:
        """An ear for `topics`, for as long as the block runs."""
        wake = Wake()
        for topic in topics:
            self._ears[topic].add(wake)
        try:
            yield wake
        finally:
            for topic in topics:
                self._ears[topic].discard(wake)

    def ring(self, topics: frozenset[Topic]) -> None:
        """Wakes those in this process."""
        for topic in topics:
            for wake in self._ears[topic]:
                wake.event.set()

    def announcement(self, topics: frozenset[Topic]) -> Command:
        """The command that wakes those in other replicas."""
        return ("PUBLISH", self._channel, " ".join([self._process, *sorted(topics)]))

    async def listen(self, subscriber: Subscriber) -> None:
        """Passes on what other replicas announce, until cancelled."""
        while True:
            try:
                await self._listen_once(subscriber)
            except (RedisError, OSError) as error:
                _log.warning("wake-ups from other replicas are delayed", reason=str(error))
                await asyncio.sleep(_PAUSE.total_seconds())

    async def _listen_once(self, subscriber: Subscriber) -> None:
        client = cast("_Client", await subscriber())
        pubsub = client.pubsub(ignore_subscribe_messages=True)
        try:
            await heeding_cancellation(pubsub.subscribe(self._channel))
            self.ring(frozenset(Topic))
            while True:
                message = await pubsub.get_message(timeout=_LONGEST_READ.total_seconds())
                if message is not None:
                    self._hear(str(message["data"]))
        finally:
            await pubsub.aclose()

    def _hear(self, announcement: str) -> None:
        process, *topics = announcement.split()
        if process != self._process:
            self.ring(frozenset(Topic(topic) for topic in topics if topic in frozenset(Topic)))


class _Client(Protocol):
    def pubsub(self, *, ignore_subscribe_messages: bool) -> "_PubSub": ...


class _PubSub(Protocol):
    async def subscribe(self, channel: str) -> None: ...

    async def get_message(self, *, timeout: float) -> dict[str, object] | None: ...  # noqa: ASYNC109 - redis-py's name

    async def aclose(self) -> None: ...
