"""A warm chart worker and pictures to read back."""

from collections.abc import AsyncIterator

import pytest

from bot.views.charts.process import ChartWorker


@pytest.fixture
async def worker() -> AsyncIterator[ChartWorker]:
    """A worker that is warm; ended with the test."""
    worker = ChartWorker()
    await worker.start()
    yield worker
    await worker.stop()
