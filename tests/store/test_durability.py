"""What the doctor says about a Redis that might lose incidents."""

import pytest

from bot.store.dial import dial_socket
from bot.store.durability import Severity, durability
from bot.store.store import Store
from tests.redis_server import redis_server


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ((), {"appendonly": Severity.FATAL}),
        (("--appendonly", "yes"), {"appendfsync": Severity.WARNING}),
        (("--appendonly", "yes", "--appendfsync", "no"), {"appendfsync": Severity.FATAL}),
        (
            (
                "--appendonly",
                "yes",
                "--appendfsync",
                "always",
                "--maxmemory",
                "1gb",
                "--maxmemory-policy",
                "allkeys-lru",
            ),
            {"maxmemory-policy": Severity.FATAL},
        ),
        (
            ("--appendonly", "yes", "--appendfsync", "always", "--replicaof", "127.0.0.1 1"),
            {"role": Severity.FATAL},
        ),
        (
            ("--appendonly", "yes", "--appendfsync", "always", "--rename-command", "CONFIG", ""),
            {"CONFIG": Severity.UNKNOWN},
        ),
    ],
    ids=["no file", "every second", "no sync", "evicts", "replica", "no CONFIG"],
)
async def test_each_danger_is_named(options: tuple[str, ...], found: dict[str, Severity]) -> None:
    """The setting, how bad it is, and what to do."""
    with redis_server(*options) as server:
        connection = dial_socket(str(server.socket))
        problems = await durability(connection)
        await connection.close()
    assert {problem.setting: problem.severity for problem in problems} == found
    assert all(problem.advice for problem in problems)


async def test_a_redis_as_nabat_wants_it_has_no_problem(store: Store) -> None:
    """Append-only file, synced always, nothing evicted."""
    assert await store.durability() == ()
