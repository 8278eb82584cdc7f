"""The chart worker: reads pictures from standard input, writes PNGs to standard output, ends when its input does.

Started by `bot.views.charts.process`. matplotlib is imported here and in the modules that only this one imports.
"""

import os
import sys
import warnings
from datetime import UTC, datetime, timedelta
from typing import BinaryIO

from bot.domain.plan import Unit
from bot.views.charts.board import Board
from bot.views.charts.draw import Painter
from bot.views.charts.frames import LENGTH_BYTES, Drawn, Failed, Message, Ready, length_of, packed, unpacked
from bot.views.charts.model import MOST_PANELS, Chart, Panel, Series
from bot.views.charts.picture import Picture, picture_of

LOWER_PRIORITY = 5
"""A picture may wait; a page may not."""


def main() -> None:
    """Draw until the bot closes the pipe."""
    # Whatever a library prints must not end up between the messages.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    os.nice(LOWER_PRIORITY)
    # A letter that no font has is drawn as a box, which says enough.
    warnings.filterwarnings("ignore", message="Glyph .* missing")
    painter = Painter()
    for panels in (1, MOST_PANELS):
        painter.png(_first(panels))
    _write(answers, Ready())
    while (message := _read(sys.stdin.buffer)) is not None:
        _write(answers, _drawn(painter, message))


def _drawn(painter: Painter, message: Message) -> Drawn | Failed:
    try:
        match message:
            case Picture():
                return Drawn(painter.png(message))
            case Board():
                return Drawn(painter.board(message))
            case _:
                return Failed("not a picture")
    except (ArithmeticError, ValueError, LookupError, RuntimeError) as error:
        return Failed(f"{type(error).__name__}: {error}")


def _read(source: BinaryIO) -> Message | None:
    prefix = source.read(LENGTH_BYTES)
    if len(prefix) < LENGTH_BYTES:
        return None
    return unpacked(source.read(length_of(prefix)))


def _write(sink: BinaryIO, message: Message) -> None:
    sink.write(packed(message))
    sink.flush()


def _first(panels: int) -> Picture:
    """A picture nobody sees: it makes matplotlib load what it loads on first use."""
    end = datetime(2026, 1, 1, tzinfo=UTC)
    start = end - timedelta(hours=1)
    points = tuple((start.timestamp() + second, float(second)) for second in range(0, 3600, 60))
    panel = Panel("0123456789 ms %", Unit.SECONDS, (Series("a", points),), start, end)
    return picture_of(Chart("", (panel,) * panels))


if __name__ == "__main__":
    main()
