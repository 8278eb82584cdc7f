"""What can be asked about whether the holder is still on it."""

from dataclasses import dataclass

from bot.domain.actors import Actor


@dataclass(frozen=True, slots=True)
class GiveSign:
    """I am still on it. Also what the holder does in an incident that is kept nowhere else, such as looking at it."""

    by: Actor
