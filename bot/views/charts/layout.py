"""Where everything stands in a picture, in pixels from the top left.

A Telegram photo is 1280 pixels wide and a phone shows it about 390 wide: a text of 26 pixels is there one of 8.
"""

from dataclasses import dataclass

WIDTH = 1280
MARGIN = 16
GAP = 14
PADDING = 20
_HEIGHTS = {1: 704, 2: 500, 3: 410, 4: 440, 5: 395, 6: 395}
"""Of a panel's card, by the number of panels."""
LEGEND_COLUMNS = 2
_LEGEND_LINE = 1.45
"""Height of a legend's row, in text sizes."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle: left, top, width and height."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """The bottom edge."""
        return self.top + self.height


@dataclass(frozen=True, slots=True)
class Sizes:
    """Heights of the letters, in pixels, and width of the lines."""

    title: float
    value: float
    text: float
    label: float
    gutter: float
    line: float


WIDE = Sizes(title=36, value=46, text=28, label=26, gutter=132, line=3.6)
NARROW = Sizes(title=30, value=38, text=25, label=24, gutter=112, line=3.2)


@dataclass(frozen=True, slots=True)
class PanelLayout:
    """A panel's card, its plot within, and the sizes that fit it."""

    card: Box
    plot: Box
    sizes: Sizes
    legend_rows: int


@dataclass(frozen=True, slots=True)
class Layout:
    """The picture's height, its title's strip (empty without one), and its panels."""

    height: int
    heading: Box
    panels: tuple[PanelLayout, ...]


def columns_of(panels: int) -> int:
    """Two columns from four panels on: six rows would make a strip too thin to read."""
    return 1 if panels <= 3 else 2  # noqa: PLR2004 - three wide panels are a square picture


def legend_rows(series: int) -> int:
    """Rows of the legend: two names a row; none for a single series."""
    return 0 if series <= 1 else -(-series // LEGEND_COLUMNS)


def layout_for(series_counts: tuple[int, ...], *, titled: bool) -> Layout:
    """The layout of panels with so many series each."""
    columns = columns_of(len(series_counts))
    rows = -(-len(series_counts) // columns)
    sizes = WIDE if columns == 1 else NARROW
    heading = Box(MARGIN + PADDING, MARGIN, WIDTH - 2 * (MARGIN + PADDING), 52 if titled else 0)
    width = (WIDTH - 2 * MARGIN - (columns - 1) * GAP) / columns
    panels: list[PanelLayout] = []
    top = heading.bottom
    for row in range(rows):
        legends = [legend_rows(count) for count in series_counts[row * columns : (row + 1) * columns]]
        # A plot gives up one row of its height to a legend; for more the card grows.
        extra = max(0, max(legends) - 1) * sizes.text * _LEGEND_LINE
        height = _HEIGHTS[len(series_counts)] + extra
        for column, legend in enumerate(legends):
            card = Box(MARGIN + column * (width + GAP), top, width, height)
            panels.append(_panel(card, sizes, legend))
        top += height + GAP
    return Layout(round(top - GAP + MARGIN), heading, tuple(panels))


def _panel(card: Box, sizes: Sizes, rows: int) -> PanelLayout:
    top = card.top + PADDING + sizes.value * 1.15 + sizes.text * 1.35 + 20
    below = sizes.label * 1.75 + rows * sizes.text * _LEGEND_LINE
    plot = Box(
        card.left + sizes.gutter,
        top,
        card.width - sizes.gutter - PADDING,
        card.bottom - below - PADDING * 0.6 - top,
    )
    return PanelLayout(card, plot, sizes, rows)


def legend_place(layout: PanelLayout, index: int) -> tuple[float, float, float]:
    """Left edge, baseline and width of the legend's entry with this index."""
    width = (layout.card.width - 2 * PADDING) / LEGEND_COLUMNS
    first = layout.plot.bottom + layout.sizes.label * 1.75 + layout.sizes.text * 1.1
    baseline = first + index // LEGEND_COLUMNS * layout.sizes.text * _LEGEND_LINE
    return layout.card.left + PADDING + index % LEGEND_COLUMNS * width, baseline, width
