"""One Telegram update, from its JSON to its answer. Returns once the effect is committed: only then is it confirmed."""

import json

import structlog
from telegram import Message, Update

from bot.delivery.thin_updates import thin
from bot.store.records import MessageRef, StoreUnavailableError
from handlers import messages, people, presses
from handlers.answering import Answering
from handlers.askers import asker_of
from handlers.room import Room, not_saved, said

log = structlog.get_logger(__name__)

TAKEN = ("message", "callback_query", "my_chat_member")
"""Kinds of updates that are asked for (Bot API, getUpdates, `allowed_updates`)."""


class Intake:
    """Takes updates, from the poll or from the webhook."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._answering = Answering(room.direct, room.looking.errands)

    async def take_json(self, body: bytes) -> None:
        """Take an update as Telegram's webhook delivers it; what can't be read is logged and left."""
        try:
            update = Update.de_json(thin(json.loads(body)), self._room.gateway.bot)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            log.warning("an update that can't be read", reason=type(error).__name__)
            return
        await self.take(update)

    async def take(self, update: Update) -> None:
        """Carry an update out and answer it. A mistake of ours in one update is logged and keeps no other waiting.

        Without the store, whoever asked was told that nothing was saved: the update is done with, and acts no more.
        """
        operation = f"tg:{update.update_id}"
        try:
            if update.callback_query is not None:
                await presses.react(self._room, update.callback_query, operation)
            elif update.message is not None:
                await self._message(update.message, operation)
            elif update.my_chat_member is not None:
                await people.standing_changed(self._room, update.my_chat_member)
        except StoreUnavailableError as error:
            log.warning("an update was not followed up", update_id=update.update_id, reason=str(error))
        except Exception:
            log.exception("an update could not be handled", update_id=update.update_id)

    async def _message(self, message: Message, operation: str) -> None:
        if message.migrate_to_chat_id is not None:
            await self._room.gateway.follow(message.chat.id, message.migrate_to_chat_id)
            return
        try:
            answer = await messages.answer_to(self._room, message, operation)
        except StoreUnavailableError as error:
            asker = asker_of(self._room.rules, message.from_user, message.chat, message)
            answer = said(not_saved(asker.words, error))
        if answer is not None:
            self._answering.say(MessageRef(message.chat.id, message.message_id), answer, asker=_private_chat(message))


def _private_chat(message: Message) -> int | None:
    """The id of a private chat is its person's; an anonymous admin is nobody."""
    person = message.from_user
    return None if person is None or person.is_bot or message.sender_chat is not None else person.id
