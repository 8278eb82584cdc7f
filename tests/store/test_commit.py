"""One commit: everything or nothing, once."""

import asyncio

import pytest

from bot.domain.intents import Lane
from bot.store.records import (
    Append,
    Commit,
    Committed,
    Conflicted,
    IndexChange,
    Lease,
    LeaseLostError,
    Repeated,
    StoreUnavailableError,
)
from bot.store.store import Store
from tests.redis_server import RedisServer
from tests.store.writing import NOON, append, appending, asking, card, note


async def test_what_was_committed_is_read_back(store: Store) -> None:
    """Events come back in order, and the version is their number."""
    assert await store.commit(appending("INC-1", 0, "one", "two")) == Committed()
    assert await store.commit(appending("INC-1", 2, "three")) == Committed()
    assert await store.load("INC-1") == (note("one"), note("two"), note("three"))
    assert await store.load("INC-1", after=2) == (note("three"),)
    assert await store.versions(["INC-1", "INC-2"]) == {"INC-1": 3, "INC-2": 0}
    assert await store.load_many(["INC-1", "INC-2"]) == {"INC-1": await store.load("INC-1"), "INC-2": ()}


async def test_a_stale_version_writes_nothing(store: Store) -> None:
    """A commit that expects another version is told which logs moved, and leaves no trace of any of its parts."""
    await store.commit(appending("INC-1"))
    stale = Commit(
        operations=("tg:1",),
        appends=(append("INC-1", 0, due={"respond": NOON}), append("INC-2", 0)),
        outbox=(card(),),
        index=(IndexChange("group", "g", None, "INC-2"),),
    )
    assert await store.commit(stale) == Conflicted(("INC-1",))
    assert await store.versions(["INC-1", "INC-2"]) == {"INC-1": 1, "INC-2": 0}
    assert await store.next_due() is None
    assert (await store.rows_waiting()).counts[Lane.CARDS] == 0
    assert await store.index_all("group") == {}
    assert await store.commit(Commit(operations=("tg:1",))) == Committed()


async def test_of_two_replicas_one_wins(store: Store, other_store: Store) -> None:
    """Many commits of the same version at once, from two replicas: exactly one is written."""
    results = await asyncio.gather(
        *(replica.commit(appending("INC-1", 0, f"{n}")) for n in range(20) for replica in (store, other_store))
    )
    assert results.count(Committed()) == 1
    assert results.count(Conflicted(("INC-1",))) == 39
    assert len(await store.load("INC-1")) == 1


async def test_an_operation_is_carried_out_once(store: Store, other_store: Store) -> None:
    """The same operation at two replicas is written by one; the other learns which one it was."""
    commits = [Commit(("tg:1", f"tg:{n}"), (append(f"INC-{n}"),)) for n in (2, 3)]
    results = await asyncio.gather(store.commit(commits[0]), other_store.commit(commits[1]))
    (written,) = await store.all_logs()
    assert sorted(results, key=str) == [Committed(), Repeated(("tg:1",), (written,))]


async def test_an_index_field_is_taken_once(store: Store) -> None:
    """A field is set only while it holds what was expected, and can be given up again."""
    take = Commit(index=(IndexChange("group", "g", None, "INC-1"),))
    assert await store.commit(take) == Committed()
    assert await store.commit(take) == Conflicted(())
    assert await store.index_get("group", "g") == "INC-1"
    assert await store.commit(Commit(index=(IndexChange("group", "g", "INC-1", None),))) == Committed()
    assert await store.index_get("group", "g") is None


async def test_an_old_lease_writes_nothing(store: Store, lease: Lease) -> None:
    """A commit in the name of a lease that another took is refused."""
    await store.release_lease(lease)
    with pytest.raises(LeaseLostError):
        await store.commit(Commit(appends=(append(),), lease=lease))
    assert await store.load("INC-1") == ()


async def test_open_logs_are_those_left_open(store: Store) -> None:
    """The open logs and all logs are listed by number, however they were written."""
    for log in ("INC-10", "INC-9", "INC-100", "rotation"):
        await store.commit(appending(log))
    await store.commit(Commit(appends=(append("INC-9", 1, is_open=False),)))
    assert await store.open_logs() == ("rotation", "INC-10", "INC-100")
    assert await store.all_logs() == ("INC-9", "INC-10", "INC-100")
    assert await store.all_logs(others=True) == ("rotation", "INC-9", "INC-10", "INC-100")
    assert await store.recent_logs(2) == ("INC-100", "INC-10")
    assert await store.recent_logs(2, before="INC-10") == ("INC-9",)
    assert await store.highest_number() == 100


async def test_a_log_name_with_a_space_is_refused(store: Store) -> None:
    """A name that could not be told apart from a timer's key is the caller's fault."""
    with pytest.raises(ValueError, match="white space"):
        await store.commit(appending("INC 1"))


async def test_a_log_occurs_once_in_a_commit(store: Store) -> None:
    """Two appends to one log in one commit are the caller's fault."""
    with pytest.raises(ValueError, match="once"):
        await store.commit(Commit(appends=(append("INC-1", 0), append("INC-1", 1))))


async def test_scripts_forgotten_by_redis_are_sent_again(store: Store) -> None:
    """After SCRIPT FLUSH (a restart, a failover) commits go on."""
    await store.commit(appending("INC-1"))
    await store.connection.ask(("SCRIPT", "FLUSH"))
    results = await asyncio.gather(*(store.commit(appending(f"INC-{n}")) for n in range(2, 12)))
    assert results == [Committed()] * 10


async def test_a_full_redis_takes_nothing(own_redis: tuple[RedisServer, Store]) -> None:
    """Out of memory: the caller learns that Redis refuses, and nothing of the commit was written."""
    server, store = own_redis
    await store.commit(Commit(appends=(append("INC-1", 0, due={"respond": NOON}),)))
    with server.client() as client:
        client.execute_command("CONFIG SET", "maxmemory", "1")  # pyright: ignore[reportUnknownMemberType] - untyped in redis-py
    with pytest.raises(StoreUnavailableError, match=r"OOM|OutOfMemory"):
        await store.commit(
            Commit(operations=("tg:1",), appends=(Append("INC-1", 1, (note(),), {}, is_open=False),), outbox=(card(),))
        )
    with server.client() as client:
        client.execute_command("CONFIG SET", "maxmemory", "0")  # pyright: ignore[reportUnknownMemberType] - untyped in redis-py
    assert await store.next_due() == NOON
    assert await store.open_logs() == ("INC-1",)
    assert len(await store.load("INC-1")) == 1
    assert await store.commit(Commit(operations=("tg:1",))) == Committed()


async def test_a_replica_takes_nothing(own_redis: tuple[RedisServer, Store]) -> None:
    """A server that became a replica refuses, and the caller learns it."""
    server, store = own_redis
    with server.client() as client:
        client.execute_command("REPLICAOF", "127.0.0.1", "1")  # pyright: ignore[reportUnknownMemberType] - untyped in redis-py
    with pytest.raises(StoreUnavailableError, match=r"(?i)read.?only|MASTERDOWN"):
        await store.commit(asking(card()))


async def test_a_redis_that_is_gone_is_unavailable(own_redis: tuple[RedisServer, Store]) -> None:
    """No server: StoreUnavailableError for reads and writes, not an error of the client."""
    server, store = own_redis
    server.process.kill()
    server.process.wait(timeout=10)
    with pytest.raises(StoreUnavailableError):
        await store.commit(appending())
    with pytest.raises(StoreUnavailableError):
        await store.load("INC-1")
