"""What the doctor finds: one sentence, and what to do about it where there is something to do."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Well:
    """This works."""

    said: str


@dataclass(frozen=True, slots=True)
class Doubtful:
    """The bot runs, and something will be missing or go slower."""

    said: str
    advice: str


@dataclass(frozen=True, slots=True)
class Broken:
    """The bot can't do its work, or a part of it, until somebody acts."""

    said: str
    advice: str


@dataclass(frozen=True, slots=True)
class NotSetUp:
    """Nobody asked for this; `advice` tells what it would bring and how."""

    said: str
    advice: str


Finding = Well | Doubtful | Broken | NotSetUp
Findings = tuple[Finding, ...]
