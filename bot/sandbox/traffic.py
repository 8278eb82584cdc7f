"""The traffic that the breakable service would have had: totals that grow by rate times elapsed time, exactly.

Nothing is simulated request by request. A change of the set points starts a new stretch; within a stretch every total
is a straight line, so any moment of the past can be asked for again.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp, log

BUCKET_BOUNDS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.65, 0.8, 1.0, 1.5, 2.5, 5.0)
"""Upper bounds of the latency histogram. The panel's presets are bounds themselves, so their P95 is met exactly."""
MEMORY_LIMIT_BYTES = 3_000_000_000
"""The limit of the container that the service pretends to run in."""
KEPT_STRETCHES = 10_000
_P95_OF_MEAN = log(20)
"""An exponential distribution has 95 % of its values below its mean times ln 20."""


@dataclass(frozen=True, slots=True)
class SetPoints:
    """How the service behaves. `cpu_ratio` is of one core; a service that is down serves nothing."""

    error_ratio: float = 0.0
    latency_p95: timedelta = timedelta(milliseconds=25)
    throughput_per_s: float = 6400.0
    memory_bytes: int = 1_900_000_000
    cpu_ratio: float = 0.41
    down: bool = False
    pqc_fallback: bool = False


@dataclass(frozen=True, slots=True)
class Totals:
    """Counters since the start. `buckets` are cumulative, one for each bound; the last bucket (+Inf) is `requests`."""

    good: float = 0.0
    failed: float = 0.0
    buckets: tuple[float, ...] = (0.0,) * len(BUCKET_BOUNDS_S)
    duration_s: float = 0.0
    cpu_s: float = 0.0

    @property
    def requests(self) -> float:
        """All requests, those that failed included."""
        return self.good + self.failed

    def grown(self, set_points: SetPoints, elapsed_s: float) -> "Totals":
        """These totals after so many more seconds at these set points."""
        if set_points.down:
            return self
        served = set_points.throughput_per_s * elapsed_s
        mean_s = set_points.latency_p95.total_seconds() / _P95_OF_MEAN
        return Totals(
            good=self.good + served * (1 - set_points.error_ratio),
            failed=self.failed + served * set_points.error_ratio,
            buckets=tuple(
                count + served * (1 - exp(-bound / mean_s))
                for count, bound in zip(self.buckets, BUCKET_BOUNDS_S, strict=True)
            ),
            duration_s=self.duration_s + served * mean_s,
            cpu_s=self.cpu_s + set_points.cpu_ratio * elapsed_s,
        )


@dataclass(frozen=True, slots=True)
class _Stretch:
    since: datetime
    totals: Totals
    set_points: SetPoints


class Traffic:
    """The service's past and present. The newest 10,000 changes are kept; what was before them is forgotten."""

    def __init__(self, set_points: SetPoints, at: datetime) -> None:
        self._stretches = [_Stretch(at, Totals(), set_points)]

    @property
    def began(self) -> datetime:
        """The earliest moment that can be asked for."""
        return self._stretches[0].since

    def change(self, set_points: SetPoints, at: datetime) -> None:
        """From this moment on the service behaves so. A moment before the last change counts as that of the change."""
        at = max(at, self._stretches[-1].since)
        self._stretches.append(_Stretch(at, self.totals_at(at), set_points))
        del self._stretches[:-KEPT_STRETCHES]

    def totals_at(self, at: datetime) -> Totals:
        """The counters at a moment since the beginning."""
        stretch = self._stretch(at)
        return stretch.totals.grown(stretch.set_points, max(0.0, (at - stretch.since).total_seconds()))

    def set_points_at(self, at: datetime) -> SetPoints:
        """How the service behaved at a moment since the beginning."""
        return self._stretch(at).set_points

    def _stretch(self, at: datetime) -> _Stretch:
        return self._stretches[max(0, bisect_right(self._stretches, at, key=lambda stretch: stretch.since) - 1)]
