"""A metric's number against its target, and as people read it: `7.2 %`, `430 ms`, `1.9 GB`, `6,420 req/s`.

A number keeps two significant digits, or all digits before the point when there are more: what a person compares at
a glance. Between the number and its unit stands a no-break space. Bytes are decimal (1 GB = 10⁹ bytes), as the plan's
targets write them.
"""

from collections.abc import Sequence
from enum import StrEnum
from math import floor, isfinite, log10
from statistics import median

from bot.domain.plan import Metric, Target, Unit
from bot.domain.roster import Language

NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
SIGNIFICANT_DIGITS = 2
TARGET_DIGITS = 6
STEADY_WITHIN = 0.1
"""A change of less than a tenth of the larger value is noise to the reader of a card."""
TREND_SAMPLES = 3
"""Fewer samples have no beginning, middle and end."""

_RUSSIAN_MARKS = str.maketrans({",": NO_BREAK_SPACE, ".": ","})
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_SMALLEST_PLAIN, _LARGEST_PLAIN = 1e-4, 1e7

Scale = tuple[float, str]

# Ascending: how many of the base unit make one of this one, and its sign in English.
_SCALES: dict[Unit, tuple[Scale, ...]] = {
    Unit.RATIO: ((0.01, "%"),),
    Unit.SECONDS: ((1e-6, "µs"), (1e-3, "ms"), (1.0, "s"), (60.0, "min"), (3600.0, "h"), (86400.0, "d")),
    Unit.BYTES: ((1.0, "B"), (1e3, "kB"), (1e6, "MB"), (1e9, "GB"), (1e12, "TB")),
    Unit.PER_SECOND: ((1.0, "req/s"), (1e6, "M req/s")),
    Unit.COUNT: ((1.0, ""), (1e6, "M"), (1e9, "G"), (1e12, "T")),
}
# A reader thinks "90 s", not "1.5 min": the larger unit starts only where the smaller one gets unwieldy.
_STARTS_AT: dict[str, float] = {"min": 120.0, "h": 7200.0, "d": 172800.0}
_RUSSIAN_SIGNS = {
    "µs": "мкс",
    "ms": "мс",
    "s": "с",
    "min": "мин",
    "h": "ч",
    "d": "дн.",
    "B": "Б",
    "kB": "кБ",
    "MB": "МБ",
    "GB": "ГБ",
    "TB": "ТБ",
    "req/s": "запр./с",
    "M req/s": "млн запр./с",
    "M": "млн",
    "G": "млрд",
    "T": "трлн",
}


class Verdict(StrEnum):
    """Whether a value keeps its target; unknown is neither healthy nor a breach."""

    GOOD = "good"
    BAD = "bad"
    UNKNOWN = "unknown"


class Trend(StrEnum):
    """Where a value is heading."""

    RISING = "rising"
    FALLING = "falling"
    STEADY = "steady"


def compare(value: float | None, target: Target | None) -> Verdict:
    """Hold a value (in the metric's unit) against its target; the bound itself is already outside of it."""
    if value is None or not isfinite(value) or target is None:
        return Verdict.UNKNOWN
    too_high = target.below is not None and value >= target.below
    too_low = target.above is not None and value <= target.above
    return Verdict.BAD if too_high or too_low else Verdict.GOOD


def trend_of(values: Sequence[float]) -> Trend | None:
    """The direction from the first third of the samples to the last, by their medians so that one spike is no trend.

    None when there are too few finite samples to tell.
    """
    finite = [value for value in values if isfinite(value)]
    if len(finite) < TREND_SAMPLES:
        return None
    third = len(finite) // 3
    before, after = median(finite[:third]), median(finite[-third:])
    if abs(after - before) <= STEADY_WITHIN * max(abs(before), abs(after)):
        return Trend.STEADY
    return Trend.RISING if after > before else Trend.FALLING


def format_value(unit: Unit, value: float | None, language: Language = "en") -> str:
    """A value with its unit; an en dash for one that is not known (None, NaN or infinite)."""
    return _written(unit, value, language, SIGNIFICANT_DIGITS)


