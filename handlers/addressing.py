"""Which incident a command means: the one it names, the one it answers, the only open one, or else a choice."""

import re
from dataclasses import dataclass

from telegram import Message

from bot.domain.incident import Incident, Status
from bot.store.records import MessageRef
from bot.views import answers
from bot.views.lists import choose
from bot.views.rendered import Rendered
from bot.views.verbs import Verb
from handlers.room import Asked, Room, said

_NAMED = re.compile(r"(INC-[1-9]\d{0,8})(?:\s+|$)", re.IGNORECASE)
_AFTER_THE_END = frozenset({Verb.CHECKLIST, Verb.CAUSE, Verb.FIX, Verb.LESSON, Verb.ACTION, Verb.POSTMORTEM})
"""What is said of an incident that is over as well as of one that is not."""
_LOOKED_AT = 20
"""The latest incidents among which a closed one is looked for."""


@dataclass(frozen=True, slots=True)
class Meant:
    """This incident; `asked` without the text that named it."""

    incident: str
    asked: Asked


async def meant(room: Room, asked: Asked) -> Meant | Rendered:
    """The incident that is meant, or what to answer when that is not clear."""
    if named := _NAMED.match(asked.text):
        return Meant(named[1].upper(), asked.with_text(asked.text[named.end() :]))
    if answered := await incident_answered(room, asked.message):
        return Meant(answered[0], asked)
    candidates = await _candidates(room, asked.verb)
    if len(candidates) == 1:
        return Meant(candidates[0].id, asked)
    if not candidates:
        return said(answers.no_open_incident(asked.words))
    return choose(asked.words, asked.verb, [await room.entry(incident) for incident in candidates])


async def incident_answered(room: Room, message: Message) -> tuple[str, str] | None:
    """The incident and the slot of the message that this one replies to."""
    answered = message.reply_to_message
    if answered is None or answered.from_user is None or not answered.from_user.is_bot:
        return None
    return await room.known_message(MessageRef(message.chat.id, answered.message_id))


async def _candidates(room: Room, verb: Verb) -> tuple[Incident, ...]:
    """The open ones; for what comes after the end also those under review, or else all that are over.

    What happened is asked of what is open, and where nothing is, of what has just ended.
    """
    if verb is Verb.REOPEN:
        return await _closed(room)
    open_ones = await room.desk.open_incidents()
    if verb not in _AFTER_THE_END and (open_ones or verb is not Verb.TIMELINE):
        return open_ones
    closed = await _closed(room)
    under_review = tuple(incident for incident in closed if incident.review.under_way)
    return (*open_ones, *under_review) or closed


async def _closed(room: Room) -> tuple[Incident, ...]:
    latest = await room.desk.casebook.many(await room.store.recent_logs(_LOOKED_AT))
    return tuple(incident for incident in latest if incident.status is Status.RESOLVED)
