"""What was measured over an incident's time, for its document: each metric's course, and the picture of them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from bot.domain.plan import Metric
from bot.views.charts.model import Series


@dataclass(frozen=True, slots=True)
class Extreme:
    """A value in the metric's unit, and the moment it is of, UTC."""

    at: datetime
    value: float


@dataclass(frozen=True, slots=True)
class Course:
    """A metric of the plan by its name there, and what Prometheus kept of it: at least one point."""

    name: str
    metric: Metric
    series: tuple[Series, ...]

    @property
    def worst(self) -> Extreme:
        """The point farthest from health, the first of several; of a metric without a target the highest."""
        return self._worst_of(self.points)

    def at_the_end(self, end: datetime, step: timedelta) -> float | None:
        """The worst of the series' values at `end`; None where the last ones are more than two steps older."""
        last_s = max(at for at, _ in self.points)
        if last_s < (end - 2 * step).timestamp():
            return None
        return self._worst_of([(at, value) for at, value in self.points if at == last_s]).value

    @property
    def points(self) -> list[tuple[float, float]]:
        """The points of all series that are no gap."""
        return [(at, value) for one in self.series for at, value in one.points if value is not None]

    def _worst_of(self, points: list[tuple[float, float]]) -> Extreme:
        low_is_bad = self.metric.target is not None and self.metric.target.above is not None
        at, value = min(points, key=lambda point: (point[1] if low_is_bad else -point[1], point[0]))
        return Extreme(datetime.fromtimestamp(at, UTC), value)


@dataclass(frozen=True, slots=True)
class Measured:
    """The courses of the metrics that matter to an incident, from `start` to `end` every `step`.

    `png` is the picture of them; None where there is none now.
    """

    start: datetime
    end: datetime
    step: timedelta
    courses: tuple[Course, ...]
    png: bytes | None = None


class Unmeasured(StrEnum):
    """Why a document shows no metrics."""

    READING = "reading"
    """They are being read: the text does not wait for them."""
    UNREADABLE = "unreadable"
    NOTHING_KEPT = "nothing_kept"


@dataclass(frozen=True, slots=True)
class NotMeasured:
    """There are no metrics to show; `detail` says more to people, and holds nothing secret."""

    why: Unmeasured
    detail: str = ""
