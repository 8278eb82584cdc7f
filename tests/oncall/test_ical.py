"""Calendars as people keep them: recurrence, exceptions, zones, whole days, names, and files that are none."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.demo import demo_roster
from bot.engine.calendar_reading import CalendarError, Reading
from bot.engine.ical import EVENTS_AT_MOST, UNKNOWN_KEPT, read_calendar

NOW = datetime(2026, 3, 25, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def a_calendar(*events: str, head: str = "") -> bytes:
    """A calendar of events, each given by its properties."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:test", *head.splitlines()]
    for number, event in enumerate(events):
        lines += ["BEGIN:VEVENT", f"UID:{number}", "DTSTAMP:20260101T000000Z", *event.splitlines(), "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def read(*events: str, head: str = "") -> Reading:
    """What it says to the demo's team, whose plan is in Berlin here."""
    return read_calendar(a_calendar(*events, head=head), demo_roster(), BERLIN, NOW)


def shown(*events: str, head: str = "") -> list[str]:
    """Its shifts, in UTC."""
    return [f"{s.person} {s.start:%d.%m. %H:%M}-{s.end:%d.%m. %H:%M}" for s in read(*events, head=head).shifts]


def test_a_whole_day_lasts_from_midnight_to_midnight_on_the_wall() -> None:
    """The Sunday on which the clocks go forward has 23 hours."""
    assert shown("SUMMARY:Dan\nDTSTART;VALUE=DATE:20260329\nDTEND;VALUE=DATE:20260330") == [
        "dan 28.03. 23:00-29.03. 22:00"
    ]
    assert shown("SUMMARY:Dan\nDTSTART;VALUE=DATE:20260326") == ["dan 25.03. 23:00-26.03. 23:00"]


def test_a_series_keeps_its_local_time_and_its_exceptions() -> None:
    """Weekly at 10:00 in Berlin, but for one week, and an hour later in another."""
    series = "SUMMARY:Clara\nDTSTART;TZID=Europe/Berlin:20260320T100000\nDTEND;TZID=Europe/Berlin:20260320T180000"
    weekly = f"{series}\nRRULE:FREQ=WEEKLY;COUNT=4\nEXDATE;TZID=Europe/Berlin:20260327T100000"
    assert shown(weekly) == [
        "clara 20.03. 09:00-20.03. 17:00",
        "clara 03.04. 08:00-03.04. 16:00",
        "clara 10.04. 08:00-10.04. 16:00",
    ]


def test_times_without_a_zone_are_in_the_calendars_own() -> None:
    """Else in the plan's; one that nobody knows does not count."""
    floating = "SUMMARY:anna\nDTSTART:20260326T100000\nDURATION:PT2H"
    assert shown(floating) == ["anna 26.03. 09:00-26.03. 11:00"]
    assert shown(floating, head="X-WR-TIMEZONE:America/New_York") == ["anna 26.03. 14:00-26.03. 16:00"]
    assert shown(floating, head="X-WR-TIMEZONE:Nowhere/At-All") == ["anna 26.03. 09:00-26.03. 11:00"]


def test_an_endless_series_is_read_within_the_window() -> None:
    """Eight days back and sixty ahead."""
    shifts = read("SUMMARY:Dan\nDTSTART:20200101T000000Z\nDTEND:20200102T000000Z\nRRULE:FREQ=DAILY").shifts
    assert NOW - timedelta(days=9) < shifts[0].start < shifts[-1].start <= NOW + timedelta(days=60)
    assert len(shifts) == 68


@pytest.mark.parametrize(
    ("says", "people"),
    [
        ("SUMMARY:On call: Dan (cover)", ["dan"]),
        ("SUMMARY:EVE", ["eve"]),
        ("SUMMARY:boris + anna", ["anna", "boris"]),
        ("SUMMARY:Danube trip", []),
        ("SUMMARY:On call\nATTENDEE;CN=Clara:mailto:c@example.org", ["clara"]),
        ("SUMMARY:On call\nATTENDEE:mailto:dan@example.org\nATTENDEE:mailto:anna@example.org", ["dan", "anna"]),
        ("ATTENDEE:MAILTO:nobody@example.org", []),
        ("SUMMARY:Dan\nSTATUS:CANCELLED", []),
        ("SUMMARY:\\, \\;", []),
    ],
)
def test_whom_an_event_names(says: str, people: list[str]) -> None:
    """By key or whole name in its summary, else by its attendees; half a word names nobody."""
    found = read(f"{says}\nDTSTART:20260326T100000Z\nDTEND:20260326T120000Z")
    assert sorted(shift.person for shift in found.shifts) == sorted(people)


def test_events_that_name_nobody_are_told() -> None:
    """Each title once, a handful of them."""
    unknown = [f"SUMMARY:Zoe {number}\nDTSTART:20260326T100000Z\nDURATION:PT1H" for number in range(UNKNOWN_KEPT + 5)]
    assert read(*unknown[:1], *unknown[:1]).unknown == ("Zoe 0",)
    assert len(read(*unknown).unknown) == UNKNOWN_KEPT
    assert read("DTSTART:20260326T100000Z\nDURATION:PT1H").unknown == ("(no title)",)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "no calendar"),
        (b"<html>please log in</html>", "no calendar"),
        (b"\xff\xfe\x00", "no calendar"),
        (b"BEGIN:VEVENT\r\nUID:1\r\nEND:VEVENT\r\n", "it is no calendar"),
        (a_calendar("SUMMARY:Dan\nDTSTART:20260326T100000Z\nRRULE:FREQ=SECONDLY"), "'Dan' repeats within a day"),
        (a_calendar("SUMMARY:Dan\nDTSTART:20260326T100000Z\nRRULE:FREQ=DAILY;BYMINUTE=1,2,3"), "repeats within a day"),
        (a_calendar(*["SUMMARY:Dan\nDTSTART:20260326T100000Z"] * (EVENTS_AT_MOST + 1)), "more than 5000 events"),
    ],
    ids=["empty", "a login page", "bytes", "an event", "every second", "minutes", "too many"],
)
def test_what_is_no_calendar_is_refused(content: bytes, why: str) -> None:
    """With a reason for the operator, and before it takes for ever."""
    with pytest.raises(CalendarError, match=why):
        read_calendar(content, demo_roster(), BERLIN, NOW)
