"""What a chart shows, as plain data: no matplotlib in here, so that every room may describe a chart."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.plan import Unit
from bot.domain.roster import Language

UTC = ZoneInfo("UTC")
MOST_PANELS = 6
"""What a phone can show in one picture and still be read."""
MOST_SERIES = 8
"""Colours that can be told apart; further series are counted in the legend."""

Point = tuple[float, float | None]
"""Unix time in seconds, and the value in the metric's unit; None or NaN is a gap."""


@dataclass(frozen=True, slots=True)
class Series:
    """Points in the order of time, under a name for the legend."""

    name: str
    points: tuple[Point, ...]


class Side(StrEnum):
    """On which side of a bound a value breaks it."""

    ABOVE = "above"
    BELOW = "below"


@dataclass(frozen=True, slots=True)
class Threshold:
    """A bound in the metric's unit; a value on this side of it is a breach."""

    value: float
    side: Side


class MarkKind(StrEnum):
    """What happened to the incident at a moment."""

    DECLARED = "declared"
    ACKNOWLEDGED = "acknowledged"
    ROLLBACK = "rollback"
    RESOLVED = "resolved"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment of the incident, as an upright line with a short label."""

    at: datetime
    kind: MarkKind
    label: str


@dataclass(frozen=True, slots=True)
class Panel:
    """One metric over a time range. `yesterday` holds its points at yesterday's own times; they are drawn a day later.

    `start` and `end` are aware; the axis is labelled in `timezone`.
    """

    title: str
    unit: Unit
    series: tuple[Series, ...]
    start: datetime
    end: datetime
    threshold: Threshold | None = None
    marks: tuple[Mark, ...] = ()
    yesterday: Series | None = None
    timezone: ZoneInfo = UTC
    language: Language = "en"

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None or self.end <= self.start:
            raise ValueError("a panel's range is aware and ends after it starts")


@dataclass(frozen=True, slots=True)
class Chart:
    """One to six panels under a title.

    Raises:
        ValueError: no panel, or more than fit.
    """

    title: str
    panels: tuple[Panel, ...]

    def __post_init__(self) -> None:
        if not 1 <= len(self.panels) <= MOST_PANELS:
            raise ValueError(f"a chart has 1 to {MOST_PANELS} panels, not {len(self.panels)}")
