"""Entities that a call brings instead of markup."""

from typing import Any

import pytest

from tests.sandbox.conftest import RESPONDERS, Caller


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"type": "text_link", "url": "e.org"}, {"type": "text_link", "url": "http://e.org/"}),
        ({"type": "pre", "language": "sh"}, {"type": "pre", "language": "sh"}),
        (
            {"type": "date_time", "unix_time": 5, "date_time_format": "wDT"},
            {"type": "date_time", "unix_time": 5, "date_time_format": "wDT"},
        ),
        ({"type": "custom_emoji", "custom_emoji_id": "7"}, {"type": "custom_emoji", "custom_emoji_id": "7"}),
        ({"type": "spoiler"}, {"type": "spoiler"}),
        (
            {"type": "text_mention", "user": {"id": 1001}},
            {
                "type": "text_mention",
                "user": {
                    "id": 1001,
                    "is_bot": False,
                    "first_name": "Anna",
                    "username": "anna",
                    "language_code": "en",
                },
            },
        ),
        ({"type": "text_link", "url": "http://localhost"}, None),
        ({"type": "text_mention", "user": {"id": 5}}, None),
        ({"type": "url"}, None),
    ],
)
async def test_given_entities_are_kept(given: dict[str, Any], kept: dict[str, Any] | None, call: Caller) -> None:
    """An entity is kept with what belongs to its type, unless it leads nowhere or Telegram finds it by itself."""
    reply = await call("sendMessage", chat_id=RESPONDERS, text="abc d", entities=[{**given, "offset": 0, "length": 3}])
    expected = [] if kept is None else [{**kept, "offset": 0, "length": 3}]
    assert reply.result.get("entities", []) == expected


@pytest.mark.parametrize(
    ("entity", "reason"),
    [
        ({"type": "bold", "offset": 9, "length": 1}, "entity begins after the end of the text at UTF-16 offset 9"),
        (
            {"type": "bold", "offset": 0, "length": 1},
            "entity beginning at UTF-16 offset 0 ends in a middle of a UTF-16 symbol",
        ),
        (
            {"type": "date_time", "offset": 0, "length": 2},
            "can't parse MessageEntity: Can't find field \"unix_time\"",
        ),
        (
            {"type": "date_time", "offset": 0, "length": 2, "unix_time": 5, "date_time_format": "x"},
            "can't parse MessageEntity: Invalid date-time format specified",
        ),
        (
            {"type": "bold", "offset": "0"},
            'can\'t parse MessageEntity: Field "offset" and "length" must be of type Number',
        ),
        ("bold", "can't parse MessageEntity: expected an Object"),
    ],
)
async def test_a_wrong_entity_is_refused(entity: Any, reason: str, call: Caller) -> None:
    """An entity outside the text, across half a letter, or without its fields refuses the message."""
    reply = await call("sendMessage", chat_id=RESPONDERS, text="🔴 x", entities=[entity])
    assert reply.description == f"Bad Request: {reason}"
