"""Chats: who and what they are, pins, forum topics; and the bot itself with its menu of commands."""

import json
import re
from typing import Any

from bot.sandbox.actions import bot_member
from bot.sandbox.composing import Request, read_message, readable_chat, writable_chat
from bot.sandbox.errors import bad_request
from bot.sandbox.events import Pinned
from bot.sandbox.params import as_array, as_object
from bot.sandbox.people import BotRole, Chat, Person
from bot.sandbox.world import Draft

COMMAND_NAME = re.compile(r"[a-z0-9_]{1,32}\Z")
MAX_COMMANDS = 100
MAX_COMMAND_DESCRIPTION = 256
"""Bot API, BotCommand and setMyCommands."""
MAX_TOPIC_NAME = 128
"""Bot API, createForumTopic."""
TOPIC_COLORS = frozenset({7322096, 16766590, 13338331, 9367192, 16749490, 16478047})
DEFAULT_TOPIC_COLOR = 7322096


def get_me(request: Request) -> dict[str, Any]:
    """Bot API, getMe."""
    return {
        **request.bot.json(),
        "can_join_groups": True,
        "can_read_all_group_messages": request.bot.reads_all,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def get_chat(request: Request) -> dict[str, Any]:
    """Bot API, getChat: the fields of ChatFullInfo that every chat has, and the newest pinned message."""
    chat = readable_chat(request)
    shown: dict[str, Any] = {
        **chat.json(),
        "accent_color_id": abs(chat.id) % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(
            ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
        ),
    }
    if chat.pinned and (newest := chat.messages.get(chat.pinned[-1])) is not None:
        shown["pinned_message"] = request.world.json(newest)
    return shown


def get_chat_member(request: Request) -> dict[str, Any]:
    """Bot API, getChatMember."""
    chat = readable_chat(request)
    user_id = request.params.integer("user_id")
    if user_id <= 0:
        raise bad_request("invalid user_id specified")
    for bot in request.world.bots.values():
        if bot.id == user_id:
            return bot_member(bot, "member" if chat.is_private else chat.bot_role.value)
    person = request.world.people.get(user_id)
    if person is None:
        raise bad_request("user not found")
    return _member(chat, person)


def get_chat_administrators(request: Request) -> list[dict[str, Any]]:
    """Bot API, getChatAdministrators: other bots are left out."""
    chat = readable_chat(request)
    if chat.is_private:
        raise bad_request("there are no administrators in the private chat")
    admins = [_member(chat, person) for person in chat.members.values() if person.id in chat.admins]
    if chat.bot_role is BotRole.ADMINISTRATOR:
        admins.append(bot_member(request.bot, "administrator"))
    return admins


def get_chat_member_count(request: Request) -> int:
    """Bot API, getChatMemberCount: the people and the bot."""
    return len(readable_chat(request).members) + 1


def _member(chat: Chat, person: Person) -> dict[str, Any]:
    if person.id not in chat.members:
        return {"user": person.json(), "status": "left"}
    if chat.is_private or person.id not in chat.admins:
        return {"user": person.json(), "status": "member"}
    return {"user": person.json(), "status": "creator", "is_anonymous": False}


def pin_chat_message(request: Request) -> bool:
    """Bot API, pinChatMessage. The pin leaves a service message in the chat."""
    chat = writable_chat(request)
    _check_pin_right(chat)
    message = read_message(request, chat, "message to pin")
    if message.service is not None:
        raise bad_request("MESSAGE_ID_INVALID")
    if message.message_id in chat.pinned:
        return True
    request.count_message(chat)
    chat.pinned.append(message.message_id)
    request.world.publish(Pinned(chat, message.message_id))
    payload = request.world.json(message)
    notice = request.world.post(chat, Draft(request.bot, service=("pinned_message", payload)))
    request.world.tell_bots("message", request.world.json(notice), chat)
    return True


def unpin_chat_message(request: Request) -> bool:
    """Bot API, unpinChatMessage: the newest pin, when no message is named."""
    chat = writable_chat(request)
    _check_pin_right(chat)
    if "message_id" in request.params:
        message_id = read_message(request, chat, "message to unpin").message_id
    else:
        message_id = chat.pinned[-1] if chat.pinned else 0
    if message_id not in chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pinned.remove(message_id)
    request.world.publish(Pinned(chat, chat.pinned[-1] if chat.pinned else None))
    return True


def unpin_all_chat_messages(request: Request) -> bool:
    """Bot API, unpinAllChatMessages."""
    chat = writable_chat(request)
    _check_pin_right(chat)
    chat.pinned.clear()
    request.world.publish(Pinned(chat, None))
    return True


def _check_pin_right(chat: Chat) -> None:
    if not chat.is_private and chat.bot_role is not BotRole.ADMINISTRATOR:
        raise bad_request("not enough rights to manage pinned messages in the chat")


def create_forum_topic(request: Request) -> dict[str, Any]:
    """Bot API, createForumTopic. A new topic counts as a message."""
    chat = writable_chat(request)
    name = request.params.text("name").strip()
    if not chat.forum:
        raise bad_request("the chat is not a forum")
    if chat.bot_role is not BotRole.ADMINISTRATOR:
        raise bad_request("not enough rights to create a topic")
    if not 0 < len(name) <= MAX_TOPIC_NAME:
        raise bad_request("TOPIC_TITLE_EMPTY" if not name else "TOPIC_TITLE_TOO_LONG")
    color = request.params.integer("icon_color", DEFAULT_TOPIC_COLOR)
    if color not in TOPIC_COLORS:
        raise bad_request("invalid topic icon color specified")
    request.count_message(chat)
    opened = request.world.post(
        chat, Draft(request.bot, service=("forum_topic_created", {"name": name, "icon_color": color}))
    )
    chat.topics[opened.message_id] = name
    return {"message_thread_id": opened.message_id, "name": name, "icon_color": color}


def set_my_commands(request: Request) -> bool:
    """Bot API, setMyCommands."""
    commands = as_array(request.params.parsed("commands", "commands")) or []
    if len(commands) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    request.bot.commands[_scope(request)] = [_command(as_object(command) or {}) for command in commands]
    return True


def get_my_commands(request: Request) -> list[dict[str, str]]:
    """Bot API, getMyCommands."""
    return request.bot.commands.get(_scope(request), [])


def delete_my_commands(request: Request) -> bool:
    """Bot API, deleteMyCommands."""
    request.bot.commands.pop(_scope(request), None)
    return True


def _scope(request: Request) -> str:
    scope = as_object(request.params.parsed("scope", "BotCommandScope")) or {"type": "default"}
    return json.dumps([scope, request.params.text("language_code")], sort_keys=True)


def _command(source: dict[str, Any]) -> dict[str, str]:
    name = str(source.get("command", "")).removeprefix("/")
    description = str(source.get("description", ""))
    if not COMMAND_NAME.match(name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 0 < len(description) <= MAX_COMMAND_DESCRIPTION:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description}
