"""`/incident` and `/incidents`: open one, see the open ones."""

from bot.domain.commands import Declare
from bot.views import answers
from bot.views.lists import open_incidents
from bot.views.rendered import Rendered
from handlers.room import Asked, Room, said


async def declare(room: Room, asked: Asked) -> Rendered:
    """Open an incident with the text as its title."""
    if not asked.text:
        return said(answers.usage(asked.words, asked.verb))
    outcome = await room.desk.declare(Declare(asked.asker.actor, asked.text), asked.operation)
    return said(await room.sentence(asked.asker, outcome))


async def show_open(room: Room, asked: Asked) -> Rendered:
    """The open incidents, the worst first."""
    entries = [await room.entry(incident) for incident in await room.desk.open_incidents()]
    return open_incidents(asked.words, entries, room.now())
