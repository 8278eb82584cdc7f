"""`/update`, `/note`, `/impact`: what is known."""

from bot.domain.commands import DescribeImpact, Note, PostUpdate
from bot.views import answers
from bot.views.rendered import Rendered
from handlers.holding import carry_out
from handlers.room import Asked, Room, said


async def update(room: Room, asked: Asked, incident_id: str) -> Rendered | None:
    """News for those who wait."""
    if not asked.text:
        return said(answers.usage(asked.words, asked.verb))
    command = PostUpdate(asked.asker.actor, asked.text, privately=asked.asker.private)
    return await carry_out(room, asked, incident_id, command)


async def note(room: Room, asked: Asked, incident_id: str) -> Rendered | None:
    """A note for the log."""
    if not asked.text:
        return said(answers.usage(asked.words, asked.verb))
    return await carry_out(room, asked, incident_id, Note(asked.asker.actor, asked.text))


async def impact(room: Room, asked: Asked, incident_id: str) -> Rendered | None:
    """What users and the business notice."""
    if not asked.text:
        return said(answers.usage(asked.words, asked.verb))
    return await carry_out(room, asked, incident_id, DescribeImpact(asked.asker.actor, asked.text))
