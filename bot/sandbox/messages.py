"""A message and its inline keyboard: what is kept, and the Bot API's form of it."""

from dataclasses import dataclass
from typing import Any

from bot.sandbox.entities import EMPTY, EntityType, Formatted
from bot.sandbox.files import File
from bot.sandbox.people import Bot, Chat, ChatKind, Person, anonymous_admin


@dataclass(frozen=True, slots=True)
class Button:
    """An inline button with its one action; `style` is danger, success, primary or none."""

    text: str
    data: str | None = None
    url: str | None = None
    copy: str | None = None
    style: str | None = None
    other: tuple[str, Any] | None = None

    def json(self) -> dict[str, Any]:
        """Bot API, InlineKeyboardButton."""
        shown: dict[str, Any] = {"text": self.text}
        if self.data is not None:
            shown["callback_data"] = self.data
        elif self.url is not None:
            shown["url"] = self.url
        elif self.copy is not None:
            shown["copy_text"] = {"text": self.copy}
        elif self.other is not None:
            shown[self.other[0]] = self.other[1]
        if self.style is not None:
            shown["style"] = self.style
        return shown


Keyboard = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it stands; an edit makes another one with the same id.

    `date` and `edited` are Unix seconds. `body` is the text, or the caption of a photo or a document. `service` holds
    the field of a service message (`pinned_message`, `migrate_to_chat_id` …) instead of a body.
    """

    chat: Chat
    message_id: int
    sender: Person | Bot
    date: int
    body: Formatted = EMPTY
    photo: File | None = None
    document: File | None = None
    keyboard: Keyboard = ()
    reply_to: "Message | None" = None
    thread_id: int | None = None
    edited: int | None = None
    silent: bool = False
    anonymous: bool = False
    forwarded: "Message | None" = None
    service: tuple[str, Any] | None = None

    @property
    def is_media(self) -> bool:
        """A photo or a document; its body is a caption."""
        return self.photo is not None or self.document is not None

    def answered(self) -> "Message | None":
        """The message this one replies to, as it stands now; None once it is deleted."""
        return self.chat.messages.get(self.reply_to.message_id) if self.reply_to is not None else None

    def same_content(self, other: "Message") -> bool:
        """Nothing a reader could see differs."""
        return (self.body, self.photo, self.document, self.keyboard) == (
            other.body,
            other.photo,
            other.document,
            other.keyboard,
        )


def message_json(message: Message, people: dict[int, Person], *, with_reply: bool = True) -> dict[str, Any]:
    """Bot API, Message. A reply is shown without its own reply, as Telegram does."""
    chat = message.chat.json()
    shown: dict[str, Any] = {
        "message_id": message.message_id,
        "from": anonymous_admin() if message.anonymous else message.sender.json(),
        "chat": chat,
        "date": message.date,
    }
    if message.anonymous:
        shown["sender_chat"] = chat
    if message.edited is not None:
        shown["edit_date"] = message.edited
    if message.forwarded is not None:
        shown["forward_origin"] = _origin_json(message.forwarded)
    if message.thread_id is not None:
        shown["message_thread_id"] = message.thread_id
        if message.chat.forum:
            shown["is_topic_message"] = True
    if with_reply and (answered := message.answered()) is not None:
        shown["reply_to_message"] = message_json(answered, people, with_reply=False)
    if message.service is not None:
        shown[message.service[0]] = message.service[1]
    else:
        _show_content(shown, message, people)
    return shown


def _show_content(shown: dict[str, Any], message: Message, people: dict[int, Person]) -> None:
    field = "text"
    if message.photo is not None:
        shown["photo"] = message.photo.photo_json()
        field = "caption"
    elif message.document is not None:
        shown["document"] = message.document.document_json()
        field = "caption"
    if message.body.text:
        shown[field] = message.body.text
    if message.body.entities:
        name = "entities" if field == "text" else "caption_entities"
        shown[name] = entities_json(message.body, people)
    if message.keyboard:
        shown["reply_markup"] = keyboard_json(message.keyboard)


def keyboard_json(keyboard: Keyboard) -> dict[str, Any]:
    """Bot API, InlineKeyboardMarkup."""
    return {"inline_keyboard": [[button.json() for button in row] for row in keyboard]}


def entities_json(body: Formatted, people: dict[int, Person]) -> list[dict[str, Any]]:
    """Bot API, MessageEntity, with the users that text mentions name; a mention of a stranger is left out."""
    shown: list[dict[str, Any]] = []
    for entity in body.entities:
        if entity.type is not EntityType.TEXT_MENTION:
            shown.append(entity.json())
        elif (person := people.get(entity.user_id or 0)) is not None:
            shown.append({**entity.json(), "user": person.json()})
    return shown


def _origin_json(original: Message) -> dict[str, Any]:
    return {"type": "user", "date": original.date, "sender_user": original.sender.json()}


def thread_of(chat: Chat, reply_to: Message | None) -> int | None:
    """The thread a reply falls into: its topic in a forum, the first message of the chain in a supergroup."""
    if reply_to is None or chat.kind is not ChatKind.SUPERGROUP:
        return None
    if chat.forum:
        return reply_to.thread_id
    return reply_to.thread_id or reply_to.message_id
