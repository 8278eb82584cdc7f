"""What passes between the bot and its chart worker: a length of four bytes, then a pickled message.

Both ends are this program; nothing from outside reaches the pipe but as text and numbers within a `Picture`.
"""

import pickle
from dataclasses import dataclass

from bot.views.charts.board import Board
from bot.views.charts.picture import Picture

LENGTH_BYTES = 4
MOST_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Ready:
    """The worker has loaded its fonts and drawn a first picture."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """An encoded picture."""

    png: bytes


@dataclass(frozen=True, slots=True)
class Failed:
    """This picture can't be drawn; the worker goes on."""

    reason: str


Message = Picture | Board | Ready | Drawn | Failed


def packed(message: Message) -> bytes:
    """A message with its length before it."""
    body = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    return len(body).to_bytes(LENGTH_BYTES, "big") + body


def length_of(prefix: bytes) -> int:
    """The length that stands before a message.

    Raises:
        ValueError: longer than any message; something else wrote to the pipe.
    """
    length = int.from_bytes(prefix, "big")
    if length > MOST_BYTES:
        raise ValueError("not a message of the chart worker")
    return length


def unpacked(body: bytes) -> Message:
    """The message of these bytes."""
    message: Message = pickle.loads(body)  # noqa: S301 - written by our own process at the other end of a private pipe
    return message
