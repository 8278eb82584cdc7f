"""What the metrics say: a figure, its history, whether a breach has held, and where it is heading.

Empty, stale, NaN and errors are *unknown*, with a reason for people. Prometheus itself is asked whether a breach has
held for its time, so the answer survives a restart of the bot.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import isfinite
from typing import Final

from bot.domain.measures import Trend, trend_of
from bot.domain.plan import Metric
from bot.engine.prometheus import Prometheus
from bot.engine.samples import Sample, Unknown, UnknownReason
from bot.views.charts.model import Series, Side

FRESH_FOR = timedelta(minutes=2)
"""A scrape interval is at most a minute by common practice; two missed scrapes are a stale figure."""
SUBQUERY_STEP = timedelta(seconds=15)
"""How densely a window is checked; Prometheus's usual scrape interval."""
FEWEST_CHECKS = 5
"""A short window is checked at least this often."""
MOST_POINTS = 2000
"""Of a series in a range: more than a picture has columns, and far below Prometheus's limit of 11,000."""
MOST_SERIES = 20
TREND_POINTS = 30
NAME_CHARACTERS = 40
_MARKER: Final = "nabat_statistic"


@dataclass(frozen=True, slots=True)
class Known:
    """A figure in the metric's unit, and the moment it is of."""

    value: float
    at: datetime


Reading = Known | Unknown


@dataclass(frozen=True, slots=True)
class HeldFor:
    """A window without a gap. `worst` is the sample nearest to being healthy again: if it breaks the bound, all do.

    `best` is the one farthest out, for rules with an upper bound (`up_to`).
    """

    worst: float
    best: float
    samples: int
    expected: int


