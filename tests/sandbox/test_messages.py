"""Messages sent over HTTP: what is taken, and what is refused in which words."""

from typing import Any

import pytest

from bot.sandbox.driver import Driver
from tests.sandbox.conftest import ACK, RESPONDERS, Caller


async def test_a_message_is_shown_and_given_back(call: Caller, driver: Driver) -> None:
    """A sent message is in the chat, with its entities and buttons, and comes back as Telegram gives it."""
    reply = await call(
        "sendMessage",
        chat_id=RESPONDERS,
        text="<b>Down</b>",
        parse_mode="HTML",
        reply_markup=ACK,
        disable_notification=True,
    )
    assert reply.result["entities"] == [{"type": "bold", "offset": 0, "length": 4}]
    assert reply.result["reply_markup"] == ACK
    assert reply.result["chat"] == {"id": RESPONDERS, "type": "supergroup", "title": "Incidents"}
    shown = driver.chat("Incidents").last
    assert (shown.text, shown.buttons, shown.silent, shown.from_bot) == ("Down", ["Ack"], True, True)


@pytest.mark.parametrize(
    ("params", "status", "description"),
    [
        ({"chat_id": -7}, 400, "Bad Request: chat not found"),
        ({"chat_id": ""}, 400, "Bad Request: chat_id is empty"),
        ({"text": ""}, 400, "Bad Request: message text is empty"),
        ({"text": "<b> </b>"}, 400, "Bad Request: text must be non-empty"),
        ({"text": "x" * 4097}, 400, "Bad Request: message is too long"),
        ({"text": "🔴" * 2049}, 400, "Bad Request: message is too long"),
        ({"text": "<x>"}, 400, 'Bad Request: can\'t parse entities: Unsupported start tag "x" at byte offset 0'),
        ({"parse_mode": "wiki"}, 400, "Bad Request: unsupported parse_mode"),
        ({"reply_parameters": {"message_id": 99}}, 400, "Bad Request: message to be replied not found"),
        ({"chat_id": 1005}, 403, "Forbidden: bot can't initiate conversation with a user"),
        (
            {"parse_mode": "", "entities": [{"type": "bold", "offset": 0, "length": 9}]},
            400,
            "Bad Request: entity beginning at UTF-16 offset 0 ends after the end of the text at UTF-16 offset 9",
        ),
        (
            {"parse_mode": "", "entities": [{"type": "loud", "offset": 0, "length": 1}]},
            400,
            "Bad Request: can't parse MessageEntity: Unsupported type specified",
        ),
    ],
)
async def test_a_wrong_message_is_refused(params: dict[str, Any], status: int, description: str, call: Caller) -> None:
    """A message that Telegram would refuse is refused with its code and words."""
    reply = await call("sendMessage", **{"chat_id": RESPONDERS, "text": "hello", "parse_mode": "HTML", **params})
    assert (reply.status, reply.body["error_code"], reply.description) == (status, status, description)


async def test_length_counts_after_parsing(call: Caller) -> None:
    """Markup does not count against the 4096 units."""
    reply = await call("sendMessage", chat_id=RESPONDERS, text="<b>" + "x" * 4096 + "</b>", parse_mode="HTML")
    assert reply.body["ok"]


@pytest.mark.parametrize(
    ("button", "description"),
    [
        ({"text": "x", "callback_data": "é" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": "x"}, "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"),
        ({"text": " ", "callback_data": "a"}, "inline keyboard button text must be non-empty"),
        ({"callback_data": "a"}, "can't parse inline keyboard button: Can't find field \"text\""),
        (
            {"text": "x", "url": "http://localhost/"},
            "inline keyboard button URL 'http://localhost/' is invalid: Wrong HTTP URL",
        ),
        (
            {"text": "x", "callback_data": "a", "style": "huge"},
            "can't parse inline keyboard button: invalid button style specified",
        ),
        (
            {"text": "x", "callback_data": "a", "url": "https://e.org"},
            "can't parse inline keyboard button: exactly one action expected, found url and callback_data",
        ),
        ({"text": "x", "copy_text": {"text": ""}}, "BUTTON_COPY_TEXT_INVALID"),
    ],
)
async def test_a_wrong_button_is_refused(button: dict[str, Any], description: str, call: Caller) -> None:
    """A button needs a text, one action, and data of at most 64 bytes."""
    reply = await call("sendMessage", chat_id=RESPONDERS, text="x", reply_markup={"inline_keyboard": [[button]]})
    assert reply.description == f"Bad Request: {description}"


async def test_a_reply_shows_what_it_answers(call: Caller) -> None:
    """A reply carries the message as it stands now, and lenient calls go on without it."""
    first = (await call("sendMessage", chat_id=RESPONDERS, text="one")).result["message_id"]
    await call("editMessageText", chat_id=RESPONDERS, message_id=first, text="two")
    reply = await call("sendMessage", chat_id=RESPONDERS, text="x", reply_parameters={"message_id": first})
    assert reply.result["reply_to_message"]["text"] == "two"
    lenient = {"message_id": 99, "allow_sending_without_reply": True}
    assert (
        "reply_to_message"
        not in (await call("sendMessage", chat_id=RESPONDERS, text="x", reply_parameters=lenient)).result
    )
