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
ALLOWED = "a number with s, m, h, d or w (30s, 15m, 4h, 1w), or '1 business day'"


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
        ValueError: the text is no duration; the message says what is allowed.
    """
    if isinstance(text, timedelta | BusinessDays):
        return text
    if isinstance(text, str):
        stripped = text.strip().lower()
        if match := _PLAIN.fullmatch(stripped):
            return int(match[1]) * _UNITS[match[2]]
        if match := _BUSINESS.fullmatch(stripped):
            return BusinessDays(int(match[1]))
    raise ValueError(f"{text!r} is not a duration: write {ALLOWED}")


def parse_timedelta(text: object) -> timedelta:
    """Read a duration of plain clock time.

    Raises:
        ValueError: the text is no duration, or counts business days where only clock time makes sense.
    """
    duration = parse_duration(text)
    if isinstance(duration, BusinessDays):
        raise ValueError(f"{text!r} counts business days: here write {ALLOWED.split(', or', maxsplit=1)[0]}")  # noqa: TRY004 - pydantic turns ValueError alone into a located mistake
    return duration


def written(duration: Duration) -> str:
    """The duration as a plan would write it, in the largest unit that fits whole."""
    if isinstance(duration, BusinessDays):
        return str(duration)
    for unit in ("w", "d", "h", "m"):
        if duration and duration % _UNITS[unit] == timedelta(0):
            return f"{duration // _UNITS[unit]}{unit}"
    return f"{int(duration.total_seconds())}s"
