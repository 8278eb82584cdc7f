"""Keeps one warm chart worker, and has it draw one picture after the other.

The worker is a process of its own interpreter, not a fork: the bot has threads. It gets none of the bot's settings.
"""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from bot.views.charts.board import Board
from bot.views.charts.frames import LENGTH_BYTES, Drawn, Failed, Message, Ready, length_of, packed, unpacked
from bot.views.charts.model import Chart
from bot.views.charts.picture import picture_of

START_TIMEOUT = timedelta(seconds=60)
"""On a new machine matplotlib looks through all fonts once."""
RENDER_TIMEOUT = timedelta(seconds=10)
MOST_WAITING = 8
ATTEMPTS = 2
"""A worker that died is replaced and asked again; a picture that kills two is given up."""
PASSED_ON = ("PATH", "HOME", "LANG", "TZ", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "MPLCONFIGDIR")


class ChartUnavailableError(Exception):
    """There is no picture now; the text goes on without it. The message is for people."""


class ChartWorker:
    """Draws charts in a warm process. `start` before use; a worker that dies or hangs is replaced."""

    def __init__(self, timeout: timedelta = RENDER_TIMEOUT, most_waiting: int = MOST_WAITING) -> None:
        self._timeout = timeout
        self._most_waiting = most_waiting
        self._waiting = 0
        self._turn = asyncio.Lock()
        self._process: Process | None = None
        self._replacement: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """The worker's process id; None while there is none."""
        return None if self._process is None else self._process.pid

    async def start(self) -> None:
        """Start the worker and wait until it is warm.

        Raises:
            ChartUnavailableError: it does not come up.
        """
        async with self._turn:
            await self._ensure()

    async def stop(self) -> None:
        """End the worker; a picture under way is lost."""
        if self._replacement is not None:
            self._replacement.cancel()
            await asyncio.wait({self._replacement})
        await self._end()

    async def render(self, chart: Chart) -> bytes:
        """The chart as a PNG.

        Raises:
            ChartUnavailableError: too many charts are waiting, the worker failed, or it took too long.
        """
        return await self._in_turn(lambda: picture_of(chart))

    async def board(self, board: Board) -> bytes:
        """A board of statistics as a PNG.

        Raises:
            ChartUnavailableError: as for a chart.
        """
        return await self._in_turn(lambda: board)

    async def _in_turn(self, wanted: Callable[[], Message]) -> bytes:
        if self._waiting >= self._most_waiting:
            raise ChartUnavailableError("too many charts are being drawn")
        self._waiting += 1
        try:
            request = await asyncio.to_thread(lambda: packed(wanted()))
            async with self._turn:
                return await self._draw(request)
        finally:
            self._waiting -= 1

    async def _draw(self, request: bytes) -> bytes:
        for _ in range(ATTEMPTS):
            try:
                answer = await self._exchange(request)
            except (asyncio.IncompleteReadError, ConnectionError):
                continue  # It died: `_exchange` has ended what was left, the next attempt starts anew.
            match answer:
                case Drawn(png):
                    return png
                case Failed(reason):
                    raise ChartUnavailableError(f"the chart can't be drawn: {reason}")
                case _:
                    raise ChartUnavailableError("the chart worker gave no picture")
        raise ChartUnavailableError("the chart worker keeps failing")

    async def _exchange(self, request: bytes) -> Message:
        process = await self._ensure()
        try:
            async with asyncio.timeout(self._timeout.total_seconds()):
                _stdin(process).write(request)
                await _stdin(process).drain()
                return await _receive(process)
        except TimeoutError as error:
            await self._replace()
            raise ChartUnavailableError("the chart took too long") from error
        except BaseException:
            # Also when the caller was cancelled: its picture must not be taken for the next one's.
            await self._replace()
            raise

    async def _ensure(self) -> Process:
        if self._process is not None and self._process.returncode is None:
            return self._process
        self._process = process = await _spawn()
        try:
            async with asyncio.timeout(START_TIMEOUT.total_seconds()):
                if isinstance(await _receive(process), Ready):
                    return process
        except (asyncio.IncompleteReadError, TimeoutError, ConnectionError) as error:
            await self._end()
            raise ChartUnavailableError("the chart worker does not start") from error
        except BaseException:
            await self._end()
            raise
        await self._end()
        raise ChartUnavailableError("the chart worker does not start")

    async def _replace(self) -> None:
        """End the worker and warm another one, so that the next picture need not wait for it."""
        await self._end()
        self._replacement = asyncio.create_task(self._start_quietly())

    async def _start_quietly(self) -> None:
        try:
            await self.start()
        except ChartUnavailableError:
            return  # Told to whoever asks for the next picture.

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        _stdin(process).close()
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _spawn() -> Process:
    root = Path(__file__).parents[3]
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    command = ("-m", "bot.views.charts.worker")
    return await asyncio.create_subprocess_exec(
        sys.executable, *command, stdin=PIPE, stdout=PIPE, env={**environment, "PYTHONPATH": str(root)}
    )


async def _receive(process: Process) -> Message:
    if process.stdout is None:
        raise ConnectionError("the worker has no output")
    prefix = await process.stdout.readexactly(LENGTH_BYTES)
    return unpacked(await process.stdout.readexactly(length_of(prefix)))


def _stdin(process: Process) -> asyncio.StreamWriter:
    if process.stdin is None:
        raise ConnectionError("the worker has no input")
    return process.stdin
