"""Fixtures for all tests: a real Redis, and a store of its own for each test."""

import uuid
from collections.abc import AsyncIterator, Iterable, Iterator
from pathlib import Path
from typing import cast

import pytest
from redis import Redis

from bot.store.clock import Clock
from bot.store.dial import dial_socket
from bot.store.keys import FAMILIES, ROOT, Keys, Lifetime
from bot.store.store import Store
from tests.redis_server import redis_server


@pytest.fixture(scope="session")
def redis_socket() -> Iterator[Path]:
    """The unix socket of a Redis server started for this test process, as durable as Nabat wants it."""
    with redis_server("--appendonly", "yes", "--appendfsync", "always") as server:
        yield server.socket


@pytest.fixture
async def store(redis_socket: Path) -> AsyncIterator[Store]:
    """A store whose keys are its own; after the test, every key left must be of a known family."""
    connection = dial_socket(str(redis_socket))
    store = Store(connection, Keys(f"{ROOT}:{uuid.uuid4().hex}"), Clock())
    try:
        yield store
        await store.batches.close()
        _check_for_stray_keys(redis_socket, store.keys)
    finally:
        await connection.close()


def _check_for_stray_keys(socket: Path, keys: Keys) -> None:
    with Redis(unix_socket_path=str(socket), decode_responses=True) as client:
        found = cast("Iterable[str]", client.scan_iter(f"{keys.root}:*", count=1000))  # pyright: ignore[reportUnknownMemberType] - untyped in redis-py
        for key in found:
            family = keys.family(key)
            assert family in FAMILIES, f"{key} is of no known family"
            if FAMILIES[family] is Lifetime.EXPIRES:
                # -2: it expired between the scan and the question.
                assert client.pttl(key) > 0 or client.pttl(key) == -2, f"{key} never expires"
