"""Draws what is new in a panel: axes' texts, lines, threshold and marks. Runs in the worker process."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise, product
from math import nan

import numpy as np
from numpy.typing import NDArray

from bot.domain.measures import NO_BREAK_SPACE
from bot.views.charts.axes import INTERVALS, ValueAxis, time_ticks, value_axis
from bot.views.charts.brush import Brush
from bot.views.charts.captions import draw_figures, draw_legend
from bot.views.charts.colors import AREA_ALPHA, AXIS, BREACH, BREACH_ALPHA, CARD, GRID, LINES, MARKS, MUTED, YESTERDAY
from bot.views.charts.layout import PADDING, Box, PanelLayout
from bot.views.charts.model import Mark, Side, Threshold
from bot.views.charts.picture import PanelPicture
from bot.views.charts.sampling import Line
from bot.views.charts.words import WORDS

TICK_ROOM = 4.4
"""Widths of a time label, in its letter size, from one tick to the next."""
LABEL_ROWS = 3
"""Of the marks; what fits into none is a line without a label."""
VEIL_ALPHA = 0.72
"""Of the card's colour behind a label."""
DOT = 1.9
"""Radius of a point that stands alone, in widths of the line."""
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Scale:
    """From moments and values to pixels of the plot."""

    plot: Box
    axis: ValueAxis
    start_s: float
    end_s: float

    def x(self, at_s: float) -> float:
        return self.plot.left + (at_s - self.start_s) / (self.end_s - self.start_s) * self.plot.width

    def y(self, value: float) -> float:
        return self.plot.bottom - (value - self.axis.bottom) / (self.axis.top - self.axis.bottom) * self.plot.height

    def points(self, line: Line) -> tuple[Floats, Floats]:
        times, values = np.frombuffer(line.times), np.frombuffer(line.values)
        xs = self.plot.left + (times - self.start_s) * (self.plot.width / (self.end_s - self.start_s))
        ys = self.plot.bottom - (values - self.axis.bottom) * (self.plot.height / (self.axis.top - self.axis.bottom))
        return xs, ys


def draw_panel(brush: Brush, picture: PanelPicture, place: PanelLayout) -> None:
    """Draw one panel onto its background."""
    panel = picture.panel
    known = [line for line in picture.lines if line.last is not None]
    scale = _Scale(place.plot, _axis_of(picture), panel.start.timestamp(), panel.end.timestamp())
    _draw_axes(brush, picture, place, scale, labelled=bool(known))
    marks = _placed(panel.marks, place, scale)
    for x, mark in marks:
        brush.line([x, x], [place.plot.top, place.plot.bottom], MARKS[mark.kind], 2.2, dashes=5)
    brush.clip(_widened(place.plot, place.sizes.line))
    if picture.yesterday is not None:
        xs, ys = scale.points(picture.yesterday)
        brush.line(xs, ys, YESTERDAY, place.sizes.line * 0.6, alpha=0.75, dashes=7)
    _draw_lines(brush, picture, place, scale)
    if known:
        _draw_threshold(brush, panel.threshold, place, scale)
    brush.clip(None)
    _label_marks(brush, marks, place)
    if not known:
        _say_no_data(brush, WORDS[panel.language].no_data, place)
    draw_figures(brush, picture, place, known)
    draw_legend(brush, picture, place)


def _say_no_data(brush: Brush, words: str, place: PanelLayout) -> None:
    """In the middle, on a ground of its own: the marks stand behind it."""
    plot, size = place.plot, place.sizes.value
    width, baseline = brush.width(words, size) + 2 * PADDING, plot.top + plot.height / 2
    brush.rectangle(Box(plot.left + (plot.width - width) / 2, baseline - size, width, size * 1.4), CARD)
    brush.text(plot.left + plot.width / 2, baseline, words, MUTED, size, "center")


def _axis_of(picture: PanelPicture) -> ValueAxis:
    lines = [*picture.lines, *([picture.yesterday] if picture.yesterday else [])]
    values = [bound for line in lines for bound in (line.low, line.high) if bound is not None]
    threshold = picture.panel.threshold
    if threshold is not None:
        values.append(threshold.value)
    return value_axis(values, picture.panel.unit, picture.panel.language)


def _draw_axes(brush: Brush, picture: PanelPicture, place: PanelLayout, scale: _Scale, *, labelled: bool) -> None:
    panel, plot, size = picture.panel, place.plot, place.sizes.label
    if labelled:
        _draw_values(brush, place, scale.axis)
    baseline = plot.bottom + size * 1.4
    zone = brush.fitted(_zone_name(panel.start.astimezone(panel.timezone)), place.sizes.gutter - 16, size)
    brush.text(plot.left - 12, baseline, zone, MUTED, size, "right")
    most = max(2, int(plot.width / (size * TICK_ROOM)))
    ticks = [
        (scale.x(tick.at_s), tick) for tick in time_ticks(panel.start, panel.end, panel.timezone, most, panel.language)
    ]
    _draw_uprights(brush, [x for x, _ in ticks], plot.top, plot.bottom, GRID, 1)
    _draw_uprights(brush, [x for x, _ in ticks], plot.bottom, plot.bottom + 7, AXIS, 1.5)
    for x, tick in ticks:
        half = brush.width(tick.label, size) / 2
        middle = min(x, plot.right + PADDING - 4 - half)
        if middle - half > plot.left - 8:
            brush.text(middle, baseline, tick.label, MUTED, size, "center")


def _draw_uprights(brush: Brush, places: Sequence[float], top: float, bottom: float, color: str, width: float) -> None:
    """All in one stroke, which costs as much as each of them alone."""
    xs = [x for place in places for x in (place, place, nan)]
    if places:
        brush.line(xs, [top, bottom, nan] * len(places), color, width)


