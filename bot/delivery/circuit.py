"""Telegram is out of reach: one message tries, the rest wait. Pure; times are seconds of a monotonic clock."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import random

FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 30.0
FAILURES_TO_OPEN = 3
"""One failed call may be that call's own bad luck; three in a row with no answer between are Telegram's."""


def backoff_s(failures: int, chance: Callable[[], float] = random) -> float:
    """Seconds to wait after so many failures in a row: doubled each time up to the cap, half of it left to chance."""
    longest = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** min(failures - 1, 16))
    return longest * (0.5 + chance() / 2)


@dataclass(slots=True)
class Circuit:
    """Counts calls in a row, over all chats, that got no answer."""

    chance: Callable[[], float] = field(default=random)
    failures: int = 0
    failed_probes: int = 0
    probe_at_s: float = 0.0

    @property
    def is_open(self) -> bool:
        """Whether only a probe may go, and that from `probe_at_s` on."""
        return self.failures >= FAILURES_TO_OPEN

    def failed(self, now_s: float, *, probe: bool) -> None:
        """A call got no answer. Calls that left before the circuit opened say nothing new."""
        if self.is_open and not probe:
            return
        self.failures += 1
        if self.is_open:
            self.failed_probes += 1
            self.probe_at_s = now_s + backoff_s(self.failed_probes, self.chance)

    def answered(self) -> bool:
        """Telegram said something. True when that ends an outage."""
        was_open = self.is_open
        self.failures = self.failed_probes = 0
        return was_open
