"""`/resolve`, `/reopen`, `/merge`: the end of an incident, and its undoing."""

from bot.domain.commands import Reopen, Resolve
from bot.engine.outcomes import is_answered
from bot.views import answers
from bot.views.rendered import Rendered
from handlers.holding import carry_out
from handlers.room import Asked, Room, said

_TWO = 2
AT_ONCE = "now"


async def resolve(room: Room, asked: Asked, incident_id: str) -> Rendered | None:
    """It is over; after `now` and for a reason at once, without the watch over the fix."""
    first, _, rest = asked.text.partition(" ")
    at_once = first.casefold() == AT_ONCE
    reason = rest.strip() if at_once else asked.text
    return await carry_out(room, asked, incident_id, Resolve(asked.asker.actor, reason, at_once=at_once))


async def reopen(room: Room, asked: Asked, incident_id: str) -> Rendered | None:
    """It is not over."""
    return await carry_out(room, asked, incident_id, Reopen(asked.asker.actor, asked.text))


async def merge(room: Room, asked: Asked) -> Rendered | None:
    """The first becomes a part of the second."""
    named = asked.text.upper().split()
    if len(named) != _TWO:
        return said(answers.usage(asked.words, asked.verb))
    part, whole = named
    outcome = await room.desk.merge(whole, part, asked.asker.actor, asked.operation, answers=asked.in_thread)
    return None if is_answered(outcome) else said(await room.sentence(asked.asker, outcome))
