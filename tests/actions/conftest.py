"""A runner of actions, and a secret in the shape of Telegram's."""

from collections.abc import AsyncIterator
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
