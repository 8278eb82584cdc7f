"""A reply that never came: the store tries again, and what was written once is not written twice."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.store.dial import dial_socket
from bot.store.records import (
    Append,
    Commit,
    Committed,
    Lease,
    OutcomeUnknownError,
    Repeated,
    Settlement,
    StoreUnavailableError,
)
from bot.store.store import Store
from bot.store.wakes import Topic
from tests.store.writing import NOON, append, appending, asking, card, note


@dataclass
class LossyProxy:
    """Stands between the store and Redis, passes commands on, and drops the replies to scripts `lose` times."""

    upstream: Path
    lose: int = 0
    scripts: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection of a client, until either side ends or a reply is lost."""
        up_reader, up_writer = await asyncio.open_unix_connection(self.upstream)
        pumps = [
            asyncio.ensure_future(self._requests(reader, up_writer)),
            asyncio.ensure_future(self._replies(up_reader, writer)),
        ]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for pump in pumps:
                pump.cancel()
            up_writer.close()
            writer.close()

    async def _requests(self, reader: asyncio.StreamReader, upstream: asyncio.StreamWriter) -> None:
        while request := await reader.read(1 << 20):
            self.scripts += request.count(b"EVALSHA")
            upstream.write(request)

    async def _replies(self, upstream: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while reply := await upstream.read(1 << 20):
            if self.scripts and self.lose and b"NOSCRIPT" not in reply:
                self.lose -= 1
                return
            self.scripts = 0
            writer.write(reply)


@asynccontextmanager
async def behind_a_lossy_proxy(
    redis_socket: Path, store: Store, folder: Path
) -> AsyncGenerator[tuple[LossyProxy, Store]]:
    """A second store on the keys of the first, whose replies can be lost."""
    proxy = LossyProxy(redis_socket)
    server = await asyncio.start_unix_server(proxy.serve, folder / "proxy.sock")
    connection = dial_socket(str(folder / "proxy.sock"))
    try:
        yield proxy, Store(connection, store.keys, store.clock)
    finally:
        await connection.close()
        server.close()
        await server.wait_closed()


@pytest.fixture
async def lossy(redis_socket: Path, store: Store, tmp_path: Path) -> AsyncIterator[tuple[LossyProxy, Store]]:
    """The proxy, and a store behind it."""
    async with behind_a_lossy_proxy(redis_socket, store, tmp_path) as both:
        yield both


async def test_a_commit_whose_reply_was_lost_is_committed_once(lossy: tuple[LossyProxy, Store]) -> None:
    """The store tries again and finds its own earlier try: Committed, and the events are there once."""
    proxy, store = lossy
    proxy.lose = 1
    commit = Commit(("tg:1",), (append("INC-1"),), (card(),))
    assert await store.commit(commit) == Committed()
    assert proxy.lose == 0
    assert await store.load("INC-1") == (note(),)
    assert await store.commit(commit) == Repeated(("tg:1",), ("INC-1",))


async def test_a_commit_without_an_operation_is_committed_once(lossy: tuple[LossyProxy, Store]) -> None:
    """Also a commit that names no operation is not taken for a conflict with itself."""
    proxy, store = lossy
    proxy.lose = 1
    assert await store.commit(appending("INC-1")) == Committed()
    assert await store.load("INC-1") == (note(),)


async def test_many_commits_of_one_lost_batch_are_committed_once(lossy: tuple[LossyProxy, Store]) -> None:
    """A broken connection takes the replies of a whole batch, and each of its commits is written once."""
    proxy, store = lossy
    await store.commit(appending("INC-1"))
    proxy.lose = 1
    results = await asyncio.gather(*(store.commit(appending(f"INC-{n}")) for n in range(2, 52)))
    assert results == [Committed()] * 50
    assert set((await store.versions(f"INC-{n}" for n in range(1, 52))).values()) == {1}


async def test_two_lost_replies_leave_it_unknown(lossy: tuple[LossyProxy, Store]) -> None:
    """After the second lost reply the caller learns that it is unknown, and may repeat the operation safely."""
    proxy, store = lossy
    commit = Commit(("tg:1",), (Append("INC-1", 0, (note(),), {}, is_open=True),))
    await store.connection.ask(("PING",))
    proxy.lose = 2
    with pytest.raises(OutcomeUnknownError, match="not known"):
        await store.commit(commit)
    assert await store.commit(commit) == Repeated(("tg:1",), ("INC-1",))


async def test_rows_of_a_claim_nobody_heard_of_come_with_the_next(
    lossy: tuple[LossyProxy, Store], lease: Lease
) -> None:
    """Rows that Redis gave to a sender that never got them are not stuck until the lease changes."""
    proxy, store = lossy
    await store.commit(asking(card("INC-1"), card("INC-2")))
    proxy.lose = 1
    now = store.clock.now()
    assert [row.key for row in await store.claim_rows(now, 1, lease)] == ["card:INC-1"]
    proxy.lose = 2
    with pytest.raises(StoreUnavailableError):
        await store.claim_rows(now, 10, lease)
    assert [row.key for row in await store.claim_rows(now, 10, lease)] == ["card:INC-2"]
    assert await store.claim_rows(now, 10, lease) == ()


async def test_a_commit_whose_reply_was_lost_wakes_the_sender_as_ever(
    lossy: tuple[LossyProxy, Store], lease: Lease
) -> None:
    """The claim behind it may have overtaken the second try, so it does not count."""
    proxy, store = lossy
    with store.wakes.subscribe(Topic.OUTBOX) as wake:
        waiting = asyncio.create_task(store.claim_next_rows(10, lease, wake))
        await asyncio.sleep(0)
        proxy.lose = 1
        assert await store.commit(asking(card("INC-1"))) == Committed()
        rows = await waiting
        assert wake.event.is_set()
        assert [row.key for row in (*rows, *await store.claim_rows(store.clock.now(), 10, lease))] == ["card:INC-1"]


async def test_timers_of_a_claim_nobody_heard_of_are_given_again(lossy: tuple[LossyProxy, Store], lease: Lease) -> None:
    """The second try of a claim gets what the first one claimed, at once."""
    proxy, store = lossy
    await store.commit(appending("INC-1", due={"respond": NOON}))
    proxy.lose = 1
    due = await store.claim_due(NOON, 10, lease, timedelta(seconds=30))
    assert [(timer.log, timer.key, timer.at) for timer in due] == [("INC-1", "respond", NOON)]


async def test_settling_twice_does_not_take_a_row_asked_for_later(store: Store, lease: Lease) -> None:
    """A settlement that is repeated after its reply was lost leaves alone what was asked for in between."""
    await store.commit(asking(card()))
    (row,) = await store.claim_rows(store.clock.now(), 1, lease)
    assert await store.settle(Settlement(row), lease)
    await store.commit(asking(card()))
    assert not await store.settle(Settlement(row), lease)
    (later,) = await store.claim_rows(store.clock.now(), 1, lease)
    assert later.intent == row.intent
    assert replace(later, revision=row.revision).key == row.key
