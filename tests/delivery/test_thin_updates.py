"""What is left of an update before python-telegram-bot makes objects of it."""

import json
from typing import Any

import pytest
from telegram import Update
from telegram.error import TelegramError

from bot.delivery.thin_updates import PollRequest, thin

CHAT = {"id": -1001, "type": "supergroup", "title": "Responders"}
PERSON = {"id": 1001, "is_bot": False, "first_name": "Anna"}
WRITTEN = {"message_id": 6, "date": 1, "chat": CHAT, "from": PERSON, "text": "/ack"}
CARD = {
    "message_id": 7,
    "date": 1,
    "chat": CHAT,
    "text": "SEV-1",
    "entities": [{"type": "bold", "offset": 0, "length": 5}],
    "reply_markup": {"inline_keyboard": [[{"text": "Ack", "callback_data": "1:ack:INC-1"}]]},
    "reply_to_message": WRITTEN,
}
QUERY = {"id": "q", "from": PERSON, "chat_instance": "c", "data": "1:ack:INC-1", "message": CARD}
PRESS: dict[str, Any] = {"update_id": 1, "callback_query": QUERY}


def test_a_press_keeps_what_it_is_understood_by() -> None:
    """Who pressed what, under which message, and which message that one answers; not its text and keyboard."""
    update = Update.de_json(thin(PRESS))
    query = update.callback_query
    assert query is not None
    assert (query.id, query.from_user.id, query.data) == ("q", 1001, "1:ack:INC-1")
    message = query.message
    assert message is not None
    assert (message.chat.id, message.message_id) == (-1001, 7)
    kept = thin(PRESS)["callback_query"]["message"]
    assert kept["reply_to_message"] == WRITTEN
    assert set(kept) == {"message_id", "date", "chat", "reply_to_message"}


@pytest.mark.parametrize(
    "update",
    [
        {"update_id": 2, "message": WRITTEN},
        {"update_id": 3, "callback_query": {**QUERY, "message": None}},
        {"update_id": 4, "callback_query": "nonsense"},
        {"update_id": 5, "callback_query": {**QUERY, "message": "nonsense"}},
    ],
)
def test_any_other_update_stays_as_it_is(update: dict[str, Any]) -> None:
    """A written message, a press without one, and what makes no sense."""
    assert thin(update) == update


def test_the_poll_brings_thin_updates() -> None:
    """Of an answer to getUpdates every update is thin; of any other answer nothing changes."""
    answer = PollRequest.parse_json_payload(json.dumps({"ok": True, "result": [PRESS]}).encode())
    assert answer["result"] == [thin(PRESS)]
    other = {"ok": True, "result": {"id": 1}}
    assert PollRequest.parse_json_payload(json.dumps(other).encode()) == other
    with pytest.raises(TelegramError):
        PollRequest.parse_json_payload(b"<html>")
