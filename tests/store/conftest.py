"""What the store's tests share: a second store on the same keys, and things to write."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest

from bot.store.clock import Clock
from bot.store.dial import dial_socket
from bot.store.records import Lease
from bot.store.store import Store
from tests.redis_server import RedisServer, redis_server, server_binaries


@pytest.fixture
async def other_store(redis_socket: Path, store: Store) -> AsyncIterator[Store]:
    """Another replica's store: its own connections, the same keys."""
    connection = dial_socket(str(redis_socket))
    yield Store(connection, store.keys, Clock())
    await connection.close()


@pytest.fixture
async def lease(store: Store) -> Lease:
    """The sender's lease, held for longer than any test runs."""
    lease = await store.acquire("sender", "test", timedelta(minutes=10))
    assert lease is not None
    return lease


@pytest.fixture
def noon() -> datetime:
    """An instant to count from."""
    return datetime(2026, 1, 12, 12, tzinfo=UTC)


@pytest.fixture(params=server_binaries(), ids=lambda binary: binary.parent.parent.name)
async def own_redis(request: pytest.FixtureRequest) -> AsyncIterator[tuple[RedisServer, Store]]:
    """A server of its own, that a test may fill or break, once for each server on this machine; with a store."""
    with redis_server("--maxmemory-policy", "noeviction", binary=cast("Path", request.param)) as server:
        connection = dial_socket(str(server.socket))
        yield server, Store(connection)
        await connection.close()
