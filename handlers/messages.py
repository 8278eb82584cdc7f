"""Written messages: slash commands, and answers to the bot's own messages."""

from telegram import Message
from telegram.constants import MessageEntityType

from bot.delivery.slots import DRAFT_SLOT, IMPACT_SLOT, RESOLUTION_SLOT, REVIEW_SLOT, SNOOZE_SLOT, UPDATE_SLOT
from bot.domain.commands import Command, DescribeImpact, Note, PostUpdate
from bot.store.records import MessageRef
from bot.views import answers
from bot.views.rendered import Rendered
from bot.views.verbs import Verb
from handlers import checking, drafts, resolution, reviewing
from handlers.addressing import Meant, incident_answered, meant
from handlers.askers import Asker, asker_of, may_read, works_here
from handlers.crew import notice
from handlers.drilling import marking_of
from handlers.hinting import hint
from handlers.people import start
from handlers.room import Asked, Room, said
from handlers.snoozing import explain
from handlers.verbs import OF_INCIDENT, OPEN_TO_ALL, PLAIN

START = "start"


async def answer_to(room: Room, message: Message, operation: str) -> Rendered | None:
    """What to answer; None where a message is not for the bot."""
    asker = asker_of(room.rules, message.from_user, message.chat, message)
    written = (message.text or message.caption or "").strip()
    command = _command(room, message, written)
    if command is None:
        return await _answered(room, asker, message, written, operation)
    name, text = command
    if name == START and asker.private:
        return await start(room, Asked(asker, Verb.HELP, text, message, operation))
    if name not in set(Verb):
        return said(answers.unknown_command(asker.words, name)) if asker.private else None
    return await run_verb(room, Asked(asker, Verb(name), text, message, operation))


async def run_verb(room: Room, asked: Asked) -> Rendered | None:
    """Carry a command out, where it works and for whom it works."""
    if asked.verb not in OPEN_TO_ALL:
        if not works_here(room.rules, asked.asker):
            return None
        if not may_read(room.rules, asked.asker):
            return await PLAIN[Verb.WHOAMI](room, asked)
    plain = PLAIN.get(asked.verb)
    if plain is not None:
        return await plain(room, asked)
    found = await meant(room, asked)
    if not isinstance(found, Meant):
        return found
    marking = await marking_of(room, found.incident, asked.asker)
    answer = await OF_INCIDENT[asked.verb](room, found.asked, found.incident)
    room.looking.errands.run(notice(room, asked.asker, found.incident, asked.operation))
    return answer and marking(answer)


def _command(room: Room, message: Message, written: str) -> tuple[str, str] | None:
    """The command at the beginning of a message and the text after it; None when it is none, or another bot's."""
    entities = message.entities or message.caption_entities
    first = next((e for e in entities if e.type == MessageEntityType.BOT_COMMAND and e.offset == 0), None)
    if first is None:
        return None
    name, _, addressee = written[1 : first.length].partition("@")
    if addressee and addressee.casefold() != room.gateway.username.casefold():
        return None
    return name.casefold(), written[first.length :].strip()


async def _answered(room: Room, asker: Asker, message: Message, written: str, operation: str) -> Rendered | None:
    """An answer to a reminder is an update, to the assessment the impact, to any other message a note.

    To the question after a snooze it is the reason, to a draft for the outside its new text. What answers nothing of
    ours gets a hint.
    """
    if not works_here(room.rules, asker):
        return None
    found = await incident_answered(room, message) if written else None
    if found is None:
        return await hint(room, asker, message)
    marking = await marking_of(room, found[0], asker)
    answer = await _understood(room, asker, message, written, operation, *found)
    return answer and marking(answer)


async def _understood(
    room: Room, asker: Asker, message: Message, written: str, operation: str, incident_id: str, slot: str
) -> Rendered | None:
    if slot.startswith(RESOLUTION_SLOT):
        return await resolution.answered(room, asker, incident_id, slot, message, operation)
    if slot.startswith(REVIEW_SLOT):
        return await reviewing.answered(room, asker, incident_id, slot, message, operation)
    answer = await checking.answered(room, asker, incident_id, slot, written, operation)
    if answer is not None:
        return answer
    if slot.startswith(SNOOZE_SLOT) and message.reply_to_message is not None:
        question = MessageRef(message.chat.id, message.reply_to_message.message_id)
        return said(await explain(room, asker, incident_id, written, operation=operation, question=question))
    if slot.startswith(DRAFT_SLOT):
        number = int(slot.removeprefix(DRAFT_SLOT))
        return said(await drafts.edit(room, asker, incident_id, number, written, operation))
    command = _meant_by(asker, slot, written)
    return said(await room.sentence(asker, await room.desk.handle(incident_id, command, operation)))


def _meant_by(asker: Asker, slot: str, written: str) -> Command:
    if slot.startswith(UPDATE_SLOT):
        return PostUpdate(asker.actor, written, privately=asker.private)
    if slot.startswith(IMPACT_SLOT):
        return DescribeImpact(asker.actor, written)
    return Note(asker.actor, written)
