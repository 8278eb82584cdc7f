"""Text messages: send, edit, delete, answer a press, react."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.sandbox.composing import (
    Request,
    read_caption,
    read_message,
    read_reply,
    read_text,
    read_thread,
    writable_chat,
)
from bot.sandbox.errors import NOT_MODIFIED, QUERY_TOO_OLD, bad_request
from bot.sandbox.events import Answered, Reacted, Typing
from bot.sandbox.keyboard import read_keyboard
from bot.sandbox.messages import Message
from bot.sandbox.params import as_array, as_object
from bot.sandbox.people import BotRole, Chat
from bot.sandbox.world import QUERY_LIVES_FOR, Answer, Draft

MAX_ANSWER_LETTERS = 200
"""Bot API, answerCallbackQuery: 0–200 characters."""
DELETABLE_FOR = timedelta(hours=48)
"""Bot API, deleteMessage: a message can only be deleted if it was sent less than 48 hours ago."""

CHAT_ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)


def send_message(request: Request) -> dict[str, Any]:
    """Bot API, sendMessage."""
    body = read_text(request)
    return send(request, Draft(request.bot, body))


def send(request: Request, draft: Draft) -> dict[str, Any]:
    """Puts a draft where the call wants it: chat, thread, reply, keyboard, silence."""
    keyboard = read_keyboard(request.params)
    chat = writable_chat(request)
    thread_id = read_thread(request, chat)
    reply_to = read_reply(request, chat)
    request.count_message(chat)
    silent = request.params.flag("disable_notification")
    message = request.world.post(
        chat, replace(draft, keyboard=keyboard, reply_to=reply_to, thread_id=thread_id, silent=silent)
    )
    return request.world.json(message)


def edit_message_text(request: Request) -> dict[str, Any]:
    """Bot API, editMessageText. Without `reply_markup` the keyboard goes."""
    body = read_text(request)
    keyboard = read_keyboard(request.params)
    message = editable_message(request)
    if message.is_media:
        raise bad_request("there is no text in the message to edit")
    return put_edit(request, message, replace(message, body=body, keyboard=keyboard))


def edit_message_caption(request: Request) -> dict[str, Any]:
    """Bot API, editMessageCaption."""
    caption = read_caption(request.params)
    keyboard = read_keyboard(request.params)
    message = editable_message(request)
    if not message.is_media:
        raise bad_request("there is no caption in the message to edit")
    return put_edit(request, message, replace(message, body=caption, keyboard=keyboard))


def edit_message_reply_markup(request: Request) -> dict[str, Any]:
    """Bot API, editMessageReplyMarkup."""
    keyboard = read_keyboard(request.params)
    message = editable_message(request)
    return put_edit(request, message, replace(message, keyboard=keyboard))


def editable_message(request: Request) -> Message:
    """The message of a call that edits.

    Raises:
        ApiError: it is gone, is a service message, or somebody else's.
    """
    chat = writable_chat(request)
    message = read_message(request, chat, "message to edit")
    if message.service is not None:
        raise bad_request("MESSAGE_ID_INVALID")
    if message.sender is not request.bot:
        raise bad_request("message can't be edited")
    return message


def put_edit(request: Request, old: Message, new: Message) -> dict[str, Any]:
    """Puts the edit in place, if it changes anything; it counts against the limits like a message."""
    if new.same_content(old):
        raise bad_request(NOT_MODIFIED)
    request.count_message(old.chat)
    edited = replace(new, edited=request.world.unix_now())
    request.world.replace(edited)
    return request.world.json(edited)


def delete_message(request: Request) -> bool:
    """Bot API, deleteMessage."""
    chat = writable_chat(request)
    message = read_message(request, chat, "message to delete")
    _check_deletable(request, chat, message)
    request.world.remove(message)
    return True


def delete_messages(request: Request) -> bool:
    """Bot API, deleteMessages: those that are not there are skipped."""
    chat = writable_chat(request)
    ids = as_array(request.params.parsed("message_ids", "message_ids"))
    if ids is None:
        raise bad_request("message identifiers are not specified")
    found = [chat.messages[message_id] for message_id in ids if message_id in chat.messages]
    for message in found:
        _check_deletable(request, chat, message)
    for message in found:
        request.world.remove(message)
    return True


def _check_deletable(request: Request, chat: Chat, message: Message) -> None:
    own = message.sender is request.bot
    if not (own or chat.is_private or chat.bot_role is BotRole.ADMINISTRATOR):
        raise bad_request("message can't be deleted")
    age = timedelta(seconds=request.world.unix_now() - message.date)
    if age >= DELETABLE_FOR and (own or chat.is_private):
        raise bad_request("message can't be deleted for everyone")


def answer_callback_query(request: Request) -> bool:
    """Bot API, answerCallbackQuery. The first answer is the one a person sees."""
    text = request.params.text("text")
    if len(text) > MAX_ANSWER_LETTERS:
        raise bad_request("MESSAGE_TOO_LONG")
    query = request.world.queries.get(request.params.text("callback_query_id"))
    if query is None or request.world.now() - query.at > QUERY_LIVES_FOR:
        raise bad_request(QUERY_TOO_OLD)
    if query.answer is None:
        query.answer = Answer(text, request.params.flag("show_alert"))
        request.world.publish(Answered(query.id, query.person, text, query.answer.alert))
    return True


def send_chat_action(request: Request) -> bool:
    """Bot API, sendChatAction."""
    if request.params.text("action") not in CHAT_ACTIONS:
        raise bad_request("wrong parameter action in request")
    request.world.publish(Typing(writable_chat(request)))
    return True


def set_message_reaction(request: Request) -> bool:
    """Bot API, setMessageReaction: one emoji at most, as a bot is no premium user."""
    chat = writable_chat(request)
    message = read_message(request, chat, "message to react")
    reactions = [as_object(one) or {} for one in as_array(request.params.parsed("reaction", "reaction types")) or []]
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    emoji: str | None = None
    if reactions:
        if reactions[0].get("type") != "emoji" or not reactions[0].get("emoji"):
            raise bad_request("REACTION_INVALID")
        emoji = str(reactions[0]["emoji"])
    if emoji is None:
        chat.reactions.pop(message.message_id, None)
    else:
        chat.reactions[message.message_id] = emoji
    request.world.publish(Reacted(chat, message.message_id, emoji))
    return True
