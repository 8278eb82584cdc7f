"""What the metrics were over an incident's time, for its post-incident document: read, chosen, and drawn."""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil

import structlog

from bot.domain.incident import Incident
from bot.domain.plan import Metric, Plan
from bot.domain.rules import Rules
from bot.engine.charting import DAY, POINTS, Charting, alone, bound_of, threshold_of
from bot.engine.evidence import Evidence
from bot.engine.samples import Unknown, UnknownReason
from bot.views.charts.model import MOST_PANELS, Chart, Mark, Panel, Series, Side, Threshold
from bot.views.charts.process import ChartUnavailableError
from bot.views.evidence import marks_of
from bot.views.plan_words import of_plan
from bot.views.postmortem.measured import Course, Measured, NotMeasured, Unmeasured
from bot.views.translations import Words

log = structlog.get_logger(__name__)

READ_WITHIN = timedelta(seconds=10)
"""Two questions to a Prometheus that answers just within its own limit."""
LEAD = timedelta(minutes=10)
"""Of health before it began and after it ended, without which a picture says little."""
LEAD_SHARE = 0.15
"""The same for a long incident, as a share of its length."""
ALERT_LEAD = timedelta(hours=1)
"""How long before the declaration an alert's own start still counts: an older one is rather a mistake of its source."""
FEWEST = 2
"""Metrics that are shown though all kept their bounds: the first of the plan."""

_ABSENT = {UnknownReason.EMPTY, UnknownReason.STALE, UnknownReason.NAN}


@dataclass(frozen=True, slots=True)
class _Time:
    start: datetime
    end: datetime
    step: timedelta


class Courses:
    """Reads and draws them; without a Prometheus there is nothing to say of metrics."""

    def __init__(self, evidence: Evidence, charting: Charting, *, has_metrics: bool) -> None:
        self._evidence = evidence
        self._charting = charting
        self._has_metrics = has_metrics

    async def of(
        self, rules: Rules, incident: Incident, words: Words, now: datetime, *, drawn: bool = True
    ) -> Measured | NotMeasured | None:
        """The metrics around an incident as far as they are kept, with their picture if it is to be drawn.

        None without a Prometheus or metrics in the plan.
        """
        if not self._has_metrics or not rules.plan.metrics:
            return None
        time = _time_of(incident, now)
        try:
            async with asyncio.timeout(READ_WITHIN.total_seconds()):
                found = await self._read(rules.plan, time)
        except TimeoutError:
            found = NotMeasured(Unmeasured.UNREADABLE, "Prometheus did not answer in time")
        if isinstance(found, NotMeasured):
            return found
        measured = Measured(time.start, time.end, time.step, _chosen(rules.plan, incident, found))
        return await self._with_picture(rules.plan, incident, measured, words) if drawn else measured

    async def _read(self, plan: Plan, time: _Time) -> tuple[Course, ...] | NotMeasured:
        first, *others = plan.metrics
        answers = {first: await self._course(first, plan.metrics[first], time)}
        if not _hangs(answers[first]):
            # A server that does not answer one question is not asked the others: the rollback matrix asks it too.
            read = await asyncio.gather(*(self._course(name, plan.metrics[name], time) for name in others))
            answers.update(zip(others, read, strict=True))
        courses = tuple(answer for answer in answers.values() if isinstance(answer, Course))
        if courses:
            return courses
        silent = [answer for answer in answers.values() if isinstance(answer, Unknown) and answer.reason not in _ABSENT]
        return NotMeasured(Unmeasured.UNREADABLE, silent[0].detail) if silent else NotMeasured(Unmeasured.NOTHING_KEPT)

    async def _course(self, name: str, metric: Metric, time: _Time) -> Course | Unknown:
        found = await self._evidence.read_range(metric, time.start, time.end, time.step)
        if isinstance(found, Unknown):
            return found
        kept = tuple(series for series in found if any(value is not None for _, value in series.points))
        return Course(name, metric, kept) if kept else Unknown(UnknownReason.NAN, "no finite number")

    async def _with_picture(self, plan: Plan, incident: Incident, measured: Measured, words: Words) -> Measured:
        marks = marks_of(incident, words, measured.start, measured.end, plan.rollback and plan.rollback.action)
        panels = await asyncio.gather(
            *(self._panel(course, measured, _bound(plan, course.name), marks, words) for course in measured.courses)
        )
        try:
            return replace(measured, png=await self._charting.drawn(Chart(incident.title, tuple(panels))))
        except ChartUnavailableError as error:
            log.info("a document has no picture", incident=incident.id, reason=str(error))
            return measured

    async def _panel(
        self, course: Course, measured: Measured, bound: Threshold | None, marks: tuple[Mark, ...], words: Words
    ) -> Panel:
        start, end = measured.start, measured.end
        before: Series | None = None
        if end - start <= DAY:  # A longer time holds its own yesterday.
            before = alone(await self._evidence.read_range(course.metric, start - DAY, end - DAY, measured.step))
        return Panel(
            title=of_plan(words, course.metric.title).plain,
            unit=course.metric.unit,
            series=course.series,
            start=start,
            end=end,
            threshold=bound,
            marks=marks,
            yesterday=before,
            timezone=words.zone,
            language=words.language,
        )


def _time_of(incident: Incident, now: datetime) -> _Time:
    """From some time before the first sign to some time after the end, in whole seconds."""
    firsts = [alert.starts_at for alert in incident.alerts.values()]
    began = max(min([incident.declared_at, *firsts]), incident.declared_at - ALERT_LEAD)
    ended = incident.resolved_at or now
    lead = max(LEAD, (ended - began) * LEAD_SHARE)
    start, end = (began - lead).replace(microsecond=0), min(ended + lead, max(now, ended))
    step = timedelta(seconds=ceil((end - start) / POINTS / timedelta(seconds=1)))
    return _Time(start, start + (end - start) // step * step, step)


def _chosen(plan: Plan, incident: Incident, courses: tuple[Course, ...]) -> tuple[Course, ...]:
    """Those that broke their bounds and those that a decision was about, in the plan's order; else its first ones."""
    asked = {decision.trigger for decision in incident.acting.decisions}
    decided = {row.metric for row in (plan.rollback.triggers if plan.rollback else ()) if row.name in asked}
    telling = [course for course in courses if course.name in decided or _broke(course, _bound(plan, course.name))]
    rest = [course for course in courses if course not in telling]
    chosen = [*telling, *rest[: max(0, FEWEST - len(telling))]][:MOST_PANELS]
    return tuple(course for course in courses if course in chosen)


def _bound(plan: Plan, name: str) -> Threshold | None:
    """The metric's target; of one without, the bound of the first row of the matrix about it."""
    rows = plan.rollback.triggers if plan.rollback else ()
    of_rows = (bound_of(row.above, row.below) for row in rows if row.metric == name)
    return threshold_of(plan.metrics[name].target) or next(of_rows, None)


def _broke(course: Course, bound: Threshold | None) -> bool:
    if bound is None:
        return False
    values = [value for _, value in course.points]
    return max(values) > bound.value if bound.side is Side.ABOVE else min(values) < bound.value


def _hangs(answer: Course | Unknown) -> bool:
    return isinstance(answer, Unknown) and answer.reason is UnknownReason.TIMEOUT
