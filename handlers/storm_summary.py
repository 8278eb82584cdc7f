"""What the summary of a storm showed when it was pressed, and showing it as things stand now."""

from collections.abc import Iterable

from bot.delivery.storm_memory import kept_storms
from bot.domain.incident import Incident
from bot.domain.service_groups import ServiceGroup, by_service, in_storm, number_of
from bot.store.records import MessageRef
from bot.views.storm import storm
from bot.views.storm_presses import AckService, AskToMerge, MergeService
from bot.views.translations import words_in
from handlers.pressed import Pressed
from handlers.room import Room

OfService = AckService | AskToMerge | MergeService
"""Presses that are about the incidents of one service."""


async def group_of(room: Room, press: OfService) -> ServiceGroup | None:
    """What the button stood for, as far as it is open now: the worst first, then the oldest."""
    groups = by_service(_between(await room.desk.open_incidents(), press))
    return next((group for group in groups if group.key == press.service), None)


async def show(room: Room, pressed: Pressed, press: OfService) -> None:
    """Edit the summary that a press was about, at once and also when its storm is over: nobody else edits it then."""
    ref = await _summary(room, pressed, press)
    if ref is None:
        return
    on = next((kept for kept in (await kept_storms(room.store)).values() if kept.summary == ref), None)
    first = await room.desk.casebook.get(press.first if on is None else on.incidents[0])
    began = room.now() if first is None else first.declared_at
    known = await room.desk.open_incidents()
    shown = _between(known, press) if on is None else in_storm(known, frozenset(on.incidents), began)
    entries = [await room.entry(incident) for incident in shown]
    rules = room.rules
    words = words_in(rules.roster.chats.responders, rules.plan.timezone)
    await room.direct.show(ref, storm(words, entries, began, room.now()))


async def _summary(room: Room, pressed: Pressed, press: OfService) -> MessageRef | None:
    """The summary itself, or what the question answered; None for data that somebody put under another message."""
    ref = pressed.ref
    if isinstance(press, MergeService):
        if pressed.written is None:
            return None
        ref = MessageRef(ref.chat, pressed.written.message_id)
    if ref.chat != room.rules.roster.chats.responders.id:
        return None
    return ref if await room.store.find_message(ref.chat, ref.message) is None else None


def _between(incidents: Iterable[Incident], press: OfService) -> list[Incident]:
    """Those between the ends of what the summary showed."""
    shown = range(number_of(press.first), number_of(press.last) + 1)
    return [incident for incident in incidents if number_of(incident.id) in shown]