def format_measured(metric: Metric, value: float | None, language: Language = "en") -> str:
    """A value beside its metric's target: with as many digits as it takes to be told apart from each bound."""
    bounds = [] if metric.target is None else [metric.target.below, metric.target.above]
    exact = {_written(metric.unit, bound, language, TARGET_DIGITS) for bound in bounds if bound not in (None, value)}
    texts = [_written(metric.unit, value, language, digits) for digits in range(SIGNIFICANT_DIGITS, TARGET_DIGITS + 1)]
    return next((text for text in texts if text not in exact), texts[-1])


def format_target(metric: Metric, language: Language = "en") -> str | None:
    """The target as `< 0.1 %` or `> 6,000 req/s`; None for a metric without one."""
    if metric.target is None:
        return None
    bounds = ((">", metric.target.above), ("<", metric.target.below))
    texts = [
        f"{sign}{NO_BREAK_SPACE}{_written(metric.unit, bound, language, TARGET_DIGITS)}"
        for sign, bound in bounds
        if bound is not None
    ]
    return ", ".join(texts) or None


def scale_for(unit: Unit, magnitude: float) -> Scale:
    """The unit's scale in which a number of this magnitude is short: its worth in base units, and its English sign."""
    scales = _SCALES[unit]
    size = abs(magnitude)
    fitting = [scale for scale in scales if size >= _STARTS_AT.get(scale[1], scale[0]) * _promoted(scale)]
    if fitting:
        return fitting[-1]
    # Zero has no magnitude of its own: it is written in the plain unit.
    return next(scale for scale in scales if scale[0] == 1.0) if size == 0 and unit is not Unit.RATIO else scales[0]


def sign_in(language: Language, sign: str) -> str:
    """A unit's sign as this language writes it."""
    return _RUSSIAN_SIGNS.get(sign, sign) if language == "ru" else sign


def format_number(number: float, decimals: int, language: Language = "en") -> str:
    """A bare number: digits in groups, and the decimal mark of the language."""
    text = f"{number:,.{decimals}f}"
    if text.startswith("-") and not text.strip("-0.,"):
        text = text[1:]
    return text.translate(_RUSSIAN_MARKS) if language == "ru" else text


def _promoted(scale: Scale) -> float:
    """999.6 ms would be written as 1,000 ms: a scale starts half a last digit early."""
    return 1.0 if scale[1] in _STARTS_AT else 0.9995


def _written(unit: Unit, value: float | None, language: Language, digits: int) -> str:
    if value is None or not isfinite(value):
        return "–"
    worth, sign = scale_for(unit, value)
    if not isfinite(value / worth):
        return "–"
    number = _digits(value / worth, digits, language, near_hundred=unit is Unit.RATIO)
    sign = sign_in(language, sign)
    return f"{number}{NO_BREAK_SPACE}{sign}" if sign else number


def _digits(number: float, digits: int, language: Language, *, near_hundred: bool) -> str:
    size = abs(number)
    if 0 < size < _SMALLEST_PLAIN or size >= _LARGEST_PLAIN:
        mantissa, exponent = f"{number:.1e}".split("e")
        plain = format_number(float(mantissa), 1, language)
        return f"{plain}×10{str(int(exponent)).translate(_SUPERSCRIPTS)}"
    # What matters of 99.98 % is its distance from 100.
    near = near_hundred and 90 <= size < 100  # noqa: PLR2004 - percent
    telling = 100 - size if near else size
    decimals = min(TARGET_DIGITS, max(0, digits - 1 - floor(log10(telling)))) if telling else 0
    if near and decimals > digits:
        decimals -= 1
    # 99.97 % must not become 100 %, nor must float noise (0.0999…9) become digits.
    text = f"{round(number, decimals):.{decimals}f}"
    kept = len(text.rstrip("0").partition(".")[2]) if decimals else 0
    return format_number(float(text), kept, language)
