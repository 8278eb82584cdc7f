"""Presses on the summary of a storm: all incidents of one service at once.

The service travels as a digest of its name, which can be long or hostile, and is looked for among what is open when
it is pressed. `first` and `last` are the ends of what the summary showed: nobody acts on what they have not seen.
"""

from dataclasses import dataclass
from typing import NewType

ServiceKey = NewType("ServiceKey", str)
"""`bot.domain.service_groups.ServiceGroup.key`."""


@dataclass(frozen=True, slots=True)
class AckService:
    """I have all of these."""

    service: ServiceKey
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class AskToMerge:
    """Ask whether these are to become one."""

    service: ServiceKey
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class MergeService:
    """Yes, they are a part of `into`, as the question said."""

    service: ServiceKey
    into: str
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class KeepApart:
    """No, they stay as they are."""


OnStorm = AckService | AskToMerge | MergeService | KeepApart
"""Presses on a storm's summary, and on the question that follows."""
