"""`/timeline` and its buttons: what happened so far, page by page, or as a file."""

import asyncio

from bot.domain.events import Event
from bot.store.records import MessageRef
from bot.views import answers
from bot.views.browsing_presses import ShowTimeline
from bot.views.rendered import Rendered
from bot.views.timeline_pages import PER_PAGE, TimelinePage, file_line, first_of, pages_of, timeline, whole
from bot.views.translations import Words
from handlers.drilling import marking_of
from handlers.pressed import Pressed, Reaction
from handlers.room import Asked, Room, said

_AT_ONCE = 100
"""Entries that are read and written in one go: others get their turn in between."""


async def show_timeline(room: Room, asked: Asked, incident_id: str) -> Rendered:
    """The newest page."""
    return await _page(room, asked.words, incident_id, 0)


def turned(room: Room, pressed: Pressed, press: ShowTimeline) -> Reaction:
    """Another page in the place of the one under the button, or all of it as a file."""
    words, page = pressed.asker.words, press.page
    if page is None:
        return Reaction("", lambda: _send_whole(room, pressed, press.incident))

    async def show() -> None:
        marking = await marking_of(room, press.incident, pressed.asker)
        await room.direct.show(pressed.ref, marking(await _page(room, words, press.incident, page)))

    return Reaction("", show)


async def _page(room: Room, words: Words, incident_id: str, number: int) -> Rendered:
    entries = (await room.store.versions((incident_id,)))[incident_id]
    if not entries:
        return said(answers.unknown_incident(words, incident_id))
    pages = pages_of(entries)
    number = min(number, pages - 1)
    first, last = first_of(number, entries), entries - number * PER_PAGE
    events = await room.store.load(incident_id, after=first, most=last - first)
    return timeline(words, room.rules.roster, TimelinePage(incident_id, number, pages, events), room.now())


async def _send_whole(room: Room, pressed: Pressed, incident_id: str) -> None:
    words, roster = pressed.asker.words, room.rules.roster
    lines: list[str] = []
    while events := await _part(room, incident_id, len(lines)):
        lines.extend(file_line(words, roster, event) for event in events)
        await asyncio.sleep(0)
    marking = await marking_of(room, incident_id, pressed.asker)
    await room.direct.say(
        pressed.asker.chat,
        marking(whole(words, incident_id, lines)),
        reply_to=MessageRef(pressed.ref.chat, pressed.ref.message),
    )


async def _part(room: Room, incident_id: str, after: int) -> tuple[Event, ...]:
    return await room.store.load(incident_id, after=after, most=_AT_ONCE)
