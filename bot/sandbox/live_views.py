"""What the web chat is shown of the sandbox; the forms are those of the contract in `live`."""

from typing import Any

from bot.sandbox.events import (
    Answered,
    ChatChanged,
    Deleted,
    Edited,
    Happening,
    PersonChanged,
    Pinned,
    Posted,
    Reacted,
    Typing,
)
from bot.sandbox.messages import Button, Message
from bot.sandbox.people import ANONYMOUS_ADMIN_ID, Bot, Chat, Person
from bot.sandbox.world import World

SHOWN_MESSAGES = 200


def hello(world: World) -> dict[str, Any]:
    """Everything a web chat needs to start with."""
    bot_name = next((bot.name for bot in world.bots.values()), "bot")
    chats = [chat for chat in world.chats.values() if chat.migrated_to is None]
    return {
        "type": "hello",
        "people": [_person_json(person) for person in world.people.values()],
        "chats": [_chat_json(chat, bot_name) for chat in chats],
        "messages": {str(chat.id): _last_messages(chat) for chat in chats},
    }


def _last_messages(chat: Chat) -> list[dict[str, Any]]:
    said = [message for message in chat.messages.values() if message.service is None]
    return [live_message(message) for message in said[-SHOWN_MESSAGES:]]


def event_json(world: World, happening: Happening) -> dict[str, Any] | None:
    """What a web chat is told of an event; None when it is not shown there."""
    match happening:
        case Posted(message):
            shown = {"type": "message", "message": live_message(message)} if message.service is None else None
        case Edited(message):
            shown = {"type": "edited", "message": live_message(message)}
        case Deleted(chat, message_id):
            shown = {"type": "deleted", "chat_id": chat.id, "message_id": message_id}
        case Answered(_, person, text, alert):
            shown = {"type": "toast", "person": person.id, "text": text, "alert": alert}
        case Typing(chat):
            shown = {"type": "typing", "chat_id": chat.id}
        case Pinned(chat, message_id):
            shown = {"type": "pinned", "chat_id": chat.id, "message_id": message_id}
        case PersonChanged(person):
            shown = {"type": "person", "person": _person_json(person)}
        case ChatChanged():
            shown = hello(world)
        case Reacted():
            shown = None
    return shown


def live_message(message: Message) -> dict[str, Any]:
    """MESSAGE of this module's contract."""
    answered = message.answered()
    document = message.document
    return {
        "chat_id": message.chat.id,
        "message_id": message.message_id,
        "from": _sender_json(message),
        "date": message.date,
        "edited": message.edited,
        "text": message.body.text,
        "entities": [entity.json() for entity in message.body.entities],
        "photo": f"/files/{message.photo.path}" if message.photo else None,
        "document": document
        and {"name": document.name, "url": f"/files/{document.path}", "size": len(document.content)},
        "reply_to": answered
        and {
            "message_id": answered.message_id,
            "from": _sender_json(answered)["name"],
            "text": answered.body.text,
        },
        "buttons": [[_button_json(button) for button in row] for row in message.keyboard],
        "pinned": message.message_id in message.chat.pinned,
        "silent": message.silent,
        "forwarded_from": message.forwarded.sender.name if message.forwarded else None,
    }


def _sender_json(message: Message) -> dict[str, Any]:
    if message.anonymous:
        return {"id": ANONYMOUS_ADMIN_ID, "name": message.chat.title, "bot": False}
    return {"id": message.sender.id, "name": message.sender.name, "bot": isinstance(message.sender, Bot)}


def _button_json(button: Button) -> dict[str, Any]:
    actions = {"data": button.data, "url": button.url, "copy": button.copy}
    action = {name: value for name, value in actions.items() if value is not None}
    return {"text": button.text, "style": button.style, **action}


def _person_json(person: Person) -> dict[str, Any]:
    initials = "".join(word[0] for word in person.name.split()[:2]).upper()
    return {
        "id": person.id,
        "name": person.name,
        "initials": initials,
        "started": person.started,
        "blocked": person.blocked,
    }


def _chat_json(chat: Chat, bot_name: str) -> dict[str, Any]:
    return {
        "id": chat.id,
        "title": bot_name if chat.is_private else chat.title,
        "kind": "private" if chat.is_private else "group",
        "person": chat.person.id if chat.person else None,
        "bot": bot_name,
    }
