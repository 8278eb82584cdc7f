"""Fixtures of the fault tests."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.faults.lives import Lives, lives
from tests.faults.nursery import Nursery
from tests.faults.nursery import nursery as open_nursery
from tests.redis_server import RedisServer, redis_server


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """Where bots begin their lives."""
    with open_nursery() as opened:
        yield opened


@pytest.fixture
def redis() -> Iterator[RedisServer]:
    """A Redis of the test's own, as durable as Nabat wants it."""
    with redis_server("--appendonly", "yes", "--appendfsync", "always") as server:
        yield server


@pytest.fixture
async def bot(nursery: Nursery, tmp_path: Path, redis: RedisServer) -> AsyncIterator[Lives]:
    """A bot to be killed; it does not live yet."""
    async with lives(nursery, tmp_path, redis.socket) as lived:
        yield lived
