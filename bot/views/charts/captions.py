"""Writes a panel's figures, keys and legend around its plot. Runs in the worker process."""

from collections.abc import Sequence

from bot.domain.measures import NO_BREAK_SPACE, format_value
from bot.views.charts.brush import Brush
from bot.views.charts.colors import BREACH, LINES, MUTED, TEXT, YESTERDAY
from bot.views.charts.layout import PADDING, PanelLayout, legend_place
from bot.views.charts.model import Side, Threshold
from bot.views.charts.picture import PanelPicture
from bot.views.charts.sampling import Line
from bot.views.charts.words import WORDS


def draw_figures(brush: Brush, picture: PanelPicture, place: PanelLayout, known: Sequence[Line]) -> None:
    """The title and the present value in large, and below them the lowest, the highest and the threshold."""
    panel, card, sizes = picture.panel, place.card, place.sizes
    words = WORDS[panel.language]
    first = card.top + PADDING + sizes.value * 0.8
    room = card.width - 2 * PADDING
    baseline = card.top + PADDING + sizes.value * 1.15 + sizes.text * 0.95
    parts: list[str] = []
    if known:
        lows, highs = ([line.low for line in known], [line.high for line in known])
        low = min(value for value in lows if value is not None)
        high = max(value for value in highs if value is not None)
        parts = [
            f"{words.lowest}{NO_BREAK_SPACE}{format_value(panel.unit, low, panel.language)}",
            f"{words.highest}{NO_BREAK_SPACE}{format_value(panel.unit, high, panel.language)}",
        ]
    if len(known) == 1 and len(picture.lines) == 1 and known[0].last is not None:
        now = format_value(panel.unit, known[0].last, panel.language)
        color = BREACH if _breaks(known[0].last, panel.threshold) else TEXT
        brush.text(card.right - PADDING, first, now, color, sizes.value, "right", bold=True)
        room -= brush.width(now, sizes.value, bold=True) + PADDING
    title = brush.fitted(panel.title, room, sizes.title, bold=True)
    brush.text(card.left + PADDING, first, title, TEXT, sizes.title, bold=True)
    line = " · ".join(parts)
    brush.text(card.left + PADDING, baseline, line, MUTED, sizes.text)
    _draw_keys(brush, picture, place, baseline, brush.width(line, sizes.text) if line else 0)


def _draw_keys(brush: Brush, picture: PanelPicture, place: PanelLayout, baseline: float, used: float) -> None:
    """At the right of the figures: what the dashed lines are, as far as there is room."""
    panel, card, sizes = picture.panel, place.card, place.sizes
    right, left_edge = card.right - PADDING, card.left + PADDING + used + PADDING
    keys: list[tuple[str, str]] = []
    if panel.threshold is not None:
        sign = ">" if panel.threshold.side is Side.ABOVE else "<"
        bound = format_value(panel.unit, panel.threshold.value, panel.language)
        keys.append((f"{sign}{NO_BREAK_SPACE}{bound}", BREACH))
    if picture.yesterday is not None and picture.yesterday.last is not None:
        keys.append((WORDS[panel.language].yesterday, YESTERDAY))
    for text, color in keys:
        width = brush.width(text, sizes.text)
        if right - width - 44 < left_edge:
            return
        brush.text(right, baseline, text, color, sizes.text, "right")
        middle = baseline - sizes.text * 0.34
        brush.line([right - width - 38, right - width - 8], [middle, middle], color, sizes.line * 0.6, dashes=7)
        right -= width + 38 + PADDING


def _breaks(value: float, threshold: Threshold | None) -> bool:
    if threshold is None:
        return False
    return value > threshold.value if threshold.side is Side.ABOVE else value < threshold.value


def draw_legend(brush: Brush, picture: PanelPicture, place: PanelLayout) -> None:
    """Under the plot: each series' colour, name and latest value; nothing for a single series."""
    if place.legend_rows == 0:
        return
    panel, size = picture.panel, place.sizes.text
    for index, line in enumerate(picture.lines):
        left, baseline, width = legend_place(place, index)
        last = index == len(picture.lines) - 1 and picture.omitted
        more = f" {WORDS[panel.language].more.format(picture.omitted)}" if last else ""
        value = format_value(panel.unit, line.last, panel.language)
        room = width - size * 2.4 - brush.width(f"{value}{more}", size, bold=True)
        name = brush.fitted(line.name, room, size)
        brush.dot(left + size * 0.35, baseline - size * 0.34, size * 0.3, LINES[index])
        brush.text(left + size, baseline, name, MUTED, size)
        brush.text(left + size * 1.4 + brush.width(name, size), baseline, f"{value}{more}", TEXT, size, bold=True)
