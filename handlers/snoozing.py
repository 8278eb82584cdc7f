"""A status update was put off: ask why, and keep the answer."""

from bot.delivery.slots import SNOOZE_SLOT
from bot.domain.chasing_commands import ExplainSnooze
from bot.domain.incident import Incident
from bot.engine.outcomes import Done
from bot.store.records import MessageRef
from bot.views import snoozing
from bot.views.drill import marked
from handlers import surfaces
from handlers.askers import Asker
from handlers.room import Room


async def ask_why(room: Room, asker: Asker, incident: Incident) -> None:
    """Ask where the snooze was pressed; the reply to the question is the reason."""
    question = snoozing.ask_why(asker.words, incident)
    await surfaces.say_in_thread(room, asker, incident, question, slot=f"{SNOOZE_SLOT}asked:")


async def explain(
    room: Room, asker: Asker, incident_id: str, reason: str, *, operation: str, question: MessageRef
) -> str:
    """Keep a written reason; the question then shows it, without its buttons."""
    outcome = await room.desk.handle(incident_id, ExplainSnooze(asker.actor, reason), operation)
    if isinstance(outcome, Done):
        room.looking.errands.run(show_reason(room, asker, outcome.incident, reason, question))
    return await room.sentence(asker, outcome)


async def show_reason(room: Room, asker: Asker, incident: Incident, reason: str, question: MessageRef) -> None:
    """The question, once it was answered."""
    explained = snoozing.explained(asker.words, incident, reason)
    await room.direct.show(question, marked(asker.words, incident, explained))
