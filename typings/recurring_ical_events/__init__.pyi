from collections.abc import Generator
from datetime import datetime

from icalendar import Calendar, Event

class CalendarQuery:
    def after(self, earliest_end: datetime) -> Generator[Event]: ...
    def between(self, start: datetime, stop: datetime) -> list[Event]: ...

def of(
    a_calendar: Calendar,
    keep_recurrence_attributes: bool = ...,
    components: tuple[str, ...] = ...,
    skip_bad_series: bool = ...,
) -> CalendarQuery: ...
