"""What the plan's metrics read now: looked at steadily, so that nobody who asks has to wait for Prometheus."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import structlog

from bot.domain.measures import Trend
from bot.domain.plan import Metric, Plan
from bot.engine.evidence import Evidence, Known, Reading
from bot.engine.samples import Unknown
from bot.views.damage import Reading as Measured

LOOK_EVERY_S = 15.0
"""Prometheus's usual scrape interval: looking more often would show the same figures."""

KEPT_FOR = timedelta(minutes=1)
"""A figure that is older is not shown: the card says nothing rather than something old."""

TREND_OVER = timedelta(minutes=10)

log = structlog.get_logger(__name__)


class Readings:
    """The last look at every metric. `now` is the time that Prometheus is asked about."""

    def __init__(self, evidence: Evidence, plan: Plan, now: Callable[[], datetime]) -> None:
        self._evidence = evidence
        self._plan = plan
        self._now = now
        self._seen: dict[str, Known] = {}
        self._trends: dict[str, Trend] = {}

    async def run(self) -> None:
        """Look until cancelled. A look that fails is an unknown figure, and the next one may succeed."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_EVERY_S)

    async def look(self) -> Mapping[str, Reading]:
        """Read every metric now, side by side."""
        at = self._now()
        names = tuple(self._plan.metrics)
        readings = await asyncio.gather(*(self._evidence.read(self._plan.metrics[name], at) for name in names))
        found = dict(zip(names, readings, strict=True))
        self._seen = {name: reading for name, reading in found.items() if isinstance(reading, Known)}
        await self._look_where_they_head(at)
        return found

    async def _look_where_they_head(self, at: datetime) -> None:
        names = tuple(self._seen)
        trends = await asyncio.gather(*(self._trend(self._plan.metrics[name], at) for name in names))
        self._trends = {name: trend for name, trend in zip(names, trends, strict=True) if trend is not None}

    async def _trend(self, metric: Metric, at: datetime) -> Trend | None:
        trend = await self._evidence.trend(metric, TREND_OVER, at)
        return None if isinstance(trend, Unknown) else trend

    def measured(self) -> tuple[Measured, ...]:
        """The figures that are fresh enough to be shown, in the plan's order."""
        fresh = {name: known.value for name, known in self._seen.items() if self._fresh(known)}
        return tuple(Measured(name, value, self._trends.get(name)) for name, value in fresh.items())

    def values(self) -> Mapping[str, float]:
        """The same as bare values, for the plan's classification."""
        return {name: known.value for name, known in self._seen.items() if self._fresh(known)}

    def trend(self, metric: str) -> Trend | None:
        """Where a metric is heading; None where that is not known."""
        return self._trends.get(metric)

    def _fresh(self, known: Known) -> bool:
        return self._now() - known.at <= KEPT_FOR
