"""Draws a board of statistics. Runs in the worker process."""

from bot.views.charts.board import Bar, Bars, Board, Columns, Tile, Tone
from bot.views.charts.brush import Brush
from bot.views.charts.colors import AXIS, BREACH, CARD, GRID, HEALTHY, LINES, MUTED, PAGE, RANKS, TEXT
from bot.views.charts.layout import GAP, MARGIN, PADDING, WIDTH, Box

HEIGHT = 1120
_HEADING_TOP, _TILES_TOP, _COLUMNS_TOP, _BARS_TOP = 12, 84, 84 + 196 + GAP, 84 + 196 + GAP + 430 + GAP
_TILE_HEIGHT, _COLUMNS_HEIGHT = 196, 430
_TITLE, _TEXT, _VALUE, _LABEL = 34, 28, 54, 26
_GUTTER = 84
_BAR_HEIGHT = 20
_COLUMN_SHARE = 0.72
"""Of the room of a column, what the column fills: more looks like an area, less like a fence."""
_TONES = {Tone.BETTER: HEALTHY, Tone.WORSE: BREACH, Tone.NEUTRAL: MUTED}
_GOOD_SHARE, _FAIR_SHARE = 0.95, 0.8
"""From which share on a bar is green, and from which it is yellow."""
_INTERVALS = (1, 2, 5)


def draw_board(brush: Brush, board: Board) -> None:
    """The whole picture."""
    brush.background("board", lambda: brush.rectangle(Box(0, 0, WIDTH, HEIGHT), PAGE))
    left = MARGIN + PADDING
    zone = brush.width(board.zone, _LABEL)
    title = brush.fitted(board.title, WIDTH - 2 * left - zone - PADDING, _TITLE, bold=True)
    brush.text(left, _HEADING_TOP + _TITLE + 6, title, TEXT, _TITLE, bold=True)
    brush.text(WIDTH - left, _HEADING_TOP + _TITLE + 6, board.zone, MUTED, _LABEL, "right")
    width = (WIDTH - 2 * MARGIN - (len(board.tiles) - 1) * GAP) / len(board.tiles)
    for index, tile in enumerate(board.tiles):
        _draw_tile(brush, tile, Box(MARGIN + index * (width + GAP), _TILES_TOP, width, _TILE_HEIGHT))
    _draw_columns(brush, board, Box(MARGIN, _COLUMNS_TOP, WIDTH - 2 * MARGIN, _COLUMNS_HEIGHT))
    half = (WIDTH - 2 * MARGIN - GAP) / 2
    for index, bars in enumerate(board.bars):
        _draw_bars(brush, bars, Box(MARGIN + index * (half + GAP), _BARS_TOP, half, HEIGHT - MARGIN - _BARS_TOP))


def _draw_tile(brush: Brush, tile: Tile, card: Box) -> None:
    brush.rectangle(card, CARD)
    room = card.width - 2 * PADDING
    left = card.left + PADDING
    brush.text(left, card.top + 46, brush.fitted(tile.label, room, _LABEL), MUTED, _LABEL)
    size = _VALUE
    while brush.width(tile.value, size, bold=True) > room and size > _TEXT:
        size -= 4
    brush.text(left, card.top + 116, brush.fitted(tile.value, room, size, bold=True), TEXT, size, bold=True)
    brush.text(left, card.top + 166, brush.fitted(tile.change, room, _LABEL), _TONES[tile.tone], _LABEL)


