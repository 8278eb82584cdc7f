"""What is kept of a flood of lines, whichever way it is cut into pieces."""

import pytest

from bot.domain.masking import MASK, Masker
from bot.engine.output import SIDE_LINES, Output, OutputKeeper

NOTHING = Masker(())


def kept(text: bytes, pieces: int, wanted: str | None = None) -> Output:
    """What a keeper has of it."""
    keeper = OutputKeeper(NOTHING, wanted)
    for at in range(0, len(text), pieces):
        keeper.feed(text[at : at + pieces])
    return keeper.snapshot()


@pytest.mark.parametrize("pieces", [7, 65_536, 10_000_000])
def test_of_a_flood_of_short_lines_both_ends_are_kept(pieces: int) -> None:
    """And those between are counted, however they came."""
    lines = [str(number) for number in range(100_000)]
    output = kept("".join(f"{line}\n" for line in lines).encode(), pieces)
    assert output.head == tuple(lines[:SIDE_LINES])
    assert output.tail == tuple(lines[-SIDE_LINES:])
    assert output.omitted == len(lines) - 2 * SIDE_LINES


@pytest.mark.parametrize("pieces", [7, 10_000_000])
def test_a_private_key_in_a_flood_stays_hidden(pieces: int) -> None:
    """Also where only its end would be kept."""
    begins, ends = "-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----"
    lines = ["x"] * 5_000 + [begins] + ["key"] * (SIDE_LINES + 10) + [ends, "after"]
    output = kept("".join(f"{line}\n" for line in lines).encode(), pieces)
    assert "key" not in output.tail
    assert output.tail[0] == MASK
    assert output.tail[-1] == "after"


def test_the_lines_that_are_asked_for_are_found_in_a_flood() -> None:
    """None of them is skipped with the others."""
    lines = ["x"] * 50_000 + ["wanted 1"] + ["x"] * 50_000 + ["wanted 2"]
    output = kept("\n".join(lines).encode(), 65_536, wanted="wanted")
    assert output.head + output.tail == ("wanted 1", "wanted 2")
