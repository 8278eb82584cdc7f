"""What was measured and looked at: metrics against their targets, health checks, and the words around a chart."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.incident import Incident
from bot.domain.measures import Trend, Verdict, compare, format_measured, format_target
from bot.domain.plan import Metric, Plan, Trigger
from bot.views import browsing_presses
from bot.views.charts.model import Mark, MarkKind
from bot.views.damage import arrow
from bot.views.html import Line, Piece, bold, joined, message, text
from bot.views.keyboard import Rows, pressing, signed
from bot.views.plan_words import of_plan
from bot.views.rendered import Rendered
from bot.views.times import clock, duration
from bot.views.translations import Words

RANGES: tuple[timedelta, ...] = (
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(hours=24),
)
"""How far back a chart may look; a button carries the index."""
RANGE_NAMES = ("15m", "1h", "6h", "24h")
"""As the command takes them."""
USUAL_RANGE = 1

_SIGNS = {Verdict.GOOD: "🟢", Verdict.BAD: "🔴", Verdict.UNKNOWN: "⚪️"}
_REASON_LIMIT = 120


@dataclass(frozen=True, slots=True)
class Figure:
    """A metric as it was read; without a value `reason` says why it is unknown."""

    metric: Metric
    value: float | None
    trend: Trend | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """What a health check found; `reason` is empty when all is well."""

    name: str
    ok: bool
    took: timedelta
    reason: str = ""


def metrics(words: Words, figures: Sequence[Figure], now: datetime) -> Rendered:
    """Every metric of the plan against its target. What can't be read is unknown, never green."""
    if not figures:
        return Rendered(message([Line(words("The plan names no metrics."))]))
    head = bold(words("📊 Metrics, {time}", time=clock(words, now, now)))
    return Rendered(message([Line(head), *(Line(_figure(words, figure), 1) for figure in figures)]))


def _figure(words: Words, figure: Figure) -> Piece:
    title = of_plan(words, figure.metric.title)
    if figure.value is None:
        why = text(figure.reason, _REASON_LIMIT)
        return joined((text(_SIGNS[Verdict.UNKNOWN]), words("{metric}: unknown, {why}", metric=title, why=why)), " ")
    verdict = compare(figure.value, figure.metric.target)
    sign = "🔵" if figure.metric.target is None else _SIGNS[verdict]
    value = bold(text(format_measured(figure.metric, figure.value, words.language)))
    target = format_target(figure.metric, words.language)
    bound = text(f"({target})") if target else Piece()
    heading = text(arrow(figure.trend)) if figure.trend else Piece()
    return joined((text(sign), title, value, heading, bound), " ")


def health(words: Words, checks: Sequence[Check], now: datetime) -> Rendered:
    """What the plan's health checks found just now."""
    if not checks:
        return Rendered(message([Line(words("The plan names no health checks."))]))
    well = sum(check.ok for check in checks)
    count = words("{well} of {all} well", well=well, all=len(checks))
    head = joined((words("🩺 Health, {time}", time=clock(words, now, now)), count))
    return Rendered(message([Line(bold(head)), *(Line(_check(words, check), 1) for check in checks)]))


def _check(words: Words, check: Check) -> Piece:
    if check.ok:
        took = words("{ms} ms", ms=round(check.took.total_seconds() * 1000))
        return joined((text("🟢"), text(check.name), took), " ")
    return words("🔴 {check}: {why}", check=text(check.name), why=text(check.reason, _REASON_LIMIT))


def chart(
    words: Words, plan: Plan, names: Sequence[str], chosen: int, incident: Incident | None, png: bytes
) -> Rendered:
    """A picture with what it shows, and the ranges as buttons."""
    what = joined([of_plan(words, plan.metrics[name].title) for name in names], ", ")
    span = words("last {length}", length=duration(words, RANGES[chosen]))
    whose = text(incident.id) if incident else Piece()
    caption = message([Line(joined((whose, what, span)))])
    return Rendered(caption, _ranges(words, plan, names, chosen, incident), photo=png, silent=True)


def no_chart(words: Words, why: str) -> Rendered:
    """There is no picture now."""
    return Rendered(message([Line(words("No chart: {why}", why=text(why, _REASON_LIMIT)))]))


def _ranges(words: Words, plan: Plan, names: Sequence[str], chosen: int, incident: Incident | None) -> Rows:
    about = incident.id if incident else None
    metric = list(plan.metrics).index(names[0]) if len(names) == 1 else None
    row = tuple(
        pressing(f"• {label}" if index == chosen else label, browsing_presses.ShowChart(about, metric, index))
        for index, label in enumerate(RANGE_NAMES)
    )
    return (row, (pressing(signed("🔄", words("Refresh")), browsing_presses.ShowChart(about, metric, chosen)),))


def decision_range(row: Trigger) -> int:
    """The range, by its index, that shows twice the time which a row must hold: what was before is part of it."""
    return next((index for index, span in enumerate(RANGES) if span >= 2 * row.for_), len(RANGES) - 1)


def marks_of(
    incident: Incident, words: Words, start: datetime, end: datetime, rollback: str | None = None
) -> tuple[Mark, ...]:
    """What happened to an incident within a chart's time; `rollback` is the action that counts as one."""
    ran = (run.started_at for run in incident.acting.runs if run.action == rollback)
    moments: Iterable[tuple[datetime | None, MarkKind, Piece]] = (
        (incident.declared_at, MarkKind.DECLARED, words("declared")),
        (incident.first_acknowledged_at, MarkKind.ACKNOWLEDGED, words("acknowledged")),
        *((at, MarkKind.ROLLBACK, words("rollback")) for at in ran),
        (incident.resolved_at, MarkKind.RESOLVED, words("resolved")),
    )
    return tuple(Mark(at, kind, label.plain) for at, kind, label in moments if at is not None and start <= at <= end)
