"""What Telegram said to a call, as what it means for the message. Pure.

By what was said, not by the class of the error: in python-telegram-bot a BadRequest is a NetworkError.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from telegram.error import (
    BadRequest,
    ChatMigrated,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.error import Forbidden as ForbiddenError

from bot.delivery.transport import LostAnswerError, RefusedConnectionError


class Scope(Enum):
    """Whom a 429 makes wait."""

    CHAT = "chat"
    """That chat; others go on."""
    ALL = "all"
    """The bot: the call concerned no chat."""


@dataclass(frozen=True, slots=True)
class Sent:
    """It is there. `chat` is where it really went: another one after a migration."""

    chat: int
    message: int


@dataclass(frozen=True, slots=True)
class Done:
    """The call had its effect; there is no message to remember."""


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The message shows this already."""


@dataclass(frozen=True, slots=True)
class Later:
    """429: not taken; try again after that time."""

    after: timedelta
    scope: Scope


@dataclass(frozen=True, slots=True)
class Forbidden:
    """The bot may not write there: never started, blocked, kicked, no rights."""

    reason: str


@dataclass(frozen=True, slots=True)
class Migrated:
    """The group is a supergroup now, with another id."""

    to: int


@dataclass(frozen=True, slots=True)
class MessageGone:
    """The message to edit or delete is no longer there, or can no longer be changed."""


@dataclass(frozen=True, slots=True)
class Refused:
    """400: our mistake; the same again would be refused again. `markup`: the text's tags were the trouble."""

    reason: str
    markup: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may have arrived: the connection broke, or no answer came, after the request was sent."""

    reason: str


@dataclass(frozen=True, slots=True)
class NotReached:
    """It did not arrive: no connection, or Telegram is out of order (5xx), or does not take our token (401)."""

    reason: str


Outcome = Sent | Done | Unchanged | Later | Forbidden | Migrated | MessageGone | Refused | Unknown | NotReached

_GONE = (
    "message to edit not found",
    "message to delete not found",
    "message can't be edited",
    "message can't be deleted",
    "message identifier is not specified",
    "message_id_invalid",
)
_MAY_NOT_WRITE = (
    "chat not found",
    "user not found",
    "user is deactivated",
    "peer_id_invalid",
    "chat_write_forbidden",
    "have no rights to send",
    "not enough rights to send",
    "bot was kicked",
    "need administrator rights in the channel chat",
    "topic_closed",
)
_MARKUP = ("can't parse entities", "unsupported start tag", "can't find end tag", "unexpected end tag")


def classify(error: TelegramError, *, chat: int | None) -> Outcome:
    """What an error means. `chat` is the one the call concerned, None when it concerned none."""
    match error:
        case RetryAfter():
            return Later(_duration(error.retry_after), Scope.ALL if chat is None else Scope.CHAT)
        case ChatMigrated():
            return Migrated(error.new_chat_id)
        case ForbiddenError():
            return Forbidden(error.message)
        case BadRequest():
            return _of_bad_request(error.message)
        case _:
            return _of_no_ruling(error)


def _duration(retry_after: timedelta | int) -> timedelta:
    """What python-telegram-bot gives depends on PTB_TIMEDELTA."""
    return retry_after if isinstance(retry_after, timedelta) else timedelta(seconds=retry_after)


def _of_bad_request(message: str) -> Outcome:
    """Telegram tells its 400s apart by their description alone."""
    said = message.lower()
    if "message is not modified" in said:
        return Unchanged()
    if any(words in said for words in _GONE):
        return MessageGone()
    if any(words in said for words in _MAY_NOT_WRITE):
        return Forbidden(message)
    return Refused(message, markup=any(words in said for words in _MARKUP))


def _of_no_ruling(error: TelegramError) -> Outcome:
    """Telegram did not rule on the message: it answered with a status of trouble (5xx, 401), or not at all."""
    if isinstance(error, LostAnswerError):
        return Unknown(error.message)
    if isinstance(error, TimedOut) and not isinstance(error, RefusedConnectionError):
        return Unknown(error.message)
    if "entity too large" in error.message.lower():
        return Refused(error.message)
    return NotReached(error.message)
