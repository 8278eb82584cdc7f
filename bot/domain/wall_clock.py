"""The clock on the wall of a time zone, and the moments at which it shows something. Daylight saving included."""

from bisect import bisect_left
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


def wall(at: datetime, zone: ZoneInfo) -> datetime:
    """What the wall shows at a moment, without a zone."""
    return at.astimezone(zone).replace(tzinfo=None, fold=0)


def first_at(shown: datetime, zone: ZoneInfo) -> datetime:
    """The first moment, in UTC, at which the wall shows `shown` or later.

    Of a time that comes twice that is the first; of one that daylight saving skips the end of the gap.
    """
    at = shown.replace(tzinfo=zone, fold=0).astimezone(UTC)
    skipped = wall(at, zone) - shown
    if not skipped:
        return at
    # The clocks change within `skipped` before `at`; they do so at whole seconds.
    seconds = range(int((at - skipped).timestamp()), int(at.timestamp()) + 1)
    found = bisect_left(seconds, x=True, key=lambda second: wall(datetime.fromtimestamp(second, UTC), zone) >= shown)
    return datetime.fromtimestamp(seconds[found], UTC)


def next_time_of_day(at: datetime, time_of_day: time, zone: ZoneInfo) -> datetime:
    """The next moment after `at`, in UTC, at which the wall shows a time of day."""
    day = wall(at, zone).date()
    days = (datetime.combine(day + timedelta(days=ahead), time_of_day) for ahead in range(3))
    return next(moment for moment in (first_at(day, zone) for day in days) if moment > at)


def next_time_of_week(at: datetime, weekday: int, time_of_day: time, zone: ZoneInfo) -> datetime:
    """The next moment after `at`, in UTC, at which the wall shows a time of day on a weekday; Monday is 0."""
    day = wall(at, zone).date()
    day += timedelta(days=(weekday - day.weekday()) % 7)
    days = (datetime.combine(day + timedelta(weeks=ahead), time_of_day) for ahead in range(3))
    return next(moment for moment in (first_at(day, zone) for day in days) if moment > at)


def later_on_the_wall(at: datetime, length: timedelta, zone: ZoneInfo) -> datetime:
    """When, in UTC, the wall shows `length` more than at `at`: whole days end at the same time of day."""
    return first_at(wall(at, zone) + length, zone)
