"""What happens in the sandbox, for those who watch: the web chat and the driver."""

from dataclasses import dataclass

from bot.sandbox.messages import Message
from bot.sandbox.people import Chat, Person


@dataclass(frozen=True, slots=True)
class Posted:
    """A message appeared."""

    message: Message


@dataclass(frozen=True, slots=True)
class Edited:
    """A message changed; this is how it stands now."""

    message: Message


@dataclass(frozen=True, slots=True)
class Deleted:
    """A message is gone."""

    chat: Chat
    message_id: int


@dataclass(frozen=True, slots=True)
class Answered:
    """The bot answered a press; `text` may be empty, `alert` shows it in a window."""

    query_id: str
    person: Person
    text: str
    alert: bool


@dataclass(frozen=True, slots=True)
class Typing:
    """The bot shows that it is at work."""

    chat: Chat


@dataclass(frozen=True, slots=True)
class Pinned:
    """The newest pinned message of a chat changed; None when nothing is pinned any more."""

    chat: Chat
    message_id: int | None


@dataclass(frozen=True, slots=True)
class Reacted:
    """The bot put a reaction to a message, or took it back (None)."""

    chat: Chat
    message_id: int
    emoji: str | None


@dataclass(frozen=True, slots=True)
class PersonChanged:
    """A person pressed Start, blocked the bot or unblocked it."""

    person: Person


@dataclass(frozen=True, slots=True)
class ChatChanged:
    """A chat is new, became a supergroup, or the bot's place in it changed."""

    chat: Chat


Happening = Posted | Edited | Deleted | Answered | Typing | Pinned | Reacted | PersonChanged | ChatChanged
