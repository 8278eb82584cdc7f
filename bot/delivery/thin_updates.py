"""A press without what nobody here reads: Telegram sends with each the whole message under the button.

python-telegram-bot makes objects of that message: of its keyboard and entities, and of a hundred empty fields. That
took over a third of the bot's own time for a press (measured with 1,000 at once, a card of seven buttons). So the place
of the button travels beside the query, as a field that python-telegram-bot does not know and hands on as it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from telegram import CallbackQuery, Chat, Message
from telegram.request import BaseRequest

from bot.delivery.transport import AiohttpRequest

_UNDER = "nabat_under"


@dataclass(frozen=True, slots=True)
class Under:
    """The message under a pressed button: where it is, and the message that it replies to, if it does."""

    chat: Chat
    message: int
    written: Message | None


def under(query: CallbackQuery) -> Under | None:
    """Where the button was; None for a button that was under no message (Bot API, `inline_message_id`)."""
    place = _part(query.api_kwargs, _UNDER)
    chat, message = _part(place, "chat"), place.get("message_id")
    if not isinstance(message, int) or not isinstance(chat.get("id"), int):
        return None
    written = _part(place, "reply_to_message")
    return Under(Chat(chat["id"], str(chat.get("type"))), message, Message.de_json(written) if written else None)


def thin(update: Mapping[str, Any]) -> dict[str, Any]:
    """An update of Telegram's (Bot API, Update) whose press, if it is one, tells its place to `under`."""
    query = _part(update, "callback_query")
    message = _part(query, "message")
    if not message:
        return dict(update)
    known = {name: part for name, part in query.items() if name != "message"}
    return {**update, "callback_query": {**known, _UNDER: message}}


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
