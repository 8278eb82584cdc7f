"""Round numbers for the axes: where grid lines stand and what is written beside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from math import ceil, floor, isclose, log10
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton

from bot.domain.measures import format_number, scale_for, sign_in
from bot.domain.plan import Unit
from bot.domain.roster import Language

STEPS = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
INTERVALS = 4
"""Of the value axis: always the same number, so that the grid is part of the cached background."""
HEADROOM = 1.04
"""A line at the very top of its panel would read as cut off."""
_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_CHANGE_AT_MOST = 2 * _HOUR
"""By which a change to or from summer time moves the wall clock."""
_CLOCK_STEPS_S = (
    *(minutes * _MINUTE for minutes in (1, 2, 5, 10, 15, 30)),
    *(hours * _HOUR for hours in (1, 2, 3, 4, 6, 12)),
    *(days * _DAY for days in (1, 2, 3, 5, 7, 10, 14, 30)),
)


@dataclass(frozen=True, slots=True)
class ValueAxis:
    """Bottom and top of a panel, the number at every second grid line from the bottom, and the sign of the unit."""

    bottom: float
    top: float
    labels: tuple[str, ...]
    unit: str


@dataclass(frozen=True, slots=True)
class TimeTick:
    """A moment on the time axis, and its text."""

    at_s: float
    label: str


def value_axis(values: Sequence[float], unit: Unit, language: Language) -> ValueAxis:
    """An axis of four even intervals around all values, from zero unless they lie far from it."""
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    if low >= 0 and low <= 0.7 * high:
        low = 0.0
    if isclose(low, high, rel_tol=1e-9, abs_tol=1e-300):
        low, high = _around(low, unit)
    bottom, step = _bounds(low, high, unit)
    worth, sign = scale_for(unit, max(abs(bottom), abs(bottom + INTERVALS * step)))
    decimals = _decimals(2 * step / worth)
    numbers = [(bottom + index * step) / worth for index in range(0, INTERVALS + 1, 2)]
    texts = tuple(
        format_number(number, 0 if isclose(number, 0, abs_tol=1e-9) else decimals, language) for number in numbers
    )
    return ValueAxis(bottom, bottom + INTERVALS * step, texts, sign_in(language, sign))


@lru_cache(maxsize=64)
def time_ticks(
    start: datetime, end: datetime, zone: ZoneInfo, most: int, language: Language = "en"
) -> tuple[TimeTick, ...]:
    """Round moments of the zone's own clock, at most so many; a day is named where the range spans several."""
    span_s = (end - start).total_seconds()
    step_s = next((step for step in _CLOCK_STEPS_S if span_s / step <= most), ceil(span_s / most / _DAY) * _DAY)
    local_start = start.astimezone(zone)
    midnight = local_start.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    ticks: list[TimeTick] = []
    first = int((local_start.replace(tzinfo=None) - midnight).total_seconds() // step_s)
    for index in range(first, first + int((span_s + _CHANGE_AT_MOST) // step_s) + 2):
        # Counted on the wall clock: ticks stay at round hours across a change to summer time.
        at = (midnight + timedelta(seconds=index * step_s)).replace(tzinfo=zone).astimezone(UTC).astimezone(zone)
        skipped = bool(ticks) and ticks[-1].at_s == at.timestamp()
        if start <= at <= end and not skipped:
            ticks.append(TimeTick(at.timestamp(), _clock(at, step_s, span_s, language)))
    return tuple(ticks)


def _clock(at: datetime, step_s: float, span_s: float, language: Language) -> str:
    if step_s >= _DAY or (span_s > _DAY and at.hour == at.minute == 0):
        return format_skeleton("MMMd", at, locale=language)
    return f"{at:%H:%M}"


def _around(value: float, unit: Unit) -> tuple[float, float]:
    """Room for a line that never moves: zero lies on the ground, everything else in the middle."""
    if value == 0:
        return 0.0, (0.01 if unit is Unit.RATIO else 1.0) / HEADROOM
    return (0.0, 2 * value) if value > 0 else (2 * value, 0.0)


def _bounds(low: float, high: float, unit: Unit) -> tuple[float, float]:
    """The bottom and the step of the tightest round axis that holds both values."""
    share = unit in {Unit.RATIO, Unit.COUNT} and low >= 0 and high <= 1
    top = min(1.0, low + (high - low) * HEADROOM) if share else low + (high - low) * HEADROOM
    magnitude = 10.0 ** floor(log10((top - low) / INTERVALS))
    for step in (factor * scale for scale in (magnitude, magnitude * 10) for factor in STEPS):
        bottom = floor(low / step + 1e-9) * step
        if share and top > 0.9 and bottom + INTERVALS * step > 1:  # noqa: PLR2004 - an axis of shares ends at 100 %
            bottom = max(0.0, 1 - INTERVALS * step)
        if bottom <= low + 1e-9 * step and bottom + INTERVALS * step >= top - 1e-9 * step:
            return bottom, step
    raise AssertionError("a step of ten times the magnitude always holds the span")


def _decimals(step: float) -> int:
    """As many as it takes to write the step exactly."""
    return next((count for count in range(7) if isclose(round(step, count), step, rel_tol=1e-6)), 6)
