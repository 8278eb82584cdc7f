"""What a picture shows where little is known, by its pixels."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

from PIL import Image

from bot.domain.plan import Unit
from bot.views.charts.colors import BREACH, LINES
from bot.views.charts.model import Chart, Panel, Series, Side, Threshold
from bot.views.charts.process import ChartWorker

END = datetime(2026, 1, 11, 15, tzinfo=UTC)
BOUND = Threshold(0.001, Side.ABOVE)
HEADER = 130
"""Pixels from the top in which a panel's title, figures and keys stand."""


async def count(worker: ChartWorker, color: str, *points: tuple[float, float]) -> int:
    """Pixels of a colour in the plot of an hour with these points: seconds before its end, and values."""
    series = (Series("a", tuple((END.timestamp() - before, value) for before, value in points)),) if points else ()
    panel = Panel("Error rate", Unit.RATIO, series, END - timedelta(hours=1), END, BOUND)
    image = Image.open(BytesIO(await worker.render(Chart("", (panel,))))).convert("RGB")
    wanted = tuple(int(color[start : start + 2], 16) for start in (1, 3, 5))
    plot = image.crop((0, HEADER, image.width, image.height))
    return sum(
        amount
        for amount, found in plot.getcolors(maxcolors=1 << 16) or ()
        if isinstance(found, tuple) and all(abs(a - b) < 12 for a, b in zip(found, wanted, strict=True))
    )


async def test_a_single_point_is_seen_in_full_wherever_it_is(worker: ChartWorker) -> None:
    """In the middle, at the first moment, and at the last one, which is where a new metric has its only point."""
    middle, first, last = [await count(worker, LINES[0], (before, 0.05)) for before in (1800.0, 3600.0, 0.0)]
    assert middle > 50
    assert abs(first - middle) < middle / 5
    assert abs(last - middle) < middle / 5


async def test_a_bound_stands_only_where_there_is_a_scale(worker: ChartWorker) -> None:
    """Without data there is no axis, and a line without one would say nothing."""
    assert await count(worker, BREACH) == 0
    assert await count(worker, BREACH, (1800.0, 0.0)) > 100
