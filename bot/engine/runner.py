"""Runs a plan's actions: a command without a shell, or an HTTP request, bounded in time and output.

A command gets its own session and process group, an environment of four variables and a mark, and no standard input.
Whatever of its group is still alive when its first process ends is ended too. A descendant that left the group, by a
session of its own or as a daemon, lives on after a command that ended by itself, which may have started a service; it
can hold up neither the reader nor the result. When the command is ended, at its time limit or with the bot, it is too.
"""

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path

import aiohttp

from bot.domain.masking import Masker
from bot.domain.plan import Action, HttpRequest
from bot.engine import no_connection
from bot.engine.endings import ActionResult, Answered, Ending, Exited, Killed, NotAnswered, NotStarted, TimedOut
from bot.engine.finishing import to_the_end
from bot.engine.output import Output, OutputKeeper
from bot.engine.stragglers import MARK, end_marked, new_mark

PASSED_ON = ("PATH", "HOME", "LANG", "TZ")
TERM_GRACE = timedelta(seconds=5)
"""Between TERM and KILL: time for a script to clean up after itself."""
DRAIN_GRACE = timedelta(seconds=1)
"""How long the last output is awaited once every process of the group has been ended."""
REPORT_EVERY = timedelta(seconds=1)
READ_BYTES = 64 * 1024
ANSWER_BYTES = 4 * 1024 * 1024
"""Read of an HTTP action's answer, which may be a whole log; the rest is left on the wire."""


OnOutput = Callable[[Output], None]


def _unheard(_: Output) -> None:
    """Nobody watches the output while it comes."""


class Runner:
    """Runs actions relative to a directory; `secrets` are masked in everything they print."""

    def __init__(self, base: Path, http: aiohttp.ClientSession, secrets: Iterable[str] = ()) -> None:
        self._base = base
        self._http = http
        self._masker = Masker(secrets)

    async def run(self, action: Action, on_output: OnOutput = _unheard) -> ActionResult:
        """Run an action to its end; `on_output` hears what has been printed so far, at most once a second.

        Cancelling this call ends the command and everything it started.
        """
        loop = asyncio.get_running_loop()
        started = loop.time()
        keeper = OutputKeeper(self._masker, action.only_lines_with)
        with contextlib.closing(_Reports(on_output, keeper)) as reports:
            if action.http is not None:
                ending = await self._request(action.http, action.timeout, keeper, reports)
            elif action.run:
                ending = await self._command(action.run, action, keeper, reports)
            else:
                ending = NotStarted("the action has neither a command nor a request")
        return ActionResult(ending, keeper.snapshot(), timedelta(seconds=loop.time() - started))

    async def _command(
        self, arguments: tuple[str, ...], action: Action, keeper: OutputKeeper, report: Callable[[], None]
    ) -> Ending:
        directory = self._base / (action.cwd or ".")
        if not directory.is_dir():
            return NotStarted(f"the directory {action.cwd!r} does not exist")
        mark = new_mark()
        # A pipe of our own: asyncio's makes `wait` wait for whoever else holds the other end.
        read_end, write_end = os.pipe()
        with contextlib.ExitStack() as nobody_reads:
            nobody_reads.callback(os.close, read_end)
            try:
                process = await asyncio.create_subprocess_exec(
                    *arguments,
                    cwd=directory,
                    env={**{name: os.environ[name] for name in PASSED_ON if name in os.environ}, MARK: mark},
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=write_end,
                    stderr=write_end,
                    start_new_session=True,
                )
            except (OSError, ValueError) as error:
                reason = error.strerror if isinstance(error, OSError) and error.strerror else "not a valid command line"
                return NotStarted(f"{Path(arguments[0]).name}: {reason}")
            finally:
                os.close(write_end)
            nobody_reads.pop_all()
        reader = asyncio.create_task(_read(read_end, keeper, report))
        ending: Ending | None = None
        try:
            ending = await _await_end(process, action.timeout)
            return ending
        finally:
            _signal_group(process.pid, signal.SIGKILL)
            await to_the_end(_clean_up(process, reader, None if isinstance(ending, Exited) else mark))

    async def _request(
        self, request: HttpRequest, limit: timedelta, keeper: OutputKeeper, report: Callable[[], None]
    ) -> Ending:
        try:
            async with (
                asyncio.timeout(limit.total_seconds()),
                self._http.request(
                    request.method,
                    request.url,
                    headers=request.headers,
                    data=request.body,
                    allow_redirects=False,
                    timeout=aiohttp.ClientTimeout(total=None),
                ) as answer,
            ):
                await _keep_body(answer, keeper, report)
                return Answered(answer.status)
        except TimeoutError:
            return TimedOut(limit)
        except (aiohttp.ClientConnectorError, aiohttp.InvalidURL) as error:
            return NotStarted(self._masker(f"no connection: {_plain(error)}"))
        except aiohttp.ClientError as error:
            return NotAnswered(self._masker(f"the connection broke: {_plain(error)}"))


