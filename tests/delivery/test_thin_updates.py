"""What is left of an update before python-telegram-bot makes objects of it."""

import json
from typing import Any

import pytest
from telegram import CallbackQuery, Update
from telegram.error import TelegramError

from bot.delivery.thin_updates import PollRequest, thin, under

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


def pressed(message: dict[str, Any]) -> CallbackQuery:
    """The query of a press under this message, as the handlers get it."""
    query = Update.de_json(thin({"update_id": 1, "callback_query": {**QUERY, "message": message}})).callback_query
    assert query is not None
    return query


def test_a_press_keeps_what_it_is_understood_by() -> None:
    """Who pressed what, under which message, and which message that one answers; not its text and keyboard."""
    query = pressed(CARD)
    assert (query.id, query.from_user.id, query.data) == ("q", 1001, "1:ack:INC-1")
    place = under(query)
    assert place is not None
    assert (place.chat.id, place.chat.type, place.message) == (-1001, "supergroup", 7)
    assert place.written is not None
    assert place.written.text == "/ack"
    assert query.message is None


def test_a_card_replies_to_no_message() -> None:
    """Then there is none that was answered."""
    place = under(pressed({name: part for name, part in CARD.items() if name != "reply_to_message"}))
    assert place is not None
    assert place.written is None


@pytest.mark.parametrize(
    "message", [{"message_id": 7}, {"chat": CHAT}, {"chat": "x", "message_id": 7}, {"chat": CHAT, "message_id": "7"}]
)
def test_a_place_that_makes_no_sense_is_none(message: dict[str, Any]) -> None:
    """The press is then answered as one on a stale button."""
    assert under(pressed(message)) is None


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
