"""A runner of actions, and a secret in the shape of Telegram's."""

import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path

import aiohttp
import pytest

from bot.engine.runner import Runner

TOKEN = "987654:" + "Zz_9-" * 7  # a made-up token in the shape of Telegram's


@pytest.fixture
async def runner(tmp_path: Path) -> AsyncIterator[Runner]:
    """A runner in an empty directory, that knows one secret."""
    async with aiohttp.ClientSession() as http:
        yield Runner(tmp_path, http, ["correct horse"])


@pytest.fixture(autouse=True)
def leave_nothing_running(tmp_path: Path) -> Iterator[None]:
    """Whatever a test started and did not see ended, as when it fails, is ended after it."""
    yield
    for pid in working_in(tmp_path):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def working_in(folder: Path) -> Iterator[int]:
    """The processes whose directory this is: the runner starts its commands there, and what they start inherits it."""
    for entry in Path("/proc").iterdir():
        with suppress(OSError):  # it is gone, or somebody else's
            if entry.name.isdigit() and (entry / "cwd").readlink() == folder:
                yield int(entry.name)