def _draw_columns(brush: Brush, board: Board, card: Box) -> None:
    columns = board.columns
    brush.rectangle(card, CARD)
    baseline = card.top + PADDING + _TITLE * 0.9
    brush.text(card.left + PADDING, baseline, columns.title, TEXT, _TITLE * 0.9, bold=True)
    _draw_legend(
        brush, columns, card, baseline, card.left + PADDING * 2 + brush.width(columns.title, _TITLE * 0.9, bold=True)
    )
    plot = Box(card.left + _GUTTER, card.top + 92, card.width - _GUTTER - PADDING, card.height - 92 - 56)
    highest = max((sum(counts) for counts in columns.counts), default=0)
    if not highest:
        middle = plot.top + plot.height / 2
        brush.text(plot.left + plot.width / 2, middle, board.no_data, MUTED, _TITLE, "center")
        return
    step = _step(highest)
    top = -(-highest // step) * step
    for value in range(0, top + 1, step):
        y = plot.bottom - plot.height * value / top
        brush.line([plot.left, plot.right], [y, y], AXIS if value == 0 else GRID, 1.5)
        brush.text(plot.left - 12, y + _LABEL * 0.36, str(value), MUTED, _LABEL, "right")
    _draw_stacks(brush, columns, plot, plot.height / top)


def _step(highest: int) -> int:
    """Between grid lines: 1, 2 or 5 times a power of ten, so that there are at most five."""
    power = 1
    while True:
        for interval in _INTERVALS:
            if highest <= 4 * interval * power:
                return interval * power
        power *= 10


def _draw_stacks(brush: Brush, columns: Columns, plot: Box, each: float) -> None:
    room = plot.width / len(columns.counts)
    width = max(2.0, room * _COLUMN_SHARE)
    for index, counts in enumerate(columns.counts):
        left, base = plot.left + index * room + (room - width) / 2, plot.bottom
        # The mildest at the bottom: what is worst stands on top, where the eye is.
        for rank in reversed(range(len(counts))):
            height = counts[rank] * each
            if height:
                brush.rectangle(Box(left, base - height, width, max(height - 2, 1)), RANKS[rank % len(RANKS)])
                base -= height
    for index, label in columns.ticks:
        middle = plot.left + (index + 0.5) * room
        half = brush.width(label, _LABEL) / 2
        middle = min(max(middle, plot.left + half), plot.right - half)
        brush.text(middle, plot.bottom + _LABEL * 1.5, label, MUTED, _LABEL, "center")


def _draw_legend(brush: Brush, columns: Columns, card: Box, baseline: float, first: float) -> None:
    """From the right; what has no room beside the title is left out, the mildest first."""
    room = card.right - PADDING - first
    shown = list(enumerate(columns.legend))
    while shown and sum(brush.width(text, _LABEL) + 52 for _, text in shown) > room:
        shown.pop()
    right = card.right - PADDING
    for rank, text in reversed(shown):
        brush.text(right, baseline, text, MUTED, _LABEL, "right")
        right -= brush.width(text, _LABEL) + 28
        brush.rectangle(Box(right, baseline - 19, 18, 18), RANKS[rank % len(RANKS)])
        right -= 24


def _draw_bars(brush: Brush, bars: Bars, card: Box) -> None:
    brush.rectangle(card, CARD)
    room = card.width - 2 * PADDING
    title = brush.fitted(bars.title, room, _TITLE * 0.9, bold=True)
    brush.text(card.left + PADDING, card.top + PADDING + _TITLE * 0.9, title, TEXT, _TITLE * 0.9, bold=True)
    if not bars.bars:
        middle = card.top + card.height / 2 + 10
        brush.text(card.left + card.width / 2, middle, bars.nothing, MUTED, _TITLE, "center")
        return
    pitch = (card.height - 84) / max(3, len(bars.bars))
    for index, bar in enumerate(bars.bars):
        _draw_bar(
            brush, bar, Box(card.left + PADDING, card.top + 76 + index * pitch, room, pitch), alarming=bars.alarming
        )


def _draw_bar(brush: Brush, bar: Bar, place: Box, *, alarming: bool) -> None:
    baseline = place.top + _TEXT
    value = brush.width(bar.value, _TEXT, bold=True)
    brush.text(place.left, baseline, brush.fitted(bar.label, place.width - value - PADDING, _TEXT), MUTED, _TEXT)
    brush.text(place.right, baseline, bar.value, TEXT, _TEXT, "right", bold=True)
    track = Box(place.left, baseline + 12, place.width, min(_BAR_HEIGHT, max(6.0, place.height - _TEXT - 22)))
    brush.rectangle(track, GRID)
    if bar.share:
        color = LINES[0] if alarming else _color_of(bar.share)
        brush.rectangle(Box(track.left, track.top, track.width * min(bar.share, 1.0), track.height), color)


def _color_of(share: float) -> str:
    if share >= _GOOD_SHARE:
        return HEALTHY
    return LINES[1] if share >= _FAIR_SHARE else BREACH
