"""The chart worker as a process: it draws, and it is replaced when it fails."""

import asyncio
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from bot.domain.plan import Unit
from bot.views.charts.model import Chart, Panel, Series
from bot.views.charts.process import ChartUnavailableError, ChartWorker

END = datetime(2026, 1, 11, 15, tzinfo=UTC)
START = END - timedelta(hours=1)


def chart(panels: int = 1, title: str = "") -> Chart:
    """A chart of so many panels with one rising line each."""
    points = tuple((START.timestamp() + second, float(second)) for second in range(0, 3600, 15))
    return Chart(
        title, (Panel("Latency $x$ P95 \U0001f525", Unit.SECONDS, (Series("a", points),), START, END),) * panels
    )


async def test_each_number_of_panels_becomes_a_picture_as_wide_as_telegram_shows(worker: ChartWorker) -> None:
    """A chart of one to six panels is a PNG 1280 pixels wide, and no taller than a phone's screen."""
    for panels in range(1, 7):
        image = Image.open(BytesIO(await worker.render(chart(panels, "INC-7"))))
        assert image.format == "PNG"
        assert image.width == 1280
        assert image.height < 1400


async def test_a_worker_that_died_is_replaced_and_the_picture_comes(worker: ChartWorker) -> None:
    """Killing the worker between two charts costs nobody a picture."""
    pid = worker.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert (await worker.render(chart())).startswith(b"\x89PNG")
    assert worker.pid != pid


async def test_a_worker_that_hangs_is_ended_and_replaced() -> None:
    """A chart that takes too long is refused with a reason, and the next one is drawn by another worker."""
    worker = ChartWorker(timeout=timedelta(seconds=2))
    await worker.start()
    pid = worker.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    with pytest.raises(ChartUnavailableError, match="too long"):
        await worker.render(chart())
    assert (await worker.render(chart())).startswith(b"\x89PNG")
    assert worker.pid != pid
    await worker.stop()


async def test_a_cancelled_chart_is_not_taken_for_the_next_one(worker: ChartWorker) -> None:
    """Who gave up waiting leaves nothing in the pipe: the next picture has its own size."""
    late = asyncio.create_task(worker.render(chart(6)))
    await asyncio.wait({late}, timeout=0.005)
    late.cancel()
    with pytest.raises(asyncio.CancelledError):
        await late
    image = Image.open(BytesIO(await worker.render(chart(1))))
    assert image.height < 800


async def test_the_queue_is_bounded() -> None:
    """More charts than may wait are refused at once instead of piling up."""
    worker = ChartWorker(most_waiting=2)
    await worker.start()
    results = await asyncio.gather(*(worker.render(chart()) for _ in range(4)), return_exceptions=True)
    refused = [result for result in results if isinstance(result, ChartUnavailableError)]
    assert len(refused) == 2
    assert len([result for result in results if isinstance(result, bytes)]) == 2
    await worker.stop()


async def test_the_worker_gets_none_of_the_bots_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """The token is not in the worker's environment."""
    monkeypatch.setenv("NABAT_TELEGRAM_TOKEN", "123:secret")
    worker = ChartWorker()
    await worker.start()
    environment = await asyncio.to_thread(Path(f"/proc/{worker.pid}/environ").read_bytes)
    assert b"NABAT" not in environment
    await worker.stop()


def test_the_bot_itself_never_imports_matplotlib() -> None:
    """Describing and ordering a chart loads neither matplotlib nor numpy into the bot."""
    code = (
        "import sys, bot.views.charts.process; sys.exit(any(name in sys.modules for name in ('matplotlib', 'numpy')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
