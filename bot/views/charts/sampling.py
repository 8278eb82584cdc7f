"""Fewer points, same picture: of each pixel column the first, lowest, highest and last value, and every gap.

Runs in the bot's own process, before anything crosses to the worker, so it is plain Python without numpy.
"""

from array import array
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite, nan
from statistics import median

from bot.views.charts.model import Point, Series

GAP_FACTOR = 1.5
"""A step longer than this many usual steps is a gap: one missed scrape is already shown."""


@dataclass(frozen=True, slots=True)
class Line:
    """A series ready to draw: unix seconds and values; NaN breaks the line. `low`, `high`, `last` are of all points."""

    name: str
    times: "array[float]"
    values: "array[float]"
    low: float | None
    high: float | None
    last: float | None


def line_of(series: Series, start_s: float, end_s: float, columns: int, shift_s: float = 0.0) -> Line:
    """The series between two moments as a line for a plot so many pixels wide, moved by `shift_s`."""
    points = [(at + shift_s, value) for at, value in series.points if start_s <= at + shift_s <= end_s]
    finite = [value for _, value in points if value is not None and isfinite(value)]
    times, values = array("d"), array("d")
    for run in _runs(points):
        if times:
            times.append(run[0][0])
            values.append(nan)
        kept = run if len(run) <= columns else _thinned(run, start_s, (end_s - start_s) / columns)
        times.extend(at for at, _ in kept)
        values.extend(value for _, value in kept)
    low, high = (min(finite), max(finite)) if finite else (None, None)
    return Line(series.name, times, values, low, high, finite[-1] if finite else None)


def _runs(points: list[Point]) -> list[list[tuple[float, float]]]:
    """The points without gaps, cut where one is."""
    steps = [after[0] - before[0] for before, after in pairwise(points)]
    longest = GAP_FACTOR * median(steps) if steps else 0.0
    runs: list[list[tuple[float, float]]] = []
    previous: float | None = None
    for at, value in points:
        if value is None or not isfinite(value):
            previous = None
            continue
        if previous is None or at - previous > longest:
            runs.append([])
        runs[-1].append((at, value))
        previous = at
    return runs


def _thinned(run: list[tuple[float, float]], start_s: float, column_s: float) -> list[tuple[float, float]]:
    kept: list[tuple[float, float]] = []
    column: list[tuple[float, float]] = []
    number = -1
    for point in run:
        here = int((point[0] - start_s) / column_s)
        if here != number:
            kept.extend(_telling(column))
            column, number = [], here
        column.append(point)
    kept.extend(_telling(column))
    return kept


def _telling(column: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """At most four points that leave the same ink in one column."""
    if len(column) <= 4:  # noqa: PLR2004 - the four named in the module's first line
        return column
    by_value = sorted(column, key=lambda point: point[1])
    return sorted({column[0], by_value[0], by_value[-1], column[-1]})
