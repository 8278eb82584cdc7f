"""Paints on matplotlib's Agg canvas in pixels from the top left. Runs in the worker process.

A `Figure` with its Agg canvas, but neither pyplot nor axes: an axes object measures and lays out its texts anew for
each picture, which is nine tenths of what a chart costs. The background of a layout is painted once and restored.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Literal, Protocol, cast

import numpy as np
from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Bbox
from numpy.typing import NDArray
from PIL import Image

from bot.views.charts.layout import WIDTH, Box
from bot.views.charts.lettering import width, write
from bot.views.charts.palette import COLORS, Bytes, Words, indexed, redrawn

DPI = 100
KEPT_BACKGROUNDS = 6
"""About 8 MB each."""
FASTEST = 1
"""zlib's level: a chart is about 100 kB even so, and a person waits for drawing and sending alike."""
Align = Literal["left", "center", "right"]


Numbers = Sequence[float] | NDArray[np.float64]


class _Canvas(Protocol):
    """What is used of `FigureCanvasAgg`, which comes without types."""

    def get_renderer(self) -> RendererBase: ...

    def buffer_rgba(self) -> memoryview: ...


@dataclass(frozen=True, slots=True)
class _Background:
    """What all pictures of a layout begin with: the pixels, and their entries in the palette."""

    pixels: Words
    entries: Bytes


class Brush:
    """A canvas of one height."""

    def __init__(self, height: int) -> None:
        self.height = height
        figure = Figure(figsize=(WIDTH / DPI, height / DPI), dpi=DPI)
        self._canvas = cast("_Canvas", FigureCanvasAgg(figure))
        self._renderer = self._canvas.get_renderer()
        self._flip = Affine2D().scale(1, -1).translate(0, height)
        pixels = np.asarray(self._canvas.buffer_rgba())
        self._image = _shared(pixels)
        self._pixels: Words = pixels.view("<u4")[:, :, 0]
        self._backgrounds: dict[Hashable, _Background] = {}
        self._background: _Background
        self._clip: Box | None = None

    def background(self, key: Hashable, paint: Callable[[], None]) -> None:
        """Start a picture from the background with this key, painting it if it is not kept yet."""
        kept = self._backgrounds.pop(key, None)
        if kept is None:
            paint()
            kept = _Background(self._pixels.copy(), indexed(self._pixels))
            while len(self._backgrounds) >= KEPT_BACKGROUNDS:
                self._backgrounds.pop(next(iter(self._backgrounds)))
        else:
            self._pixels[...] = kept.pixels
        self._backgrounds[key] = self._background = kept

    def png(self) -> bytes:
        """The picture, encoded."""
        flat = Image.fromarray(redrawn(self._pixels, self._background.pixels, self._background.entries), "P")
        flat.putpalette(COLORS)
        file = BytesIO()
        flat.save(file, "PNG", compress_level=FASTEST)
        return file.getvalue()

    def clip(self, box: Box | None) -> None:
        """Paint only within a box from now on; None lifts that."""
        self._clip = box

    def rectangle(self, box: Box, color: str, alpha: float = 1.0) -> None:
        """A filled rectangle."""
        left, top, right, bottom = box.left, box.top, box.right, box.bottom
        self.area([left, right, right, left], [top, top, bottom, bottom], color, alpha)

    def area(self, xs: Numbers, ys: Numbers, color: str, alpha: float = 1.0) -> None:
        """A filled polygon."""
        context = self._context(color, alpha)
        context.set_linewidth(0)
        self._renderer.draw_path(context, _path(xs, ys, closed=True), self._flip, to_rgba(color, alpha))
        context.restore()

    def line(self, xs: Numbers, ys: Numbers, color: str, width: float, alpha: float = 1.0, dashes: float = 0) -> None:
        """A line through all points, broken at NaN; `dashes` is the length of a dash."""
        context = self._context(color, alpha)
        context.set_linewidth(width)
        context.set_joinstyle("round")
        context.set_capstyle("butt" if dashes else "round")
        if dashes:
            context.set_dashes(0, [dashes, dashes])
        self._renderer.draw_path(context, _path(xs, ys, closed=False), self._flip)
        context.restore()

    def dot(self, x: float, y: float, radius: float, color: str) -> None:
        """A filled circle."""
        context = self._context(color, 1.0)
        context.set_linewidth(0)
        place = Affine2D().scale(radius).translate(x, y) + self._flip
        self._renderer.draw_path(context, Path.unit_circle(), place, to_rgba(color))
        context.restore()

    def text(
        self,
        x: float,
        baseline: float,
        text: str,
        color: str,
        size: float,
        align: Align = "left",
        *,
        bold: bool = False,
    ) -> None:
        """A line of text; `x` is its left edge, middle or right edge."""
        if align != "left":
            x -= self.width(text, size, bold=bold) * (0.5 if align == "center" else 1.0)
        write(self._image, x, baseline, text, color, size, bold=bold)

    def width(self, text: str, size: float, *, bold: bool = False) -> float:
        """How wide a text is."""
        return width(text, size, bold=bold)

    def fitted(self, text: str, room: float, size: float, *, bold: bool = False) -> str:
        """The text on one line, shortened with an ellipsis where it does not fit."""
        line = " ".join(text.split(" ")).replace("\n", " ").replace("\t", " ")
        if self.width(line, size, bold=bold) <= room:
            return line
        while line and self.width(f"{line}…", size, bold=bold) > room:
            line = line[: -max(1, len(line) // 12)]
        return f"{line.rstrip()}…"

    def _context(self, color: str, alpha: float) -> GraphicsContextBase:
        context = self._renderer.new_gc()
        context.set_foreground(to_rgba(color, alpha), isRGBA=True)
        context.set_alpha(alpha)
        if self._clip is not None:
            box = self._clip
            context.set_clip_rectangle(Bbox.from_bounds(box.left, self.height - box.bottom, box.width, box.height))
        return context


def _shared(pixels: Bytes) -> Image.Image:
    """The canvas's own memory as a Pillow image: what is painted on the one is seen in the other."""
    height, width, _ = pixels.shape
    image = Image.frombuffer("RGBA", (width, height), pixels, "raw", "RGBA", 0, 1)
    image.readonly = 0  # else the first text would make a copy
    return image


def _path(xs: Numbers, ys: Numbers, *, closed: bool) -> Path:
    corners = np.column_stack([xs, ys])
    # matplotlib takes the last corner of a closed path for its closing, and not as a place.
    return Path(np.vstack([corners, corners[:1]]), closed=True) if closed else Path(corners)
