"""A status update was put off: ask why, and keep the answer."""

from bot.delivery.outcome import Sent
from bot.delivery.slots import CARD_SLOT, SNOOZE_SLOT
from bot.domain.chasing_commands import ExplainSnooze
from bot.domain.incident import Incident
from bot.engine.outcomes import Done
from bot.store.records import MessageRef
from bot.views import snoozing
from handlers.askers import Asker
from handlers.room import Room


async def ask_why(room: Room, asker: Asker, incident: Incident) -> None:
    """Ask where the snooze was pressed; the reply to the question is the reason."""
    shown = (await room.store.messages(incident.id)).get(CARD_SLOT)
    reply_to = shown if shown is not None and shown.chat == asker.chat else None
    sent = await room.direct.say(asker.chat, snoozing.ask_why(asker.words, incident), reply_to=reply_to)
    if isinstance(sent, Sent):
        slot = f"{SNOOZE_SLOT}asked:{sent.chat}:{sent.message}"
        await room.store.remember(incident.id, {slot: MessageRef(sent.chat, sent.message)})


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
    await room.direct.show(question, snoozing.explained(asker.words, incident, reason))
