"""The small types a plan and a roster are written in; each says what it allows when it refuses.

A mistake's sentence reads ``what is wrong; allowed: what is allowed``.
"""

import re
from datetime import date, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)

from bot.domain.durations import (
    PATTERN,
    PATTERN_PLAIN,
    BusinessDays,
    Duration,
    parse_duration,
    parse_timedelta,
    written,
)

NAME_ALLOWED = "letters, digits, spaces and _ . - after a first letter or digit, at most 64 characters"
_LABEL = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


class Part(BaseModel):
    """A piece of a plan or roster: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


def _zone(name: object) -> ZoneInfo:
    if isinstance(name, ZoneInfo):
        return name
    try:
        return ZoneInfo(str(name))
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is not a time zone; allowed: a name like UTC or Europe/Moscow") from error


def _positive(duration: Duration) -> Duration:
    if duration in (timedelta(0), BusinessDays(0)):
        raise ValueError(f"{written(duration)!r} is no time at all; allowed: a duration above zero")
    return duration


def _time_of_day(value: object) -> time:
    if isinstance(value, time):
        return value
    if isinstance(value, str) and _CLOCK.fullmatch(value):
        return time.fromisoformat(value)
    raise ValueError(f'{value!r} is not a time of day; allowed: "00:00" to "23:59"')


def _day(value: object) -> date:
    if type(value) is date:
        return value
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError as error:
        raise ValueError(f"{value!r} is not a date; allowed: one like 2026-01-31") from error


def _clock(value: time) -> str:
    return value.strftime("%H:%M")


def _regex(pattern: str) -> str:
    try:
        re.compile(pattern)
    except (re.error, OverflowError) as error:
        raise ValueError(f"{pattern!r} is not a regular expression ({error}); allowed: one that compiles") from error
    return pattern


def _label(name: str) -> str:
    if not _LABEL.fullmatch(name):
        raise ValueError(f"{name!r} is not a label; allowed: letters, digits and _, not a digit first")
    return name


_PLAIN_SCHEMA = {"type": "string", "pattern": PATTERN_PLAIN, "examples": ["30s", "15m", "4h", "2d", "1w"]}

AnyDuration = Annotated[
    Duration,
    BeforeValidator(parse_duration),
    PlainSerializer(written, return_type=str),
    WithJsonSchema({"type": "string", "pattern": PATTERN, "examples": ["15m", "4h", "1w", "1 business day"]}),
]
"""Clock time or business days; zero means at once."""

PositiveAnyDuration = Annotated[AnyDuration, AfterValidator(_positive)]
"""Clock time or business days, above zero."""

ClockDuration = Annotated[
    timedelta,
    BeforeValidator(parse_timedelta),
    PlainSerializer(written, return_type=str),
    WithJsonSchema(_PLAIN_SCHEMA),
]
"""Clock time alone; zero is allowed."""

PositiveClockDuration = Annotated[ClockDuration, AfterValidator(_positive)]
"""Clock time alone, above zero."""

Zone = Annotated[
    ZoneInfo,
    BeforeValidator(_zone),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "examples": ["UTC", "Europe/Moscow"]}),
]
TimeOfDay = Annotated[
    time,
    BeforeValidator(_time_of_day),
    PlainSerializer(_clock, return_type=str),
    WithJsonSchema({"type": "string", "pattern": f"^{_CLOCK.pattern}$", "examples": ["09:00"]}),
]
"""A wall-clock time to the minute, in the zone its owner names."""

Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Name = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9_.\- ]*$")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
"""A number written as a number, not as text."""

Regex = Annotated[str, StringConstraints(max_length=500), AfterValidator(_regex)]
LabelMatchers = dict[Annotated[str, StringConstraints(max_length=128), AfterValidator(_label)], Regex]
"""Label name to an anchored regular expression, as in Alertmanager: every one must match the whole value."""

WebAddress = Annotated[str, StringConstraints(min_length=1, max_length=2000, pattern=r"^https?://[^\s/]+\S*$")]
