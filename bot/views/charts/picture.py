"""A chart as it crosses to the worker: lines thinned to the picture's columns, everything else as it was."""

from dataclasses import dataclass, replace
from datetime import timedelta

from bot.views.charts.layout import Layout, layout_for
from bot.views.charts.model import MOST_SERIES, Chart, Panel
from bot.views.charts.sampling import Line, line_of

_DAY_S = timedelta(days=1).total_seconds()


@dataclass(frozen=True, slots=True)
class PanelPicture:
    """A panel without its points, and the lines made of them; `omitted` series did not fit."""

    panel: Panel
    lines: tuple[Line, ...]
    yesterday: Line | None
    omitted: int


@dataclass(frozen=True, slots=True)
class Picture:
    """All that the worker needs."""

    title: str
    layout: Layout
    panels: tuple[PanelPicture, ...]


def picture_of(chart: Chart) -> Picture:
    """Thin a chart's points; takes a few milliseconds for thousands of points, so call it off the event loop."""
    counts = tuple(min(len(panel.series), MOST_SERIES) for panel in chart.panels)
    layout = layout_for(counts, titled=bool(chart.title))
    panels = tuple(
        _panel(panel, int(place.plot.width)) for panel, place in zip(chart.panels, layout.panels, strict=True)
    )
    return Picture(chart.title, layout, panels)


def _panel(panel: Panel, columns: int) -> PanelPicture:
    start_s, end_s = panel.start.timestamp(), panel.end.timestamp()
    lines = tuple(line_of(series, start_s, end_s, columns) for series in panel.series[:MOST_SERIES])
    before = None if panel.yesterday is None else line_of(panel.yesterday, start_s, end_s, columns, _DAY_S)
    omitted = max(0, len(panel.series) - MOST_SERIES)
    return PanelPicture(replace(panel, series=(), yesterday=None), lines, before, omitted)