def _draw_values(brush: Brush, place: PanelLayout, axis: ValueAxis) -> None:
    """The values at the grid lines; a unit too long to stand beside the top one stands below it."""
    plot, size = place.plot, place.sizes.label
    *lower, number = axis.labels
    top = f"{number}{NO_BREAK_SPACE}{axis.unit}" if axis.unit else number
    rows = [(index * 2, label) for index, label in enumerate(lower)]
    if not axis.unit or brush.width(top, size) <= place.sizes.gutter - 16:
        rows.append((INTERVALS, top))
    else:
        rows.extend(((INTERVALS, number), (INTERVALS - 1, axis.unit)))
    for index, label in rows:
        y = plot.bottom - index * plot.height / INTERVALS
        brush.text(plot.left - 12, y + size * 0.36, label, MUTED, size, "right")


def _widened(plot: Box, line: float) -> Box:
    """The plot and a dot's width around it: zero, the top, and a single point at either end are drawn in full."""
    around = line * DOT
    return Box(plot.left - around, plot.top - around, plot.width + 2 * around, plot.height + 2 * around)


def _zone_name(moment: datetime) -> str:
    """UTC, MSK, CET; a zone without letters of its own is named by its distance from UTC."""
    name = moment.tzname() or ""
    if name.isalpha():
        return name
    hours, minutes = name[:3], name[3:]
    return f"UTC{hours[0]}{hours[1:].lstrip('0') or '0'}" + (f":{minutes}" if minutes else "")


def _draw_lines(brush: Brush, picture: PanelPicture, place: PanelLayout, scale: _Scale) -> None:
    alone = len(picture.lines) == 1
    for index, line in reversed(list(enumerate(picture.lines))):
        color = LINES[index]
        xs, ys = scale.points(line)
        threshold = picture.panel.threshold
        for start, end in _runs(ys):
            if end - start == 1:
                brush.dot(xs[start], ys[start], place.sizes.line * DOT, color)
                continue
            if alone:
                _fill(brush, xs[start:end], ys[start:end], place.plot.bottom, color, AREA_ALPHA)
            if threshold is not None:
                _fill_breach(brush, xs[start:end], ys[start:end], threshold, place, scale)
        brush.line(xs, ys, color, place.sizes.line)


def _runs(ys: Floats) -> list[tuple[int, int]]:
    """Where the line is whole: first index, and the one after the last."""
    breaks = [-1, *np.flatnonzero(np.isnan(ys)).tolist(), len(ys)]
    return [(before + 1, after) for before, after in pairwise(breaks) if after - before > 1]


def _fill(brush: Brush, xs: Floats, ys: Floats, base: float, color: str, alpha: float) -> None:
    brush.area([xs[0], *xs, xs[-1]], [base, *ys, base], color, alpha)


def _fill_breach(brush: Brush, xs: Floats, ys: Floats, threshold: Threshold, place: PanelLayout, scale: _Scale) -> None:
    """Between line and threshold, on the bad side of it: the rest is clipped away."""
    plot, level = place.plot, scale.y(threshold.value)
    above = Box(plot.left, plot.top, plot.width, max(0.0, level - plot.top))
    below = Box(plot.left, level, plot.width, max(0.0, plot.bottom - level))
    brush.clip(above if threshold.side is Side.ABOVE else below)
    _fill(brush, xs, ys, level, BREACH, BREACH_ALPHA)
    brush.clip(_widened(plot, place.sizes.line))


def _draw_threshold(brush: Brush, threshold: Threshold | None, place: PanelLayout, scale: _Scale) -> None:
    if threshold is not None:
        y = scale.y(threshold.value)
        brush.line([place.plot.left, place.plot.right], [y, y], BREACH, place.sizes.line * 0.6, dashes=11)


def _placed(marks: Sequence[Mark], place: PanelLayout, scale: _Scale) -> list[tuple[float, Mark]]:
    """Where marks stand, as far as they lie within the plot."""
    placed = [(scale.x(mark.at.timestamp()), mark) for mark in sorted(marks, key=lambda mark: mark.at)]
    return [(x, mark) for x, mark in placed if place.plot.left <= x <= place.plot.right]


def _label_marks(brush: Brush, marks: Sequence[tuple[float, Mark]], place: PanelLayout) -> None:
    """Labels beside the marks' lines, on a veil through which the data still show."""
    plot, size = place.plot, place.sizes.label * 0.88
    edges = [plot.left, *(x for x, _ in marks), plot.right]
    taken: list[list[tuple[float, float]]] = [[] for _ in range(LABEL_ROWS)]
    for index, (x, mark) in enumerate(marks):
        label = brush.fitted(mark.label, plot.width * 0.4, size)
        width = brush.width(label, size) + 14
        roomier_left = x - edges[index] > edges[index + 2] - x
        sides = (x - 3 - width, x + 3) if roomier_left else (x + 3, x - 3 - width)
        spot = _free_spot(taken, sides, width, plot.left, place.card.right - 4)
        if spot is not None:
            left, row = spot
            taken[row].append((left, left + width))
            top = plot.top + 3 + row * size * 1.3
            brush.rectangle(Box(left + 2, top, width - 4, size * 1.25), CARD, VEIL_ALPHA)
            brush.text(left + 7, top + size, label, MARKS[mark.kind], size)


def _free_spot(
    taken: Sequence[Sequence[tuple[float, float]]], sides: Sequence[float], width: float, first: float, last: float
) -> tuple[float, int] | None:
    """Left edge and row where a label runs into no other one; None where it would."""
    for row, left in product(range(LABEL_ROWS), sides):
        free = all(left >= end or left + width <= begin for begin, end in taken[row])
        if free and left >= first and left + width <= last:
            return left, row
    return None
