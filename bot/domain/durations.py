"""Lengths of time as a plan writes them: ``30s``, ``15m``, ``4h``, ``2d``, ``1w`` or ``1 business day``."""

import re
from dataclasses import dataclass
from datetime import timedelta

_UNITS = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
_PLAIN = re.compile(r"(\d{1,6})\s*([smhdw])")
_BUSINESS = re.compile(r"(\d{1,3})\s+business\s+days?")
_LONGEST = timedelta(days=3650)  # ten years: beyond that a date overflows before a deadline makes sense
ALLOWED_PLAIN = "a number with s, m, h, d or w, such as 30s, 15m, 4h, 2d or 1w; at most 3650d"
ALLOWED = "a number with s, m, h, d or w, such as 30s, 15m, 4h, 2d or 1w, or '1 business day'; at most 3650d"
PATTERN_PLAIN = r"^\s*[0-9]{1,6}\s*[smhdwSMHDW]\s*$"
PATTERN = r"^\s*([0-9]{1,6}\s*[smhdwSMHDW]|[0-9]{1,3}\s+[Bb]usiness\s+[Dd]ays?)\s*$"


@dataclass(frozen=True, slots=True)
class BusinessDays:
    """So many working days of the plan's calendar; see `bot.domain.calendar` for how they are counted."""

    count: int

    def __str__(self) -> str:
        return f"{self.count} business day" + ("" if self.count == 1 else "s")


Duration = timedelta | BusinessDays


def parse_duration(text: object) -> Duration:
    """Read a duration.

    Raises:
        ValueError: the text is no duration, or a longer one than ten years; the message says what is allowed.
    """
    duration = _read(text)
    if duration is None or (isinstance(duration, timedelta) and not timedelta(0) <= duration <= _LONGEST):
        raise ValueError(f"{text!r} is not a duration; allowed: {ALLOWED}")
    return duration


def _read(text: object) -> Duration | None:
    if isinstance(text, timedelta | BusinessDays):
        return text
    if isinstance(text, str):
        stripped = text.strip().lower()
        if match := _PLAIN.fullmatch(stripped):
            return int(match[1]) * _UNITS[match[2]]
        if match := _BUSINESS.fullmatch(stripped):
            return BusinessDays(int(match[1]))
    return None


def parse_timedelta(text: object) -> timedelta:
    """Read a duration of plain clock time.

    Raises:
        ValueError: the text is no duration, or counts business days where only clock time makes sense.
    """
    duration = _read(text)
    if not isinstance(duration, timedelta) or not timedelta(0) <= duration <= _LONGEST:
        what = "counts business days" if isinstance(duration, BusinessDays) else "is not a duration"
        raise ValueError(f"{text!r} {what}; allowed: {ALLOWED_PLAIN}")
    return duration


def at_least(duration: Duration) -> timedelta:
    """The shortest time a duration can take: a business day ends no earlier than a day later."""
    return timedelta(days=duration.count) if isinstance(duration, BusinessDays) else duration


def written(duration: Duration) -> str:
    """The duration as a plan would write it, in the largest unit that fits whole."""
    if isinstance(duration, BusinessDays):
        return str(duration)
    for unit in ("w", "d", "h", "m"):
        if duration and duration % _UNITS[unit] == timedelta(0):
            return f"{duration // _UNITS[unit]}{unit}"
    return f"{int(duration.total_seconds())}s"
