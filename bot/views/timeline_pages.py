"""The timeline in the chat: the newest page first, turned by buttons, and the whole of it as a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.events import Event
from bot.domain.roster import Roster
from bot.views.browsing_presses import ShowTimeline
from bot.views.html import Line, bold, joined, message
from bot.views.keyboard import Rows, pressing, signed
from bot.views.rendered import Button, Rendered
from bot.views.timeline import line
from bot.views.times import clock, zone_name
from bot.views.translations import Words

PER_PAGE = 10
"""Entries, of which some take two lines: a screen of a phone."""


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """A part of an incident's log: `number` 0 is the newest of `pages`; `events` are its entries, oldest first."""

    incident: str
    number: int
    pages: int
    events: Sequence[Event]


def first_of(page: int, entries: int) -> int:
    """How many entries of the log stand before a page, 0 being the newest one."""
    return max(0, entries - (page + 1) * PER_PAGE)


def pages_of(entries: int) -> int:
    """How many pages so many entries take."""
    return max(1, -(-entries // PER_PAGE))


def timeline(words: Words, roster: Roster, page: TimelinePage, now: datetime) -> Rendered:
    """A page of it, with the times of a log: all in the zone that the first line names."""
    zone = zone_name(now.astimezone(words.zone))
    title = bold(words("Timeline of {incident}, times in {zone}", incident=page.incident, zone=zone))
    count = words("page {page} of {pages}", page=page.pages - page.number, pages=page.pages)
    entries = [
        Line(joined((clock(words, event.at, now, zone=False), line(words, roster, event, event.at)), " "), 1)
        for event in page.events
    ]
    head = joined((title, count)) if page.pages > 1 else title
    return Rendered(message([Line(head), *entries]), _buttons(words, page))


def _buttons(words: Words, page: TimelinePage) -> Rows:
    if page.pages == 1:
        return ()
    row: list[Button] = []
    if page.number < page.pages - 1:
        row.append(pressing(signed("◀️", words("Earlier")), ShowTimeline(page.incident, page.number + 1)))
    if page.number > 0:
        row.append(pressing(signed("▶️", words("Later")), ShowTimeline(page.incident, page.number - 1)))
    return (tuple(row), (pressing(signed("📄", words("As a file")), ShowTimeline(page.incident, None)),))


def whole(words: Words, incident: str, lines: Sequence[str]) -> Rendered:
    """All of it as a text file."""
    count = words.plural("{n} entry", "{n} entries", len(lines))
    caption = words("Timeline of {incident}: {count}", incident=incident, count=count)
    content = "\n".join((*lines, ""))
    return Rendered(message([Line(caption)]), document=(f"{incident}-timeline.txt", content.encode()), silent=True)


def file_line(words: Words, roster: Roster, event: Event) -> str:
    """An entry of the file: date, time and zone to the second, then what happened."""
    local = event.at.astimezone(words.zone)
    return f"{local:%Y-%m-%d %H:%M:%S} {zone_name(local)}  {line(words, roster, event, event.at).plain}"
