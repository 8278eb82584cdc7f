"""A program that runs beside the demo and ends with it, even when the demo is killed."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import aiohttp

from bot.store.ending_with_parent import ending_with_parent

READY_WITHIN = timedelta(seconds=30)
ASK_EVERY = timedelta(milliseconds=100)
END_WITHIN = timedelta(seconds=5)
LOG_TAIL_CHARACTERS = 600


class ProgramFailedError(RuntimeError):
    """A program ended or did not get ready; the text holds the last lines it wrote."""


@asynccontextmanager
async def child_process(command: Sequence[str], log_file: Path) -> AsyncGenerator[asyncio.subprocess.Process]:
    """Runs a program until the block ends: SIGTERM, and SIGKILL after five seconds. What it writes goes to the file."""
    with log_file.open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *ending_with_parent(command, signal.SIGTERM),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=asyncio.subprocess.STDOUT,
        )
    try:
        yield process
    finally:
        await _end(process)


async def run_to_end(command: Sequence[str], log_file: Path) -> None:
    """Runs a program that ends by itself.

    Raises:
        ProgramFailedError: it ended with anything but 0.
    """
    async with child_process(command, log_file) as process:
        if await process.wait():
            raise ProgramFailedError(f"ended with {process.returncode}: {_tail(log_file)}")


async def until_ready(process: asyncio.subprocess.Process, url: str, log_file: Path) -> None:
    """Waits until the program answers this address with 200.

    Raises:
        ProgramFailedError: it ended first, or took longer than 30 s.
    """
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=2)) as http:
        try:
            async with asyncio.timeout(READY_WITHIN.total_seconds()):
                while not await _answers(http, url):
                    if process.returncode is not None:
                        raise ProgramFailedError(f"ended with {process.returncode}: {_tail(log_file)}")
                    await asyncio.sleep(ASK_EVERY.total_seconds())
        except TimeoutError:
            raise ProgramFailedError(f"not ready within {READY_WITHIN}: {_tail(log_file)}") from None


async def _answers(http: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with http.get(url) as answer:
            return answer.status == 200  # noqa: PLR2004 - HTTP's OK
    except (aiohttp.ClientError, TimeoutError):
        return False


async def _end(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(END_WITHIN.total_seconds()):
            await process.wait()
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def _tail(log_file: Path) -> str:
    return log_file.read_text(errors="replace")[-LOG_TAIL_CHARACTERS:].strip()