def _plain(error: aiohttp.ClientError) -> str:
    if isinstance(error, aiohttp.ClientConnectorError):
        return no_connection.why(error)
    return type(error).__name__


class _Reports:
    """Tells `on_output` what there is so far: not more often than a person could follow, and never nothing for good.

    What comes too soon after the last report is told a little later, also when nothing more comes.
    """

    def __init__(self, on_output: OnOutput, keeper: OutputKeeper) -> None:
        self._on_output = on_output
        self._keeper = keeper
        self._loop = asyncio.get_running_loop()
        self._next_s = self._loop.time()
        self._later: asyncio.TimerHandle | None = None

    def __call__(self) -> None:
        """There is more."""
        if self._on_output is _unheard or self._later is not None:
            return
        if self._loop.time() >= self._next_s:
            self._tell()
        else:
            self._later = self._loop.call_at(self._next_s, self._tell)

    def close(self) -> None:
        """The end is told by the result."""
        if self._later is not None:
            self._later.cancel()

    def _tell(self) -> None:
        self._later = None
        self._next_s = self._loop.time() + REPORT_EVERY.total_seconds()
        self._on_output(self._keeper.so_far())


async def _read(descriptor: int, keeper: OutputKeeper, report: Callable[[], None]) -> None:
    reader = asyncio.StreamReader(limit=READ_BYTES)
    protocol = asyncio.StreamReaderProtocol(reader)
    loop = asyncio.get_running_loop()
    transport, _ = await loop.connect_read_pipe(lambda: protocol, os.fdopen(descriptor, "rb", buffering=0))
    try:
        while data := await reader.read(READ_BYTES):
            keeper.feed(data)
            report()
            # A full pipe never makes `read` wait: without this, a shouting command would hold the event loop.
            await asyncio.sleep(0)
    finally:
        transport.close()


async def _await_end(process: asyncio.subprocess.Process, limit: timedelta) -> Ending:
    try:
        async with asyncio.timeout(limit.total_seconds()):
            code = await process.wait()
    except TimeoutError:
        await _terminate(process)
        return TimedOut(limit)
    return Exited(code) if code >= 0 else Killed(signal.Signals(-code).name)


async def _terminate(process: asyncio.subprocess.Process) -> None:
    _signal_group(process.pid, signal.SIGTERM)
    try:
        async with asyncio.timeout(TERM_GRACE.total_seconds()):
            await process.wait()
    except TimeoutError:
        _signal_group(process.pid, signal.SIGKILL)


def _signal_group(leader: int, number: signal.Signals) -> None:
    try:
        os.killpg(leader, number)
    except ProcessLookupError:
        return  # Nobody of the group is left.


async def _clean_up(process: asyncio.subprocess.Process, reader: asyncio.Task[None], mark: str | None) -> None:
    """Wait for what was killed, end what left the group with this mark, and read what was still to be read."""
    await process.wait()
    if mark is not None:
        await asyncio.to_thread(end_marked, mark)
    await _settle(reader)


async def _settle(reader: asyncio.Task[None]) -> None:
    """Wait for the end of the output, but not for a stranger that keeps the pipe open."""
    _, late = await asyncio.wait({reader}, timeout=DRAIN_GRACE.total_seconds())
    for task in late:
        task.cancel()
    await asyncio.wait({reader})
    if not reader.cancelled():
        reader.result()


async def _keep_body(answer: aiohttp.ClientResponse, keeper: OutputKeeper, report: Callable[[], None]) -> None:
    read = 0
    async for piece in answer.content.iter_chunked(READ_BYTES):
        keeper.feed(piece[: ANSWER_BYTES - read])
        report()
        read += len(piece)
        # A sender that is always ahead never makes this wait: without a pause it would hold the event loop.
        await asyncio.sleep(0)
        if read >= ANSWER_BYTES:
            answer.close()
            return
