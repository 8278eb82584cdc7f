"""Draws a whole picture: the background of its layout, then what is new in each panel. Runs in the worker process."""

from bot.views.charts.axes import INTERVALS
from bot.views.charts.board import Board
from bot.views.charts.board_drawing import HEIGHT, draw_board
from bot.views.charts.brush import Brush
from bot.views.charts.colors import AXIS, CARD, GRID, PAGE, TEXT
from bot.views.charts.layout import WIDTH, Box, Layout
from bot.views.charts.panel import draw_panel
from bot.views.charts.picture import Picture

HEADING_SIZE = 32


class Painter:
    """Keeps a brush for each height of picture."""

    def __init__(self) -> None:
        self._brushes: dict[int, Brush] = {}

    def png(self, picture: Picture) -> bytes:
        """The picture, encoded."""
        layout = picture.layout
        brush = self._brush(layout.height)
        brush.background(layout, lambda: _draw_background(brush, layout))
        heading = layout.heading
        shown = brush.fitted(picture.title, heading.width, HEADING_SIZE, bold=True)
        brush.text(heading.left, heading.top + HEADING_SIZE, shown, TEXT, HEADING_SIZE, bold=True)
        for panel, place in zip(picture.panels, layout.panels, strict=True):
            draw_panel(brush, panel, place)
        return brush.png()

    def board(self, board: Board) -> bytes:
        """A board of statistics, encoded."""
        brush = self._brush(HEIGHT)
        draw_board(brush, board)
        return brush.png()

    def _brush(self, height: int) -> Brush:
        if height not in self._brushes:
            self._brushes[height] = Brush(height)
        return self._brushes[height]


def _draw_background(brush: Brush, layout: Layout) -> None:
    """All that charts of one layout have in common."""
    brush.rectangle(Box(0, 0, WIDTH, layout.height), PAGE)
    for place in layout.panels:
        plot = place.plot
        brush.rectangle(place.card, CARD)
        for index in range(INTERVALS + 1):
            y = plot.bottom - index * plot.height / INTERVALS
            brush.line([plot.left, plot.right], [y, y], AXIS if index == 0 else GRID, 1.5)
