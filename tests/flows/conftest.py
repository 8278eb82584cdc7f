"""Fixtures of the flow tests."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.flows.staging import Staging
from tests.house import House


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """The demo's team with the built-in plan."""
    async with House(tmp_path) as built:
        yield built


@pytest.fixture
def staging(tmp_path: Path) -> Staging:
    """A staging environment of the test's own."""
    return Staging(tmp_path)
