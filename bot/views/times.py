"""Times with their zone, and durations, as a person reads them."""

from datetime import UTC, date, datetime, time, timedelta

from babel.dates import format_skeleton

from bot.domain.durations import BusinessDays, Duration
from bot.views.html import Piece, moment
from bot.views.translations import Words, mark, text_of_ours

_NEAR = {0: mark("today"), 1: mark("tomorrow")}
_WEEK = 7
_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_MINUTES_SHOWN_IN_SECONDS = 2
"""Below two minutes a reader wants the seconds: `48 s`, `90 s`."""


def clock(words: Words, at: datetime, now: datetime, *, zone: bool = True) -> Piece:
    """`14:02 UTC`, with the date when it is not today's in the reader's zone.

    `zone=False` is for a line that says the zone beside another time. Telegram shows the reader's own time on a tap.
    """
    local = at.astimezone(words.zone)
    shown = f"{local:%H:%M}"
    if local.date() != now.astimezone(words.zone).date():
        shown = f"{short_date(words, local, now)}, {shown}"
    if zone:
        shown = f"{shown} {zone_name(local)}"
    return moment(text_of_ours(shown), int(at.timestamp()))


def day(words: Words, which: date, today: date) -> Piece:
    """`Mar 6`, with the weekday within the next week and the year of another one; `today`, `tomorrow`."""
    ahead = (which - today).days
    if ahead in _NEAR:
        return words(_NEAR[ahead])
    skeleton = "MMMEd" if 0 < ahead < _WEEK else "MMMd" if which.year == today.year else "yMMMd"
    return text_of_ours(format_skeleton(skeleton, datetime.combine(which, time()), locale=words.language))


def zone_name(local: datetime) -> str:
    """What people call the zone at that time: `UTC`, `MSK`, `CEST`; `UTC+04` for one without a name."""
    name = local.tzname() or "UTC"
    return f"UTC{name}" if name[0] in "+-" else name


def duration(words: Words, length: timedelta) -> Piece:
    """`48 s`, `6 min`, `1 h 20 min`, `2 d 3 h`: two units at most, and nothing below zero."""
    seconds = max(0, int(length.total_seconds()))
    if seconds < _MINUTES_SHOWN_IN_SECONDS * _MINUTE and seconds != _MINUTE:
        return words("{seconds} s", seconds=seconds)
    if seconds < _HOUR:
        return words("{minutes} min", minutes=seconds // _MINUTE)
    if seconds < _DAY:
        return _two(words("{hours} h", hours=seconds // _HOUR), seconds % _HOUR // _MINUTE, words, "min")
    return _two(words("{days} d", days=seconds // _DAY), seconds % _DAY // _HOUR, words, "h")


def planned(words: Words, length: Duration) -> Piece:
    """A length of time from the plan, business days included."""
    if isinstance(length, BusinessDays):
        return words.plural("{n} business day", "{n} business days", length.count)
    return duration(words, length)


def iso(at: datetime) -> str:
    """A time for programs: ISO 8601 in UTC, to the second."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _two(first: Piece, rest: int, words: Words, unit: str) -> Piece:
    if not rest:
        return first
    second = words("{minutes} min", minutes=rest) if unit == "min" else words("{hours} h", hours=rest)
    return first + text_of_ours(" ") + second


def short_date(words: Words, local: datetime, now: datetime) -> str:
    """`Jan 9` of a time that is local already, with the year when it is another one than that of `now`."""
    same_year = local.year == now.astimezone(words.zone).year
    return format_skeleton("MMMd" if same_year else "yMMMd", local, locale=words.language)
