"""What a chart costs: our warm worker against a plain `savefig` of the same data; run it as a script for a table.

Each way draws the same six panels again and again, as the charts of a running incident are; the median counts. While
our worker draws, a ticker measures the longest time for which the event loop was held.
"""

import asyncio
import math
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from statistics import median
from typing import Any

import pytest

from bot.domain.plan import Unit
from bot.views.charts.model import Chart, Mark, MarkKind, Panel, Series, Side, Threshold
from bot.views.charts.process import ChartWorker

ROUNDS = 15
END = datetime(2026, 1, 11, 15, tzinfo=UTC)
TICK_S = 0.001
TARGET_MS = 60
HELD_MS = 20


def six_panels() -> Chart:
    """An hour of 15-second samples in each of six panels, with threshold, yesterday and three marks."""
    start = END - timedelta(hours=1)
    marks = tuple(
        Mark(END - timedelta(minutes=minutes), kind, kind.value)
        for minutes, kind in ((40, MarkKind.DECLARED), (35, MarkKind.ACKNOWLEDGED), (10, MarkKind.ROLLBACK))
    )

    def points(phase: float, shift_s: float = 0.0) -> tuple[tuple[float, float], ...]:
        return tuple((start.timestamp() + at - shift_s, 2 + math.sin(at / 200 + phase)) for at in range(0, 3601, 15))

    panels = tuple(
        Panel(
            f"Metric {index}",
            Unit.SECONDS,
            (Series("now", points(index)),),
            start,
            END,
            Threshold(2.5, Side.ABOVE),
            marks,
            Series("yesterday", points(index + 1, 86400)),
        )
        for index in range(6)
    )
    return Chart("INC-7", panels)


def plainly(chart: Chart) -> bytes:
    """The same picture as a tutorial would draw it: new axes each time, and `savefig`."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - only this half of the benchmark needs it

    figure: Any = Figure(figsize=(12.8, 12.97), dpi=100)
    for axes, panel in zip(figure.subplots(3, 2).flat, chart.panels, strict=True):
        for series in (*panel.series, panel.yesterday):
            if series is not None:
                times = [datetime.fromtimestamp(at, UTC) for at, _ in series.points]
                moved = [at + timedelta(days=series is panel.yesterday) for at in times]
                axes.plot(moved, [value for _, value in series.points], label=series.name)
        axes.axhline(panel.threshold.value if panel.threshold else 0, color="red", linestyle="--")
        for mark in panel.marks:
            axes.axvline(mark.at, linestyle=":")
            axes.annotate(mark.label, (mark.at, 3))
        axes.set_title(panel.title)
        axes.grid(visible=True)
        axes.legend()
    figure.suptitle(chart.title)
    figure.tight_layout()
    file = BytesIO()
    figure.savefig(file, format="png")
    return file.getvalue()


async def longest_hold(until: asyncio.Event) -> float:
    """Seconds for which the event loop was held at most, until the event is set."""
    longest = 0.0
    while not until.is_set():
        before = time.perf_counter()
        await asyncio.sleep(TICK_S)
        longest = max(longest, time.perf_counter() - before - TICK_S)
    return longest


async def warm(chart: Chart, rounds: int) -> tuple[list[float], float]:
    """Milliseconds of each chart by our worker, and the longest hold of the event loop meanwhile, also in them."""
    worker = ChartWorker()
    await worker.start()
    await worker.render(chart)
    done = asyncio.Event()
    holds = asyncio.create_task(longest_hold(done))
    took: list[float] = []
    for _ in range(rounds):
        before = time.perf_counter()
        await worker.render(chart)
        took.append((time.perf_counter() - before) * 1000)
    done.set()
    held = await holds
    await worker.stop()
    return took, held * 1000


def timed(action: Callable[[], object], rounds: int) -> list[float]:
    """Milliseconds of each call."""
    action()
    took: list[float] = []
    for _ in range(rounds):
        before = time.perf_counter()
        action()
        took.append((time.perf_counter() - before) * 1000)
    return took


def measure(rounds: int = ROUNDS) -> tuple[float, float, float]:
    """Median milliseconds of ours and of the plain way, and the longest hold of the event loop in milliseconds."""
    chart = six_panels()
    ours, held = asyncio.run(warm(chart, rounds))
    plain = timed(lambda: plainly(chart), rounds)
    return median(ours), median(plain), held


@pytest.mark.bench
def test_six_panels_are_drawn_in_time() -> None:
    """A warm chart of six panels takes under 60 ms, and the event loop is never held for more than 20 ms."""
    ours, plain, held = measure()
    assert ours < TARGET_MS
    assert ours < plain
    assert held < HELD_MS


def main() -> None:
    """Print the table."""
    ours, plain, held = measure()
    rows = (
        ("six panels, warm worker", f"{ours:.0f} ms"),
        ("six panels, plain savefig", f"{plain:.0f} ms"),
        ("ratio", f"{plain / ours:.1f} times"),
        ("event loop held at most", f"{held:.1f} ms"),
    )
    sys.stdout.write("".join(f"{name:<28}{figure:>12}\n" for name, figure in rows))


if __name__ == "__main__":
    main()
