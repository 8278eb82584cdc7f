"""A press as it came, and what is answered to it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from telegram import Message

from bot.store.records import MessageRef
from handlers.askers import Asker


@dataclass(frozen=True, slots=True)
class Pressed:
    """A press as it came: who, under which message, and the id that makes it act once.

    `written` is what the message under the button replies to, if it does.
    """

    asker: Asker
    ref: MessageRef
    written: Message | None
    operation: str


@dataclass(frozen=True, slots=True)
class Reaction:
    """What the toast says, and what is done after it was shown."""

    toast: str
    then: Callable[[], Awaitable[None]] | None = None
