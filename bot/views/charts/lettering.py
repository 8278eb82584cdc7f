"""Writes texts into pixels, with Pillow's letters (it comes with matplotlib); a text once written is kept as a mask.

matplotlib lays out a text anew each time it is drawn, which cost more than all lines of a picture.
"""

from functools import lru_cache
from math import ceil
from pathlib import Path

import matplotlib as mpl
from PIL import Image, ImageDraw, ImageFont

KEPT_TEXTS = 2048
"""About 4 kB each: what the charts of an installation have in common."""
_DESCENT = 0.3
"""Of a letter's size, what hangs below the baseline at most."""


@lru_cache(maxsize=32)
def font(size: float, *, bold: bool) -> ImageFont.FreeTypeFont:
    """Matplotlib's own DejaVu Sans, which has Latin, Cyrillic and Greek letters, in a size of pixels."""
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    path = Path(mpl.get_data_path()) / "fonts" / "ttf" / name
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=KEPT_TEXTS)
def width(text: str, size: float, *, bold: bool) -> float:
    """How many pixels wide a text is."""
    return font(size, bold=bold).getlength(text)


def write(image: Image.Image, x: float, baseline: float, text: str, color: str, size: float, *, bold: bool) -> None:
    """Blend a text into a picture, from `x` to the right; what lies outside of it is cut off."""
    image.paste(color, (round(x), round(baseline) - ceil(size)), _mask(text, size, bold=bold))


@lru_cache(maxsize=KEPT_TEXTS)
def _mask(text: str, size: float, *, bold: bool) -> Image.Image:
    """How much of each pixel the letters cover; the baseline lies `size` below the top."""
    box = (ceil(width(text, size, bold=bold)) + 2, ceil(size) + ceil(size * _DESCENT))
    image = Image.new("L", box)
    ImageDraw.Draw(image).text((0, ceil(size)), text, 255, font(size, bold=bold), anchor="ls")
    return image
