"""Who is asking, where, and in which language to answer."""

from dataclasses import dataclass

from telegram import Chat, Message, User
from telegram.constants import ChatType

from bot.domain.actors import Responder, Stranger
from bot.domain.roster import Roster
from bot.domain.rules import Rules
from bot.views.translations import Words, words_in, words_of

_NAME_LIMIT = 64
"""Characters of a stranger's name that are kept: Telegram allows 64 for each of two names."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody who pressed or wrote something. `words` speak the person's language in private, the chat's in a chat."""

    actor: Responder | Stranger
    telegram: int | None
    chat: int
    private: bool
    words: Words

    @property
    def on_team(self) -> bool:
        """Whether the roster knows them."""
        return isinstance(self.actor, Responder)


def asker_of(rules: Rules, user: User | None, chat: Chat, message: Message | None = None) -> Asker:
    """The asker. Who writes in the name of a group or a channel is nobody: an anonymous admin can't be held to it."""
    anonymous = user is None or user.is_bot or (message is not None and message.sender_chat is not None)
    person = None if anonymous or user is None else rules.roster.by_telegram(user.id)
    private = chat.type == ChatType.PRIVATE
    words = words_of(rules.roster.people[person]) if person and private else _words_of_chat(rules, chat.id)
    if person is not None:
        return Asker(Responder(person=person), user.id if user else None, chat.id, private, words)
    name = "anonymous admin" if anonymous or user is None else (user.full_name or str(user.id))[:_NAME_LIMIT]
    known_id = None if anonymous or user is None else user.id
    return Asker(Stranger(telegram=known_id, name=name), known_id, chat.id, private, words)


def may_read(rules: Rules, asker: Asker) -> bool:
    """A stranger reads where the team has let them in: in the roster's chats, not in private."""
    return asker.on_team or asker.chat in _chat_ids(rules.roster)


def works_here(rules: Rules, asker: Asker) -> bool:
    """A command works in the responders chat and in private."""
    return asker.private or asker.chat == rules.roster.chats.responders.id


def _chat_ids(roster: Roster) -> tuple[int, ...]:
    chats = (roster.chats.responders, roster.chats.stakeholders)
    return tuple(chat.id for chat in chats if chat is not None)


def _words_of_chat(rules: Rules, chat_id: int) -> Words:
    chats = rules.roster.chats
    chat = chats.stakeholders if chats.stakeholders and chats.stakeholders.id == chat_id else chats.responders
    return words_in(chat, rules.plan.timezone)
