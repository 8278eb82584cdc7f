"""Fixtures of the HTTP tests."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from tests.house import House

TOKEN = "a-token-for-tests"  # noqa: S105 - opens nothing


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """A bot that asks nobody for a token."""
    async with House(tmp_path) as built:
        yield built


@pytest.fixture
async def guarded(tmp_path: Path) -> AsyncIterator[House]:
    """A bot whose hooks and API ask for a token."""
    async with House(tmp_path, http_token=SecretStr(TOKEN)) as built:
        yield built
