"""What can be asked about a status update that was put off."""

from dataclasses import dataclass

from bot.domain.actors import Actor


@dataclass(frozen=True, slots=True)
class ExplainSnooze:
    """Say why the update was put off."""

    by: Actor
    reason: str
