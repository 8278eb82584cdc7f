"""What can be asked of an incident about its cause and its fix."""

from dataclasses import dataclass

from bot.domain.actors import Actor


@dataclass(frozen=True, slots=True)
class NameCause:
    """This was the root cause."""

    by: Actor
    text: str


@dataclass(frozen=True, slots=True)
class DescribeFix:
    """This mended it."""

    by: Actor
    text: str


ResolvingCommand = NameCause | DescribeFix
