"""The same store on a Cluster, behind sentinels, and at a plain address."""

import asyncio
import socket
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import pytest
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from bot.settings.redis_target import parse_redis_url
from bot.store.opening import open_store
from bot.store.records import Committed, StoreUnavailableError
from bot.store.wakes import Topic
from tests.needs import need_program
from tests.redis_server import redis_server
from tests.store.writing import NOON, appending, asking, card


def free_port() -> int:
    """A port that is free now; its cluster bus port (10,000 above) is in range, too."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        if port < 50_000:
            return port


@contextmanager
def cluster() -> Generator[int]:
    """A Cluster of one node that has all slots; gives its port."""
    port = free_port()
    with redis_server("--port", str(port), "--cluster-enabled", "yes", "--bind", "127.0.0.1") as server:
        with server.client() as client:
            client.execute_command("CLUSTER", "ADDSLOTSRANGE", 0, 16383)  # pyright: ignore[reportUnknownMemberType] - untyped in redis-py
            while "'ok'" not in str(cast("object", client.execute_command("CLUSTER INFO"))):  # pyright: ignore[reportUnknownMemberType] - untyped in redis-py
                continue
        yield port


@contextmanager
def sentinel(folder: Path) -> Generator[int]:
    """A master and a sentinel that watches it as `nabat`; gives the sentinel's port."""
    master, port = free_port(), free_port()
    config = folder / "sentinel.conf"
    config.write_text(f"port {port}\nbind 127.0.0.1\nsentinel monitor nabat 127.0.0.1 {master} 1\n", encoding="utf-8")
    with redis_server("--port", str(master), "--bind", "127.0.0.1"):
        process = subprocess.Popen([need_program("redis-server"), str(config), "--sentinel"], stdout=subprocess.DEVNULL)
        try:
            with Redis(port=port) as client:
                while not answers(client):
                    assert process.poll() is None
            yield port
        finally:
            process.kill()
            process.wait(timeout=10)


def answers(client: Redis) -> bool:
    """Whether a server is up."""
    try:
        return cast("object", client.execute_command("PING")) is True  # pyright: ignore[reportUnknownMemberType] - untyped in redis-py
    except RedisConnectionError:
        return False


async def exercise(url: str, folder: Path) -> None:
    """Commits, reads, claims, wakes and checks, through every way the store talks to Redis."""
    async with open_store(parse_redis_url(url), folder) as store:
        assert await store.commit(appending("INC-1", due={"respond": NOON})) == Committed()
        results = await asyncio.gather(*(store.commit(appending(f"INC-{n}")) for n in range(2, 30)))
        assert results == [Committed()] * 28
        assert len(await store.load_many(await store.all_logs())) == 29
        with store.wakes.subscribe(Topic.OUTBOX) as wake:
            await store.commit(asking(card()))
            assert wake.event.is_set()
        assert await store.health()
        assert {problem.setting for problem in await store.durability()} == {"appendonly"}


async def test_a_cluster(tmp_path: Path) -> None:
    """All keys are in one slot, so every script runs on a Cluster as it is."""
    with cluster() as port:
        await exercise(f"redis+cluster://127.0.0.1:{port}", tmp_path)


async def test_sentinels(tmp_path: Path) -> None:
    """The master is found through a sentinel, also when another sentinel is down."""
    with sentinel(tmp_path) as port:
        await exercise(f"redis+sentinel://127.0.0.1:1,127.0.0.1:{port}/nabat", tmp_path)


async def test_a_unix_socket(tmp_path: Path) -> None:
    """A server at `unix://`."""
    with redis_server() as server:
        await exercise(f"unix://{server.socket}", tmp_path)


@pytest.mark.parametrize(
    "url", ["redis://127.0.0.1:1", "redis+sentinel://127.0.0.1:1/nabat", "redis+cluster://127.0.0.1:1"]
)
async def test_nobody_there(url: str, tmp_path: Path) -> None:
    """A Redis that can't be reached is StoreUnavailableError in each form."""
    with pytest.raises(StoreUnavailableError):
        async with open_store(parse_redis_url(url), tmp_path):
            pass
