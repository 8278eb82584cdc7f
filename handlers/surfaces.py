"""The messages under people's fingers: the card's modes, its copies, lists, and the question for an update."""

import asyncio

from bot.delivery.outcome import Sent
from bot.delivery.slots import CARD_SLOT, SAID_SLOT, UPDATE_SLOT
from bot.domain.incident import Incident
from bot.store.records import MessageRef
from bot.views.about import ask_for_update as question
from bot.views.browsing_presses import ShowList
from bot.views.card import Mode
from bot.views.drill import marked
from bot.views.lists import open_incidents
from bot.views.rendered import Rendered
from bot.views.translations import Words, words_in, words_of
from handlers.askers import Asker
from handlers.pressed import Pressed
from handlers.room import Room

_TIDY_AFTER_S = 1.0
"""After a press: in a crowd all get their answers first, and a message that was just sent is remembered by then."""


async def show_mode(room: Room, ref: MessageRef, incident: Incident, mode: Mode) -> None:
    """The card under the finger asks, or stops asking; a stray copy of it goes, and the live one asks in its place."""
    if ref.chat != room.rules.roster.chats.responders.id:
        await _show_in_private(room, ref, incident, mode)
        return
    if not await _is_card(room, ref, incident):
        await retire_stray(room, ref, incident)
    shown = (await room.store.messages(incident.id)).get(CARD_SLOT)
    if shown is None:
        return
    await room.direct.show(shown, await room.card(incident, _words_in_chat(room), mode))
    # Without a digest the next refresh edits for sure: what is shown now is not what the card is.
    await room.store.remember(incident.id, {CARD_SLOT: MessageRef(shown.chat, shown.message)})


async def _show_in_private(room: Room, ref: MessageRef, incident: Incident, mode: Mode) -> None:
    """A private chat has copies of cards, which nobody remembers: each asks where it is."""
    person = room.rules.roster.by_telegram(ref.chat)
    if person is not None:
        await room.direct.show(ref, await room.card(incident, words_of(room.rules.roster.people[person]), mode))


async def tidy_up(room: Room, ref: MessageRef, incident: Incident) -> None:
    """Retire what was pressed, if it is a stray copy, once whoever presses now is answered."""
    await asyncio.sleep(_TIDY_AFTER_S)
    await retire_stray(room, ref, incident)


async def retire_stray(room: Room, ref: MessageRef, incident: Incident) -> None:
    """A copy of a card or of a page that was sent twice in a crash worked once; from now on the live one does."""
    if await _is_live(room, ref):
        return
    if ref.chat == room.rules.roster.chats.responders.id:
        await room.gateway.delete(ref)
        return
    person = room.rules.roster.by_telegram(ref.chat)
    current = await room.desk.incident(incident.id)
    if person is not None and current is not None:
        await room.direct.show(ref, await room.card(current, words_of(room.rules.roster.people[person])))


async def _is_card(room: Room, ref: MessageRef, incident: Incident) -> bool:
    found = await room.known_message(ref)
    return found == (incident.id, CARD_SLOT) and await _is_live(room, ref)


async def _is_live(room: Room, ref: MessageRef) -> bool:
    """Whether the message fills its slot still; one that was replaced is known, and no longer lives."""
    found = await room.known_message(ref)
    if found is None:
        return False
    known = (await room.store.messages(found[0])).get(found[1])
    return known is not None and (known.chat, known.message) == (ref.chat, ref.message)


async def open_card(room: Room, asker: Asker, incident: Incident) -> None:
    """Show an incident where it was asked for; in the responders chat this becomes its card, and an older one goes."""
    messages = await room.store.messages(incident.id)
    shown = messages.get(CARD_SLOT)
    rendered = await room.card(incident, asker.words)
    if asker.chat != room.rules.roster.chats.responders.id:
        await room.direct.say(asker.chat, rendered)
        return
    sent = await room.direct.say(asker.chat, rendered, reply_to=shown)
    if isinstance(sent, Sent):
        await room.store.remember(incident.id, {CARD_SLOT: MessageRef(sent.chat, sent.message)})
        if shown is not None:
            await room.gateway.delete(shown)


async def card_in_chat(room: Room, asker: Asker, incident: Incident) -> MessageRef | None:
    """The card, where it stands in the chat that is asked in: an answer to it belongs to the incident's thread."""
    shown = (await room.store.messages(incident.id)).get(CARD_SLOT)
    return shown if shown is not None and shown.chat == asker.chat else None


async def say_in_thread(
    room: Room, asker: Asker, incident: Incident, rendered: Rendered, *, slot: str = SAID_SLOT
) -> None:
    """Say something about an incident where it was asked for, as an answer to the card where that is there.

    It is remembered, by a name that begins with `slot`: what an answer to it is. Without one it is a note.
    """
    await said_in_thread(room, asker, incident, rendered, slot=slot)


async def said_in_thread(
    room: Room, asker: Asker, incident: Incident, rendered: Rendered, *, slot: str = SAID_SLOT
) -> MessageRef | None:
    """The same, for who goes on with the message; None where Telegram did not take it."""
    reply_to = await card_in_chat(room, asker, incident)
    sent = await room.direct.say(asker.chat, marked(asker.words, incident, rendered), reply_to=reply_to)
    if not isinstance(sent, Sent):
        return None
    ref = MessageRef(sent.chat, sent.message)
    await room.store.remember(incident.id, {f"{slot}{sent.chat}:{sent.message}": ref})
    return ref


async def open_panel(room: Room, asker: Asker, incident: Incident, slot: str, rendered: Rendered) -> None:
    """A panel as an answer to the card; the one that was opened before in this chat goes, so that only one works."""
    slot = f"{slot}{asker.chat}"
    before = (await room.store.messages(incident.id)).get(slot)
    marked_so = marked(asker.words, incident, rendered)
    sent = await room.direct.say(asker.chat, marked_so, reply_to=await card_in_chat(room, asker, incident))
    if not isinstance(sent, Sent):
        return
    await room.store.remember(incident.id, {slot: MessageRef(sent.chat, sent.message)})
    if before is not None:
        await room.gateway.delete(before)


async def show_instead(room: Room, pressed: Pressed, incident: Incident, rendered: Rendered) -> None:
    """Show something about an incident in the place of the message under the finger."""
    await room.direct.show(pressed.ref, marked(pressed.asker.words, incident, rendered))


async def ask_for_update(room: Room, asker: Asker, incident: Incident) -> None:
    """Ask for the text; the reply to the question is the update."""
    asked = question(asker.words, incident)
    await say_in_thread(room, asker, incident, asked, slot=f"{UPDATE_SLOT}asked:")


async def show_list(room: Room, pressed: Pressed, press: ShowList) -> None:
    """A page of the open incidents: in place of the list that was turned, or below the summary of a storm."""
    plan = room.rules.plan
    names = tuple(plan.severities)
    only = names[press.severity] if press.severity is not None and press.severity < len(names) else None
    entries = [await room.entry(incident) for incident in await room.desk.open_incidents()]
    rendered = open_incidents(pressed.asker.words, entries, room.now(), press.page, only)
    if pressed.written is not None:
        await room.direct.show(pressed.ref, rendered)
    else:
        await room.direct.say(pressed.asker.chat, rendered, reply_to=pressed.ref)


def _words_in_chat(room: Room) -> Words:
    return words_in(room.rules.roster.chats.responders, room.rules.plan.timezone)
