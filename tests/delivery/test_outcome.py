"""What Telegram said, and what it means: by what was said, not by the class of the error."""

from datetime import timedelta

import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.error import Forbidden as ForbiddenError

from bot.delivery.outcome import (
    Forbidden,
    Later,
    MessageGone,
    Migrated,
    NotReached,
    Outcome,
    Refused,
    Scope,
    Unchanged,
    Unknown,
    classify,
)
from bot.delivery.transport import (
    AnswerTimedOutError,
    ConnectTimedOutError,
    LostAnswerError,
    RefusedConnectionError,
)


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (RetryAfter(7), Later(timedelta(seconds=7), Scope.CHAT)),
        (ChatMigrated(-100500), Migrated(-100500)),
        (ForbiddenError("Forbidden: bot was blocked by the user"), Forbidden("Forbidden: bot was blocked by the user")),
        (BadRequest("Bad Request: chat not found"), Forbidden("Chat not found")),
        (
            BadRequest("Bad Request: not enough rights to send text messages to the chat"),
            Forbidden("Not enough rights to send text messages to the chat"),
        ),
        (BadRequest("Bad Request: message is not modified: specified new message content…"), Unchanged()),
        (BadRequest("Bad Request: message to edit not found"), MessageGone()),
        (BadRequest("Bad Request: message can't be edited"), MessageGone()),
        (
            BadRequest("Bad Request: can't parse entities: Unsupported start tag"),
            Refused("Can't parse entities: unsupported start tag", markup=True),
        ),
        (BadRequest("Bad Request: message is too long"), Refused("Message is too long")),
        (NetworkError("Request Entity Too Large"), Refused("Request Entity Too Large")),
        (RefusedConnectionError("no"), NotReached("no")),
        (ConnectTimedOutError("no"), NotReached("no")),
        (NetworkError("Bad Gateway"), NotReached("Bad Gateway")),
        (NetworkError("Internal Server Error"), NotReached("Internal Server Error")),
        (InvalidToken("Unauthorized"), NotReached("Unauthorized")),
        (Conflict("Conflict"), NotReached("Conflict")),
        (LostAnswerError("broke"), Unknown("broke")),
        (AnswerTimedOutError("late"), Unknown("late")),
        (TimedOut("late"), Unknown("late")),
    ],
)
def test_each_answer_has_its_meaning(error: TelegramError, outcome: Outcome) -> None:
    """Every way in which Telegram or the network can answer is one outcome."""
    assert classify(error, chat=1001) == outcome


def test_a_429_without_a_chat_concerns_all() -> None:
    """Where a call concerns no chat, everybody waits."""
    assert classify(RetryAfter(3), chat=None) == Later(timedelta(seconds=3), Scope.ALL)
