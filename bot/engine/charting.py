"""A chart of metrics over a time: read from Prometheus, marked with what happened to an incident, then drawn."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.incident import Incident
from bot.domain.plan import Metric, Plan, Target
from bot.engine.evidence import Evidence
from bot.engine.samples import Unknown, UnknownReason
from bot.views.charts.board import Board
from bot.views.charts.model import MOST_PANELS, Chart, Mark, Panel, Series, Side, Threshold
from bot.views.charts.process import ChartUnavailableError, ChartWorker
from bot.views.evidence import marks_of
from bot.views.plan_words import of_plan
from bot.views.translations import Words

POINTS = 180
"""Samples over the range: about two columns of a phone's picture each."""

DAY = timedelta(days=1)
_UNREACHABLE = {UnknownReason.NOT_CONFIGURED, UnknownReason.TIMEOUT, UnknownReason.ERROR}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a chart is to show: metrics of the plan by name, so far back, with an incident's marks if there is one.

    `bound` stands in for the targets of the metrics: that of a rule the chart is about.
    """

    metrics: tuple[str, ...]
    over: timedelta
    incident: Incident | None = None
    bound: Threshold | None = None


class Charting:
    """Makes pictures. `now` is the time that Prometheus is asked about."""

    def __init__(self, evidence: Evidence, worker: ChartWorker, now: Callable[[], datetime]) -> None:
        self._evidence = evidence
        self._worker = worker
        self._now = now

    async def picture(self, plan: Plan, wanted: Wanted, words: Words) -> bytes:
        """The chart as a PNG.

        Raises:
            ChartUnavailableError: it can't be drawn now; the message is for people.
        """
        end = self._now()
        names = wanted.metrics[:MOST_PANELS]
        marks = _marks(plan, wanted, words, end)
        panels = await asyncio.gather(*(self._panel(plan.metrics[name], wanted, words, end, marks) for name in names))
        title = wanted.incident.title if wanted.incident else plan.name
        return await self.drawn(Chart(title, tuple(panels)))

    async def drawn(self, chart: Chart) -> bytes:
        """A chart that was read already, as a PNG.

        Raises:
            ChartUnavailableError: it can't be drawn now; the message is for people.
        """
        return await self._worker.render(chart)

    async def board(self, board: Board) -> bytes:
        """A board of statistics as a PNG.

        Raises:
            ChartUnavailableError: it can't be drawn now; the message is for people.
        """
        return await self._worker.board(board)

    async def _panel(
        self, metric: Metric, wanted: Wanted, words: Words, end: datetime, marks: tuple[Mark, ...]
    ) -> Panel:
        start, step = end - wanted.over, wanted.over / POINTS
        today, yesterday = await asyncio.gather(
            self._evidence.read_range(metric, start, end, step),
            self._evidence.read_range(metric, start - DAY, end - DAY, step),
        )
        if isinstance(today, Unknown) and today.reason in _UNREACHABLE:
            raise ChartUnavailableError(today.detail)
        return Panel(
            title=of_plan(words, metric.title).plain,
            unit=metric.unit,
            series=() if isinstance(today, Unknown) else today,
            start=start,
            end=end,
            threshold=wanted.bound or threshold_of(metric.target),
            marks=marks,
            yesterday=alone(yesterday),
            timezone=words.zone,
            language=words.language,
        )


def alone(found: Sequence[Series] | Unknown) -> Series | None:
    """Yesterday's line where there is exactly one; several would be a tangle."""
    return None if isinstance(found, Unknown) or len(found) != 1 else found[0]


def threshold_of(target: Target | None) -> Threshold | None:
    """A target is what health looks like: its other side is the breach."""
    return None if target is None else bound_of(target.below, target.above)


def bound_of(above: float | None, below: float | None) -> Threshold | None:
    """The bound beyond which a value is a breach: above the one, or below the other."""
    if above is not None:
        return Threshold(above, Side.ABOVE)
    return Threshold(below, Side.BELOW) if below is not None else None


def _marks(plan: Plan, wanted: Wanted, words: Words, end: datetime) -> tuple[Mark, ...]:
    if wanted.incident is None:
        return ()
    return marks_of(wanted.incident, words, end - wanted.over, end, plan.rollback and plan.rollback.action)
