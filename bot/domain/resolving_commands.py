"""What can be asked of an incident about its cause, its fix, and whether that holds."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.actors import Actor
from bot.domain.measures import Verdict


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


@dataclass(frozen=True, slots=True)
class MetricLook:
    """One look at a metric. `held`: it was outside of its target for the whole of a sample window."""

    metric: str
    verdict: Verdict
    value: float | None = None
    held: bool = False


@dataclass(frozen=True, slots=True)
class ObserveFix:
    """The metrics under watch were looked at. `asked_at` is when they were asked for: what they say is of then."""

    by: Actor
    looks: tuple[MetricLook, ...]
    asked_at: datetime


ResolvingCommand = NameCause | DescribeFix
