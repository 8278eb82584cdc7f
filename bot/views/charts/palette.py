"""From millions of colours to 256 by a table: the PNG gets half as large, and is encoded in a sixth of the time.

Every colour of a chart is one of a few, or lies between one of them and the card below: those are the palette.
"""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bot.views.charts.colors import (
    AREA_ALPHA,
    AXIS,
    BREACH,
    BREACH_ALPHA,
    CARD,
    GRID,
    LINES,
    MARKS,
    MUTED,
    PAGE,
    TEXT,
    YESTERDAY,
)

LEVELS = 13
"""Steps from the card to a colour: what smooths the edge of a letter."""
BITS = 5
"""Of each channel that choose the palette's entry."""
_DARK = (PAGE, CARD, GRID, AXIS)
_BRIGHT = tuple(dict.fromkeys((TEXT, MUTED, YESTERDAY, BREACH, *LINES, *MARKS.values())))
Bytes = NDArray[np.uint8]
Words = NDArray[np.uint32]


def _channels(color: str) -> list[int]:
    return [int(color[start:end], 16) for start, end in pairwise((1, 3, 5, 7))]


def _entries() -> NDArray[np.int64]:
    card = np.array(_channels(CARD))
    ramps = [
        card + (np.array(_channels(color)) - card) * level // LEVELS
        for color in _BRIGHT
        for level in range(1, LEVELS + 1)
    ]
    areas = [_over(np.array(_channels(color)), card, AREA_ALPHA) for color in LINES]
    breaches = [_over(np.array(_channels(BREACH)), below, BREACH_ALPHA) for below in (card, *areas)]
    return np.array([_channels(color) for color in _DARK] + areas + breaches + ramps)


def _over(color: NDArray[np.int64], below: NDArray[np.int64], alpha: float) -> NDArray[np.int64]:
    """A translucent colour on another one, as the canvas blends it."""
    return (below + (color - below) * alpha).astype(np.int64)


def _cells(red: Bytes, green: Bytes, blue: Bytes) -> NDArray[np.uint16]:
    cells = (red >> (8 - BITS)).astype(np.uint16)
    for channel in (green, blue):
        cells <<= BITS
        cells |= channel >> (8 - BITS)
    return cells


def _table(entries: NDArray[np.int64]) -> Bytes:
    """For each cell of the colour cube the nearest entry; an entry's own cell is its own."""
    steps = np.arange(1 << BITS) * (1 << (8 - BITS)) + (1 << (7 - BITS))
    centers = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), axis=-1).reshape(-1, 3)
    # |c - e|² without |c|², which is the same for all entries: one product of matrices.
    distances = (entries * entries).sum(axis=1) - 2.0 * (centers.astype(np.float32) @ entries.T.astype(np.float32))
    table = np.argmin(distances, axis=1).astype(np.uint8)
    own = entries.astype(np.uint8)
    for index in reversed(range(len(entries))):
        table[_cells(own[index, 0:1], own[index, 1:2], own[index, 2:3])] = index
    return table


_ENTRIES = _entries()
_TABLE = _table(_ENTRIES)
COLORS = _ENTRIES.astype(np.uint8).tobytes()
"""Red, green and blue of each entry, one after the other."""


def indexed(pixels: Words) -> Bytes:
    """Each pixel's entry in the palette; a pixel is red, green, blue and alpha from its lowest byte to its highest."""
    return _TABLE.take(_cells_of(pixels))


def redrawn(pixels: Words, before: Words, entries: Bytes) -> Bytes:
    """The same, where `entries` are those of the pixels `before`: only what has changed is looked up."""
    changed = np.flatnonzero(pixels.ravel() != before.ravel())
    after = entries.copy()
    after.ravel()[changed] = indexed(pixels.ravel()[changed])
    return after


def _cells_of(pixels: Words) -> NDArray[np.uint16]:
    low = 8 - BITS
    mask = np.uint32((1 << BITS) - 1)
    cells = (pixels >> low & mask) << 2 * BITS | (pixels >> low + 8 & mask) << BITS | pixels >> low + 16 & mask
    return cells.astype(np.uint16)
