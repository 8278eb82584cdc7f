"""What a picture of statistics shows, as plain data: figures in large, columns over time, and bars of shares.

Every text is ready to be drawn; severities go by their rank, 0 the worst.
"""

from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """Whether a change is one for the better."""

    BETTER = "better"
    WORSE = "worse"
    NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure in large, what it is, and how it has changed."""

    label: str
    value: str
    change: str = ""
    tone: Tone = Tone.NEUTRAL


@dataclass(frozen=True, slots=True)
class Columns:
    """Stacked columns: of each the counts by rank. `ticks` are texts below columns, by their index."""

    title: str
    counts: tuple[tuple[int, ...], ...]
    legend: tuple[str, ...]
    ticks: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar that is full at 1, and the text behind it. None: nothing is known."""

    label: str
    share: float | None
    value: str


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars one below the other; without any, `nothing` is said."""

    title: str
    bars: tuple[Bar, ...]
    nothing: str
    alarming: bool = False


@dataclass(frozen=True, slots=True)
class Board:
    """One picture."""

    title: str
    zone: str
    tiles: tuple[Tile, ...]
    columns: Columns
    bars: tuple[Bars, Bars]
    no_data: str
