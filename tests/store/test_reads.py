"""Questions that travel together."""

import asyncio
from collections.abc import Sequence
from typing import cast

import pytest
from redis.asyncio import Redis

from bot.store.connect import Command, Connection
from bot.store.reads import Reads
from bot.store.store import Store


class CountedConnection(Connection):
    """A connection that counts its round trips."""

    round_trips = 0

    async def send(self, commands: Sequence[Command]) -> list[object]:
        """As the real one does."""
        self.round_trips += 1
        return await super().send(commands)


async def test_a_crowd_of_questions_shares_round_trips(store: Store) -> None:
    """250 questions at once take three round trips, and each gets its own answer."""
    connection = CountedConnection(cast("Redis", store.connection.client))
    reads = Reads(connection)
    answers = await asyncio.gather(*(reads.ask(("ECHO", str(number))) for number in range(250)))
    assert answers == [[str(number)] for number in range(250)]
    assert connection.round_trips == 3


async def test_a_question_that_fails_fails_alone(store: Store) -> None:
    """A command that Redis refuses fails for whoever asked it; others in the same round trip get their replies."""
    reads = Reads(store.connection)
    good, bad, other = await asyncio.gather(
        reads.ask(("ECHO", "a"), ("ECHO", "b")),
        reads.ask(("LRANGE", "no", "numbers", "here")),
        reads.ask(("ECHO", "c")),
        return_exceptions=True,
    )
    assert (good, other) == (["a", "b"], ["c"])
    assert isinstance(bad, Exception)


async def test_nobody_waits_for_one_who_gave_up(store: Store) -> None:
    """Whoever is cancelled while waiting takes nothing from the others."""
    reads = Reads(store.connection)
    gives_up = asyncio.create_task(reads.ask(("ECHO", "a")))
    stays = asyncio.create_task(reads.ask(("ECHO", "b")))
    await asyncio.sleep(0)
    gives_up.cancel()
    assert await stays == ["b"]
    with pytest.raises(asyncio.CancelledError):
        await gives_up
    await reads.close()
