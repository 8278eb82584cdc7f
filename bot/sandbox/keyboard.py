"""Inline keyboards of a call, read as strictly as Telegram does."""

from collections.abc import Mapping
from typing import Any

from bot.sandbox.errors import bad_request
from bot.sandbox.links import checked_link, mentioned_user
from bot.sandbox.messages import Button, Keyboard
from bot.sandbox.params import Params, as_array, as_object

MAX_DATA_BYTES = 64
"""Bot API, InlineKeyboardButton: callback_data is 1–64 bytes."""
MAX_COPY_LETTERS = 256
"""Bot API, CopyTextButton: 1–256 characters."""
MAX_BUTTONS = 100
"""Observed at Telegram: more buttons in a keyboard are refused."""
STYLES = frozenset({"danger", "success", "primary"})
OTHER_ACTIONS = (
    "callback_game",
    "pay",
    "switch_inline_query",
    "switch_inline_query_chosen_chat",
    "switch_inline_query_current_chat",
    "login_url",
    "web_app",
)


def read_keyboard(params: Params) -> Keyboard:
    """The `reply_markup` of a call; empty when there is none or it is no inline keyboard.

    Raises:
        ApiError: the markup is broken, or a button is.
    """
    value = params.parsed("reply_markup", "reply keyboard markup")
    if value is None:
        return ()
    markup = as_object(value)
    if markup is None:
        raise bad_request("object expected as reply markup")
    rows = as_array(markup.get("inline_keyboard", []))
    if rows is None:
        raise bad_request('field "inline_keyboard" must be of type Array')
    keyboard = tuple(_read_row(row) for row in rows)
    if sum(map(len, keyboard)) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    return tuple(row for row in keyboard if row)


def _read_row(row: Any) -> tuple[Button, ...]:
    buttons = as_array(row)
    if buttons is None:
        raise bad_request('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    return tuple(_read_button(as_object(button)) for button in buttons)


def _read_button(source: Mapping[str, Any] | None) -> Button:
    if source is None:
        raise _broken_button("InlineKeyboardButton must be an Object")
    text = source.get("text")
    if not isinstance(text, str):
        raise _broken_button('Can\'t find field "text"')
    style = str(source.get("style") or "").lower()
    if style not in STYLES | {"", "default"}:
        raise _broken_button("invalid button style specified")
    if not text.strip():
        raise bad_request("inline keyboard button text must be non-empty")
    return _with_action(text, style if style in STYLES else None, source)


def _with_action(text: str, style: str | None, source: Mapping[str, Any]) -> Button:
    """Telegram takes the first action and drops the rest without a word; a test wants to hear of it."""
    actions = [name for name in ("url", "callback_data", "copy_text") if source.get(name)]
    actions += [name for name in OTHER_ACTIONS if name in source]
    if not actions:
        raise _broken_button("Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise _broken_button(f"exactly one action expected, found {' and '.join(actions)}")
    value = source[actions[0]]
    match actions[0]:
        case "url":
            return Button(text, url=_checked_url(str(value)), style=style)
        case "callback_data":
            return Button(text, data=_checked_data(str(value)), style=style)
        case "copy_text":
            return Button(text, copy=_checked_copy(value), style=style)
        case other:
            return Button(text, other=(other, value), style=style)


def _checked_url(url: str) -> str:
    if mentioned_user(url) is not None:
        return url
    link = checked_link(url)
    if link is None:
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    return link


def _checked_data(data: str) -> str:
    if len(data.encode()) > MAX_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    return data


def _checked_copy(value: Any) -> str:
    text = (as_object(value) or {}).get("text")
    if not isinstance(text, str) or not 0 < len(text) <= MAX_COPY_LETTERS:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    return text


def _broken_button(reason: str) -> Exception:
    return bad_request(f"can't parse inline keyboard button: {reason}")
