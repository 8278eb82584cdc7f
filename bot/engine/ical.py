"""Reads an iCalendar (RFC 5545) and makes shifts of its events. No network here: bytes in, shifts out."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import cast
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar, Component, Event, vCalAddress, vRecur

from bot.domain.duty import Shift
from bot.domain.roster import Roster
from bot.engine.calendar_reading import CalendarError, Reading

BEHIND = timedelta(days=8)
AHEAD = timedelta(days=60)
"""The window that is read: who was on call when a page was written, and two months of an outage of the calendar."""

SHIFTS_AT_MOST = 1000
"""A shift every hour and a half, for the whole window."""
EVENTS_AT_MOST = 5000
"""Events of the file, repetitions not counted: expanding more would hold up the bot for seconds."""
UNKNOWN_KEPT = 20
_SUMMARY_LIMIT = 80

_WITHIN_A_DAY = re.compile("FREQ=(SECONDLY|MINUTELY|HOURLY)|BYHOUR|BYMINUTE|BYSECOND")
_WORD = re.compile(r"[^\W_]+(?:[-.][^\W_]+)*")


def read_calendar(content: bytes, roster: Roster, zone: ZoneInfo, now: datetime) -> Reading:
    """The shifts around `now`. Times without a zone, and whole days, are in the calendar's own zone, else in `zone`.

    Raises:
        CalendarError: it is no calendar, or one that must not be expanded.
    """
    try:
        calendar = Calendar.from_ical(content)
        _check(calendar)
        zone = _own_zone(calendar) or zone
        calendar.pop("X-WR-TIMEZONE", None)  # the library would refuse a zone that it does not know
        found = recurring_ical_events.of(calendar, skip_bad_series=True).between(now - BEHIND, now + AHEAD)
        events = [event for event in found if not _is_off(event)]
        return _reading(events[:SHIFTS_AT_MOST], roster, zone)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError) as error:
        raise CalendarError(f"it is no calendar that can be read ({type(error).__name__})") from error


def _reading(events: Iterable[Event], roster: Roster, zone: ZoneInfo) -> Reading:
    shifts: list[Shift] = []
    unknown: dict[str, None] = {}
    for event in events:
        start, end = _times(event, zone)
        people = tuple(_people(event, roster))
        if not people:
            unknown[_text(event, "SUMMARY")[:_SUMMARY_LIMIT] or "(no title)"] = None
        shifts.extend(Shift(person=person, start=start, end=end) for person in people if start < end)
    in_order = sorted(shifts, key=lambda shift: (shift.start, shift.end))
    return Reading(tuple(in_order), tuple(unknown)[:UNKNOWN_KEPT])


def _check(calendar: Calendar) -> None:
    """Raises CalendarError for what would take for ever to expand."""
    events = [component for component in calendar.subcomponents if component.name == "VEVENT"]
    if calendar.name != "VCALENDAR":
        raise CalendarError("it is no calendar")
    if len(events) > EVENTS_AT_MOST:
        raise CalendarError(f"it has more than {EVENTS_AT_MOST} events")
    for event in events:
        for rule in _given(event, "RRULE"):
            if _WITHIN_A_DAY.search(vRecur.to_ical(rule).decode() if isinstance(rule, vRecur) else ""):
                raise CalendarError(f"{_text(event, 'SUMMARY')[:_SUMMARY_LIMIT]!r} repeats within a day: no shift does")


def _is_off(event: Event) -> bool:
    return _text(event, "STATUS").upper() == "CANCELLED"


def _times(event: Event, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Start and end in UTC; a whole day lasts from midnight to midnight on the wall."""
    return _moment(event.start, zone), _moment(event.end, zone)


def _moment(value: date, zone: ZoneInfo) -> datetime:
    if not isinstance(value, datetime):
        value = datetime.combine(value, time.min)
    return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC)


def _own_zone(calendar: Calendar) -> ZoneInfo | None:
    """The zone of a calendar whose events have none (`X-WR-TIMEZONE`, as Google and Apple write it)."""
    name = str(calendar.get("X-WR-TIMEZONE", ""))
    try:
        return ZoneInfo(name) if name else None
    except (LookupError, ValueError, OSError):
        return None


def _people(event: Event, roster: Roster) -> Iterator[str]:
    """Whom the summary names, by key or by name; where it names nobody, whom the attendees name."""
    named = tuple(_named(_text(event, "SUMMARY"), roster))
    yield from named or dict.fromkeys(person for text in _attendees(event) for person in _named(text, roster))


def _attendees(event: Event) -> Iterator[str]:
    """Of each attendee the name that is shown, and the part of the address before the @."""
    for attendee in _given(event, "ATTENDEE"):
        if isinstance(attendee, vCalAddress):
            yield str(attendee.CN)
        yield str(attendee).removeprefix("mailto:").removeprefix("MAILTO:").partition("@")[0]


def _named(text: str, roster: Roster) -> Iterator[str]:
    """The people whose key or whole name stands in a text, in the roster's order."""
    words = tuple(word.casefold() for word in _WORD.findall(text))
    for key, person in roster.people.items():
        if any(_within(tuple(name.casefold() for name in _WORD.findall(known)), words) for known in (key, person.name)):
            yield key


def _within(part: tuple[str, ...], whole: tuple[str, ...]) -> bool:
    return bool(part) and any(whole[at : at + len(part)] == part for at in range(len(whole)))


def _given(component: Component, name: str) -> tuple[object, ...]:
    """Every value of a property that may stand several times."""
    found = cast("object", component.get(name))
    if found is None:
        return ()
    return tuple(cast("list[object]", found)) if isinstance(found, list) else (found,)


def _text(component: Component, name: str) -> str:
    return " ".join(str(cast("object", component.get(name, ""))).split())
