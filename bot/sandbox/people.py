"""Who is in the sandbox: people, bots and the chats they meet in."""

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from bot.sandbox.inbox import Inbox

if TYPE_CHECKING:
    from bot.sandbox.messages import Message

ANONYMOUS_ADMIN_ID = 1087968824
"""User id of GroupAnonymousBot, which Telegram names as the sender for an anonymous admin (Bot API, Message.from)."""


@dataclass(slots=True)
class Person:
    """Somebody with a Telegram account. `started`: pressed Start, so that the bot may write to them."""

    key: str
    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language: str = "en"
    started: bool = False
    blocked: bool = False

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}" if self.last_name else self.first_name

    def json(self) -> dict[str, Any]:
        """Bot API, User."""
        user: dict[str, Any] = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        if self.last_name:
            user["last_name"] = self.last_name
        if self.username:
            user["username"] = self.username
        user["language_code"] = self.language
        return user


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where a bot wants its updates pushed (Bot API, setWebhook)."""

    url: str
    secret_token: str = field(default="", repr=False)
    max_connections: int = 40
    retry_after: timedelta = timedelta(seconds=1)


@dataclass(slots=True)
class Bot:
    """A bot by its token. `reads_all`: its privacy mode is off."""

    token: str = field(repr=False)
    id: int
    first_name: str
    username: str
    inbox: Inbox
    reads_all: bool = False
    commands: dict[str, list[dict[str, str]]] = field(default_factory=dict[str, list[dict[str, str]]])
    webhook: Webhook | None = None
    webhook_error: tuple[int, str] | None = None

    @property
    def name(self) -> str:
        """What chats show."""
        return self.first_name

    def json(self) -> dict[str, Any]:
        """Bot API, User."""
        return {"id": self.id, "is_bot": True, "first_name": self.first_name, "username": self.username}


class ChatKind(StrEnum):
    """Bot API, Chat.type, of the kinds that the sandbox has."""

    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"


class BotRole(StrEnum):
    """What the bot is in a group (Bot API, ChatMember.status)."""

    ADMINISTRATOR = "administrator"
    MEMBER = "member"
    LEFT = "left"
    KICKED = "kicked"


@dataclass(slots=True)
class Chat:
    """A private chat (its id is the person's) or a group, with everything said in it.

    `bot_role` tells for all bots what they are here; `migrated_to` is set once a group became a supergroup.
    `topics` maps a forum topic's `message_thread_id` to its name.
    """

    id: int
    kind: ChatKind
    title: str
    person: Person | None = None
    members: dict[int, Person] = field(default_factory=dict[int, Person])
    admins: set[int] = field(default_factory=set[int])
    forum: bool = False
    bot_role: BotRole = BotRole.ADMINISTRATOR
    migrated_to: int | None = None
    topics: dict[int, str] = field(default_factory=dict[int, str])
    messages: "dict[int, Message]" = field(default_factory=dict[int, "Message"])
    last_message_id: int = 0
    pinned: list[int] = field(default_factory=list[int])
    reactions: dict[int, str] = field(default_factory=dict[int, str])

    @property
    def is_private(self) -> bool:
        """A chat of one person with the bot."""
        return self.kind is ChatKind.PRIVATE

    def json(self) -> dict[str, Any]:
        """Bot API, Chat."""
        if self.person is not None:
            shown: dict[str, Any] = {"id": self.id, "type": "private", "first_name": self.person.first_name}
            if self.person.last_name:
                shown["last_name"] = self.person.last_name
            if self.person.username:
                shown["username"] = self.person.username
            return shown
        shown = {"id": self.id, "type": self.kind.value, "title": self.title}
        if self.forum:
            shown["is_forum"] = True
        return shown


def anonymous_admin() -> dict[str, Any]:
    """Bot API, User: the stand-in for an admin who hides behind the group."""
    return {"id": ANONYMOUS_ADMIN_ID, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
