"""A press without what nobody here reads: Telegram sends with each the whole message under the button.

Making python-telegram-bot's objects of that message's keyboard and entities took a third of the bot's own time for a
press (measured with 1,000 at once, a card of seven buttons).
"""

from collections.abc import Mapping
from typing import Any, cast

from telegram.request import BaseRequest

from bot.delivery.transport import AiohttpRequest

_READ = frozenset({"message_id", "date", "chat", "message_thread_id", "reply_to_message"})
"""What a press is understood by: which message it was under, and which one that answers."""


def thin(update: Mapping[str, Any]) -> dict[str, Any]:
    """An update of Telegram's (Bot API, Update) with only what is read of the message under a pressed button."""
    query = _part(update, "callback_query")
    message = _part(query, "message")
    if not message:
        return dict(update)
    known = {name: part for name, part in message.items() if name in _READ}
    return {**update, "callback_query": {**query, "message": known}}


def _part(whole: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = whole.get(name)
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {}


class PollRequest(AiohttpRequest):
    """The transport of the long poll."""

    __slots__ = ()

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """An answer of Telegram's, its updates thin.

        Raises:
            TelegramError: It is no JSON.
        """
        answer: dict[str, Any] = BaseRequest.parse_json_payload(payload)
        result = answer.get("result")
        if isinstance(result, list):
            answer["result"] = [thin(update) for update in cast("list[dict[str, Any]]", result)]
        return answer
