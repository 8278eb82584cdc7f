"""A board of statistics is a picture, whatever it is made of."""

import struct

import pytest

from bot.views.charts.board import Bar, Bars, Board, Columns, Tile, Tone
from bot.views.charts.process import ChartWorker

EMPTY = Bars("Pages at night", (), "nobody was woken")


def a_board(*counts: tuple[int, ...], bars: tuple[Bar, ...] = (), title: str = "Incidents") -> Board:
    """A board with these columns."""
    ticks = ((0, "Jan 1"), (max(0, len(counts) - 1), "Jan 31"))
    columns = Columns("Per day", counts, ("SEV-1 3", "SEV-2 4"), ticks)
    tiles = (Tile("Incidents", "7", "▼ 20 %", Tone.BETTER), Tile("Answered", "1 234 h 59 min and more than fits"))
    return Board(title, "UTC", tiles, columns, (Bars("Deadlines held", bars, "none"), EMPTY), "No incident")


@pytest.mark.parametrize(
    "board",
    [
        a_board(),
        a_board((0, 0), (0, 0)),
        a_board((1, 0)),
        a_board(*((n, 3 * n) for n in range(33)), bars=(Bar("answers", 1.0, "9 of 9"), Bar("ends", None, "0 of 0"))),
        a_board((1000, 20000), title="A very long title " * 20),
        a_board(
            *((1, 1, 1, 1, 1, 1, 1, 1),) * 3, bars=tuple(Bar("updates", share, "x") for share in (0.97, 0.85, 0.1, 2))
        ),
    ],
    ids=["nothing", "zeros", "one", "a month", "many", "bars"],
)
async def test_a_board_is_drawn(worker: ChartWorker, board: Board) -> None:
    """No data, one column, many of them, more than fits: a PNG of the one size."""
    png = await worker.board(board)
    assert png.startswith(b"\x89PNG")
    assert struct.unpack(">II", png[16:24]) == (1280, 1120)
