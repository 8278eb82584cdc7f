"""A Redis that can be killed, frozen and started again on its data."""

import asyncio
import signal
import subprocess
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from redis import Redis
from redis.backoff import ConstantBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.retry import Retry

from tests.redis_server import server_binaries

_LOOKS = 3000
_LOOK_EVERY_S = 0.01


class MortalRedis:
    """A server on a unix socket in `folder`, as durable as Nabat wants it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.socket = folder / "redis.sock"

    def __enter__(self) -> Self:
        self._folder.mkdir()
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    def start(self) -> None:
        """Starts it on the data it left, and waits until it answers."""
        self._process = subprocess.Popen(
            [
                *(str(server_binaries()[0]), "--port", "0", "--unixsocket", str(self.socket)),
                *("--dir", str(self._folder), "--save", "", "--appendonly", "yes", "--appendfsync", "always"),
                *("--loglevel", "warning"),
            ],
            stdout=subprocess.DEVNULL,
        )
        self.ask("PING")

    def kill(self) -> None:
        """Ends it as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def freeze(self) -> None:
        """It answers nothing, and takes into its buffers what comes."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on where it was, first of all with what is in its buffers."""
        self._signal(signal.SIGCONT)

    async def until_gone_for(self, time: timedelta) -> None:
        """Lets real time pass, by which leases run out."""
        await asyncio.sleep(time.total_seconds())

    def ask(self, *command: str | int) -> None:
        """Sends a command as an operator would, as soon as the server answers."""
        retry = Retry(ConstantBackoff(_LOOK_EVERY_S), _LOOKS, supported_errors=(RedisConnectionError,))
        with Redis(unix_socket_path=str(self.socket), retry=retry) as client:
            client.execute_command(*command)  # pyright: ignore[reportUnknownMemberType] - untyped in redis-py

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)
