"""`/cause`, `/fix`, and the questions for both after the end."""

from telegram import Message

from bot.delivery.slots import RESOLUTION_SLOT
from bot.domain.commands import Resolve
from bot.domain.incident import Incident
from bot.domain.resolving_commands import DescribeFix, NameCause, ResolvingCommand
from bot.engine.outcomes import is_answered
from bot.views import answers
from bot.views.checklist_presses import ResolutionPress, ResolutionQuestion, ResolveNow
from bot.views.rendered import Rendered
from bot.views.resolving import question
from bot.views.verifying import READY_REASONS
from handlers import surfaces
from handlers.askers import Asker
from handlers.holding import carry_out
from handlers.pressed import Pressed, Reaction
from handlers.room import Asked, Room, said


async def cause(room: Room, asked: Asked, incident_id: str) -> Rendered | None:
    """This was the root cause."""
    if not asked.text:
        return said(answers.usage(asked.words, asked.verb))
    return await carry_out(room, asked, incident_id, NameCause(asked.asker.actor, asked.text))


async def fix(room: Room, asked: Asked, incident_id: str) -> Rendered | None:
    """This mended it."""
    if not asked.text:
        return said(answers.usage(asked.words, asked.verb))
    return await carry_out(room, asked, incident_id, DescribeFix(asked.asker.actor, asked.text))


async def pressed_on(room: Room, pressed: Pressed, press: ResolutionPress, incident: Incident) -> Reaction:
    """Ask for a text, the reply to the question is the answer; or end it for a ready reason."""
    if not pressed.asker.on_team:
        return Reaction(room.for_the_team_only(pressed.asker))
    if isinstance(press, ResolveNow):
        if press.reason >= len(READY_REASONS):
            return Reaction(answers.stale_button(pressed.asker.words))
        reason = pressed.asker.words(READY_REASONS[press.reason]).plain
        command = Resolve(pressed.asker.actor, reason, at_once=True)
        outcome = await room.desk.handle(incident.id, command, pressed.operation)
        return Reaction(await room.sentence(pressed.asker, outcome))
    asked = question(pressed.asker.words, incident, press.question)
    slot = f"{RESOLUTION_SLOT}{press.question}:"
    return Reaction("", lambda: surfaces.say_in_thread(room, pressed.asker, incident, asked, slot=slot))


async def answered(
    room: Room, asker: Asker, incident_id: str, slot: str, message: Message, operation: str
) -> Rendered | None:
    """The answer to one of the questions; None where what the thread is told says what came of it."""
    asked_for = ResolutionQuestion(slot.removeprefix(RESOLUTION_SLOT).partition(":")[0])
    command = _command(asker, asked_for, (message.text or message.caption or "").strip())
    in_thread = None if asker.private else message.message_id
    outcome = await room.desk.handle(incident_id, command, operation, answers=in_thread)
    return None if is_answered(outcome) else said(await room.sentence(asker, outcome))


def _command(asker: Asker, asked_for: ResolutionQuestion, written: str) -> ResolvingCommand | Resolve:
    match asked_for:
        case ResolutionQuestion.CAUSE:
            return NameCause(asker.actor, written)
        case ResolutionQuestion.FIX:
            return DescribeFix(asker.actor, written)
        case ResolutionQuestion.NOW:
            return Resolve(asker.actor, written, at_once=True)
