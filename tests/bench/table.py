"""What was measured, as a table: the bot, its rival, the ratio, the target, and whether it held."""

import os
import statistics
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

Round = Sequence[float]
"""Milliseconds of everything that was measured in one round."""


class Verdict(StrEnum):
    """Whether a target held."""

    HELD = "held"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Target:
    """At most so many milliseconds in the middle round, or at most so many times the rival's in the middle one."""

    most_ms: float | None = None
    most_times: float | None = None

    def __str__(self) -> str:
        return f"{self.most_ms:.0f} ms" if self.most_ms is not None else f"{self.most_times} x"


@dataclass(frozen=True, slots=True)
class Row:
    """A measure. `figure` says what of a round counts: the median of its presses, or the last of them."""

    name: str
    ours: Sequence[Round]
    rival: Sequence[Round]
    target: Target
    figure: Callable[[Round], float] = statistics.median

    @property
    def ratio(self) -> float:
        """The middle one of the rounds' ratios: both met the same load in a round."""
        pairs = zip(self.ours, self.rival, strict=True)
        return statistics.median(self.figure(ours) / self.figure(rival) for ours, rival in pairs)

    @property
    def verdict(self) -> Verdict:
        """What came of the target."""
        if self.target.most_times is not None:
            return Verdict.HELD if self.ratio <= self.target.most_times else Verdict.MISSED
        most_ms = self.target.most_ms or 0.0
        return Verdict.HELD if self._middle(self.ours) <= most_ms else Verdict.MISSED

    def cells(self) -> tuple[str, ...]:
        """The row as it is printed."""
        return (
            self.name,
            self._shown(self.ours),
            self._shown(self.rival),
            f"{self.ratio:.2f}",
            str(self.target),
            self.verdict.value,
        )

    def _best(self, rounds: Sequence[Round]) -> float:
        return min(map(self.figure, rounds))

    def _middle(self, rounds: Sequence[Round]) -> float:
        return statistics.median(map(self.figure, rounds))

    def _shown(self, rounds: Sequence[Round]) -> str:
        p95 = statistics.median(percentile(one, 95) for one in rounds)
        return f"{self._best(rounds):.1f} / {self._middle(rounds):.1f} / {p95:.1f}"


def percentile(values: Round, percent: int) -> float:
    """The value below which so many of 100 lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


HEADINGS = ("", "Nabat: best / median / p95, ms", "bare handler: the same", "ratio", "target", "")


def report(title: str, rows: Iterable[Row]) -> None:
    """Prints the table, and how busy the machine was."""
    cells = [HEADINGS, *(row.cells() for row in rows)]
    widths = [max(len(line[at]) for line in cells) for at in range(len(HEADINGS))]
    load, cores = os.getloadavg()[0], os.cpu_count()
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in cells]
    sys.stdout.write("\n".join(["", f"{title}; load {load:.1f} on {cores} cores", *lines, ""]))