class Evidence:
    """Reads a plan's metrics. `fresh_for` is how old a sample may be and still count as now."""

    def __init__(self, prometheus: Prometheus, fresh_for: timedelta = FRESH_FOR) -> None:
        self._prometheus = prometheus
        self._fresh_for = fresh_for

    async def read(self, metric: Metric, at: datetime) -> Reading:
        """The metric's value at a moment."""
        fresh = await self._prometheus.instant(_only_fresh(metric.query, self._fresh_for), at, self._fresh_for)
        if fresh and not isinstance(fresh, Unknown):
            return _figure(fresh)
        # Nothing fresh, or no vector: the bare query tells which, and its errors are about what the plan says.
        bare = await self._prometheus.instant(metric.query, at)
        if isinstance(bare, Unknown):
            return bare
        if not bare:
            return Unknown(UnknownReason.EMPTY, "the query returned nothing")
        if isinstance(fresh, Unknown):
            return _figure(bare)
        return Unknown(UnknownReason.STALE, f"the last sample is older than {_seconds(self._fresh_for)}")

    async def read_range(
        self, metric: Metric, start: datetime, end: datetime, step: timedelta
    ) -> tuple[Series, ...] | Unknown:
        """The metric's history, one `Series` for each of Prometheus's; NaN samples are gaps. Steps are widened to fit.

        At most 20 series come back, those with the highest latest values.
        """
        widest = max(step, timedelta(seconds=1), (end - start) / MOST_POINTS)
        answer = await self._prometheus.over(_only_fresh(metric.query, self._fresh_for), start, end, widest)
        if isinstance(answer, Unknown) and answer.reason is UnknownReason.ERROR:
            # A scalar has no timestamps; and an error is best told of the query as the plan has it.
            answer = await self._prometheus.over(metric.query, start, end, widest)
        if isinstance(answer, Unknown):
            return answer
        if not answer:
            return Unknown(UnknownReason.EMPTY, "the query returned nothing in this time")
        kept = sorted(answer, key=_latest, reverse=True)[:MOST_SERIES]
        names = _names([sample.labels for sample in kept], metric.title)
        return tuple(Series(name, _with_gaps(sample)) for name, sample in zip(names, kept, strict=True))

    async def worst_over(self, metric: Metric, window: timedelta, side: Side, at: datetime) -> HeldFor | Unknown:
        """How far a breach on this side has held over the window before `at`; a window of zero asks for that moment.

        One query brings the extremes and the number of samples, so that they are of the same evaluation. A window
        that lacks samples (a scrape failed, the service was silent) is unknown: nobody can say that it held.
        """
        if window <= timedelta(0):
            reading = await self.read(metric, at)
            return HeldFor(reading.value, reading.value, 1, 1) if isinstance(reading, Known) else reading
        step = _subquery_step(window)
        answer = await self._prometheus.instant(
            _window_query(_only_fresh(metric.query, self._fresh_for), window, step), at, self._fresh_for
        )
        if isinstance(answer, Unknown):
            return answer
        return _held(answer, side, window // step)

    async def trend(self, metric: Metric, over: timedelta, at: datetime) -> Trend | Unknown:
        """Where the metric has been heading over the time before `at`."""
        answer = await self._prometheus.over(
            metric.query, at - over, at, max(over / TREND_POINTS, timedelta(seconds=1))
        )
        if isinstance(answer, Unknown):
            return answer
        if len(answer) > 1:
            return _many(len(answer))
        values = [value for sample in answer for _, value in sample.points]
        return trend_of(values) or Unknown(UnknownReason.EMPTY, "too few samples for a trend")


def _figure(samples: Sequence[Sample]) -> Reading:
    if len(samples) > 1:
        return _many(len(samples))
    sampled_s, value = samples[0].points[-1]
    if not isfinite(value):
        return Unknown(UnknownReason.NAN, "the query returned no finite number")
    return Known(value, datetime.fromtimestamp(sampled_s, UTC))


def _only_fresh(query: str, fresh_for: timedelta) -> str:
    """The query without samples older than `fresh_for`, which Prometheus would stretch over its five minutes.

    `timestamp` knows a plain selector's own time; of an expression it says the evaluation's. There `lookback_delta`
    does the same, on servers that have it (2.43 and later ignore nothing older; earlier ones ignore the setting).
    """
    return f"(({query}\n) and (timestamp({query}\n) >= time() - {fresh_for.total_seconds():g}))"


def _many(count: int) -> Unknown:
    return Unknown(UnknownReason.MANY_SERIES, f"the query returned {count} series where one is wanted")


def _seconds(duration: timedelta) -> str:
    return f"{duration.total_seconds():g} s"


def _subquery_step(window: timedelta) -> timedelta:
    """A whole number of milliseconds that fits the window at least five times."""
    step = min(SUBQUERY_STEP, window / FEWEST_CHECKS)
    return max(timedelta(milliseconds=step // timedelta(milliseconds=1)), timedelta(milliseconds=1))


def _window_query(query: str, window: timedelta, step: timedelta) -> str:
    """Lowest, highest and number of the finite samples, told apart by a label.

    The comparison drops NaN, which the extremes would ignore and the count would not.
    """
    span = f"[{window // timedelta(milliseconds=1)}ms:{step // timedelta(milliseconds=1)}ms]"
    finite = f"(({query}\n) > -Inf < Inf)"
    marked = (
        f'label_replace({name}_over_time({finite}{span}), "{_MARKER}", "{name}", "", "")'
        for name in ("min", "max", "count")
    )
    return "\nor\n".join(marked)


def _held(answer: Sequence[Sample], side: Side, expected: int) -> HeldFor | Unknown:
    found: dict[str, list[float]] = {}
    for sample in answer:
        found.setdefault(sample.labels.get(_MARKER, ""), []).append(sample.points[-1][1])
    counts = found.get("count", [])
    if not counts:
        return Unknown(UnknownReason.EMPTY, "the query returned nothing in this time")
    if len(counts) > 1:
        return _many(len(counts))
    samples = int(counts[0])
    if samples < expected:
        return Unknown(UnknownReason.GAPS, f"only {samples} of {expected} samples in this time")
    lowest, highest = found["min"][0], found["max"][0]
    worst, best = (lowest, highest) if side is Side.ABOVE else (highest, lowest)
    return HeldFor(worst, best, samples, expected)


def _latest(sample: Sample) -> float:
    value = sample.points[-1][1]
    return value if isfinite(value) else float("-inf")


def _with_gaps(sample: Sample) -> tuple[tuple[float, float | None], ...]:
    return tuple((at, value if isfinite(value) else None) for at, value in sample.points)


def _names(labels: Sequence[Mapping[str, str]], title: str) -> tuple[str, ...]:
    """What tells the series apart: the labels in which they differ; the metric's title for a single one."""
    telling = sorted(
        {name for each in labels for name in each if len({other.get(name) for other in labels}) > 1} - {"__name__"}
    )
    return tuple(
        (", ".join(each[name] for name in telling if name in each) or title)[:NAME_CHARACTERS] for each in labels
    )
