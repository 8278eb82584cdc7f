"""The state of the sandbox: people, chats, messages, bots and their pending updates.

Nothing here refuses anything: what a person may do is in `actions`, what a bot may do in the `methods_…` modules.
"""

import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from bot.sandbox.entities import EMPTY, Formatted
from bot.sandbox.events import ChatChanged, Deleted, Edited, Happening, Posted
from bot.sandbox.files import File, Files
from bot.sandbox.inbox import Inbox
from bot.sandbox.messages import Keyboard, Message, message_json, thread_of
from bot.sandbox.people import Bot, BotRole, Chat, ChatKind, Person

DEMO_TOKEN = "1:sandbox"  # noqa: S105 - opens nothing but a sandbox
RESPONDERS_ID = -1001001
STAKEHOLDERS_ID = -1001002

QUERY_LIVES_FOR = timedelta(seconds=150)
"""How long a press can be answered (observed at Telegram; the Bot API says only "too old")."""
KEPT_QUERIES = 5_000


@dataclass(frozen=True, slots=True)
class Answer:
    """The bot's answer to a press: the toast (or the window, if `alert`) the person sees."""

    text: str
    alert: bool


@dataclass(slots=True)
class CallbackQuery:
    """A press of a button; `answer` comes later, or never."""

    id: str
    person: Person
    message: Message
    data: str
    at: datetime
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A message before it has a place: who says what, and how."""

    sender: Person | Bot
    body: Formatted = EMPTY
    photo: File | None = None
    document: File | None = None
    keyboard: Keyboard = ()
    reply_to: Message | None = None
    thread_id: int | None = None
    silent: bool = False
    anonymous: bool = False
    forwarded: Message | None = None
    service: tuple[str, Any] | None = None


def utc_now() -> datetime:
    """The wall clock, UTC."""
    return datetime.now(UTC)


class World:
    """Everything there is. `now` gives an aware datetime; tests and the demo pass a clock that they can move."""

    def __init__(self, *, now: Callable[[], datetime] = utc_now) -> None:
        self.now = now
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.bots: dict[str, Bot] = {}
        self.files = Files()
        self.queries: dict[str, CallbackQuery] = {}
        self._listeners: list[Callable[[Happening], None]] = []
        self._query_ids = itertools.count(1)

    @classmethod
    def demo(cls, *, now: Callable[[], datetime] = utc_now, token: str = DEMO_TOKEN) -> Self:
        """The demo's team (Anna, Boris, Clara, Dan, Eve), its two groups and one bot; only Eve never pressed Start."""
        world = cls(now=now)
        for key, user_id in (("anna", 1001), ("boris", 1002), ("clara", 1003), ("dan", 1004), ("eve", 1005)):
            world.add_person(key, user_id, key.capitalize(), started=key != "eve")
        world.add_group(RESPONDERS_ID, "Incidents", world.people.values())
        world.add_group(STAKEHOLDERS_ID, "Stakeholders", world.people.values())
        world.add_bot(token, username="nabat_bot", first_name="Nabat")
        return world

    def add_person(
        self, key: str, user_id: int, first_name: str, *, username: str | None = None, started: bool = True
    ) -> Person:
        """A new person and their private chat; the user name is the key unless another one is given."""
        person = Person(key, user_id, first_name, username=username or key, started=started)
        self.people[user_id] = person
        self._add_chat(Chat(user_id, ChatKind.PRIVATE, first_name, person, members={user_id: person}))
        return person

    def add_group(
        self,
        chat_id: int,
        title: str,
        members: Iterable[Person],
        *,
        kind: ChatKind = ChatKind.SUPERGROUP,
        forum: bool = False,
        bot_role: BotRole = BotRole.ADMINISTRATOR,
    ) -> Chat:
        """A new group; its first member owns it."""
        people = {person.id: person for person in members}
        chat = Chat(chat_id, kind, title, members=people, forum=forum, bot_role=bot_role)
        chat.admins.update(itertools.islice(people, 1))
        return self._add_chat(chat)

    def add_bot(self, token: str, *, username: str, first_name: str, reads_all: bool = False) -> Bot:
        """A new bot. Its id is the number before the colon of its token, as at Telegram."""
        bot = Bot(token, int(token.partition(":")[0]), first_name, username, Inbox(self.now), reads_all=reads_all)
        self.bots[token] = bot
        return bot

    def person(self, key: str) -> Person:
        """The person with this key; KeyError for a stranger."""
        for person in self.people.values():
            if person.key == key:
                return person
        raise KeyError(key)

    def group(self, title: str) -> Chat:
        """The living group with this title; KeyError when there is none."""
        for chat in self.chats.values():
            if chat.title == title and not chat.is_private and chat.migrated_to is None:
                return chat
        raise KeyError(title)

    def subscribe(self, listener: Callable[[Happening], None]) -> Callable[[], None]:
        """Calls the listener at everything that happens; returns what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def publish(self, happening: Happening) -> None:
        """Tells those who watch."""
        for listener in tuple(self._listeners):
            listener(happening)

    def post(self, chat: Chat, draft: Draft) -> Message:
        """Puts a message into a chat, with the chat's next id."""
        chat.last_message_id += 1
        thread_id = draft.thread_id if draft.thread_id is not None else thread_of(chat, draft.reply_to)
        message = Message(
            chat=chat,
            message_id=chat.last_message_id,
            sender=draft.sender,
            date=self.unix_now(),
            body=draft.body,
            photo=draft.photo,
            document=draft.document,
            keyboard=draft.keyboard,
            reply_to=draft.reply_to,
            thread_id=thread_id,
            silent=draft.silent,
            anonymous=draft.anonymous,
            forwarded=draft.forwarded,
            service=draft.service,
        )
        chat.messages[message.message_id] = message
        self.publish(Posted(message))
        return message

    def replace(self, message: Message) -> None:
        """Puts an edited message in the place of the one with its id."""
        message.chat.messages[message.message_id] = message
        self.publish(Edited(message))

    def remove(self, message: Message) -> None:
        """Deletes a message; its pin goes with it."""
        chat = message.chat
        del chat.messages[message.message_id]
        if message.message_id in chat.pinned:
            chat.pinned.remove(message.message_id)
        self.publish(Deleted(chat, message.message_id))

    def tell_bots(self, kind: str, payload: dict[str, Any], chat: Chat) -> None:
        """Gives every bot an update about a chat."""
        for bot in self.bots.values():
            bot.inbox.put(kind, payload, chat_id=chat.id)

    def json(self, message: Message) -> dict[str, Any]:
        """Bot API, Message."""
        return message_json(message, self.people)

    def new_query(self, person: Person, message: Message, data: str) -> CallbackQuery:
        """Keeps a press until it is answered; the oldest are forgotten."""
        query = CallbackQuery(f"{person.id}{next(self._query_ids):09d}", person, message, data, self.now())
        self.queries[query.id] = query
        while len(self.queries) > KEPT_QUERIES:
            del self.queries[next(iter(self.queries))]
        return query

    def unix_now(self) -> int:
        """Now, in Unix seconds."""
        return int(self.now().timestamp())

    def _add_chat(self, chat: Chat) -> Chat:
        if chat.id in self.chats:
            raise ValueError(f"there already is a chat {chat.id}")
        self.chats[chat.id] = chat
        self.publish(ChatChanged(chat))
        return chat
