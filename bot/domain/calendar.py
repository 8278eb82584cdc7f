"""When a duration has passed: clock time anywhere, business days by the plan's calendar."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.domain.durations import Duration


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working time: on `days` (Monday is 0) from `opens` until before `closes`, wall clock in `timezone`.

    Raises:
        ValueError: no day is a working day, or the hours end before they begin.
    """

    timezone: ZoneInfo
    days: frozenset[int]
    opens: time
    closes: time

    def __post_init__(self) -> None:
        if not self.days or not self.days <= frozenset(range(7)):
            raise ValueError("a calendar needs working days between 0, Monday, and 6, Sunday")
        if self.opens >= self.closes:
            raise ValueError("business hours must begin before they end")

    def after(self, start: datetime, duration: Duration) -> datetime:
        """The moment, in UTC, when `duration` has passed since `start`, an aware datetime.

        Clock time is plain elapsed time. So many business days later is the same time of day so many working days on,
        by the wall clock in the calendar's zone; a start outside business hours first moves to the next opening.
        """
        if isinstance(duration, timedelta):
            return start.astimezone(UTC) + duration
        return _business_days_after(self, start.astimezone(UTC), duration.count)

    def business_days_after(self, start: datetime, count: int) -> datetime:
        """The moment, in UTC, so many business days after `start`, an aware datetime."""
        local = self._within_hours(start.astimezone(self.timezone))
        if not count:
            return local.astimezone(UTC)
        day = local.date()
        working = self._working_days_after(day)
        for _ in range(count):
            day = next(working)
        return self._moment(day, local.time())

    def is_open(self, at: datetime) -> bool:
        """Whether `at`, an aware datetime, lies within business hours."""
        local = at.astimezone(self.timezone)
        return local.weekday() in self.days and self.opens <= local.time() < self.closes

    def next_opening(self, after: datetime) -> datetime:
        """The first moment later than `after`, an aware datetime, at which business opens, in UTC."""
        local = after.astimezone(self.timezone)
        if local.weekday() in self.days and (today := self._moment(local.date(), self.opens)) > after:
            return today
        return self._moment(next(self._working_days_after(local.date())), self.opens)

    def _within_hours(self, local: datetime) -> datetime:
        if self.is_open(local):
            return local
        if local.weekday() in self.days and local.time() < self.opens:
            return datetime.combine(local.date(), self.opens, self.timezone)
        return datetime.combine(next(self._working_days_after(local.date())), self.opens, self.timezone)

    def _working_days_after(self, day: date) -> Iterator[date]:
        while True:
            day += timedelta(days=1)
            if day.weekday() in self.days:
                yield day

    def _moment(self, day: date, wall: time) -> datetime:
        # A wall-clock time that daylight saving skips counts as the moment after the gap; of one that comes
        # twice the first counts: that is what fold 0 means to zoneinfo.
        return datetime.combine(day, wall.replace(fold=0), self.timezone).astimezone(UTC)


@lru_cache(maxsize=4096)
def _business_days_after(calendar: Calendar, start: datetime, count: int) -> datetime:
    """Kept: every decision about an incident asks anew for its few deadlines, and each is a walk through a calendar."""
    return calendar.business_days_after(start, count)
