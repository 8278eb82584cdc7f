"""What is broken, in the reader's words: figures with their targets, how many alerts, of what, since when."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.alerts import service_of
from bot.domain.incident import Incident
from bot.domain.measures import Trend, Verdict, compare, format_measured, format_target
from bot.domain.plan import Metric
from bot.domain.rules import Rules
from bot.views.html import Piece, joined, text
from bot.views.plan_words import of_plan
from bot.views.times import clock, duration
from bot.views.translations import Words, listed

SERVICES_NAMED = 3
READINGS_SHOWN = 3
SERVICE_LIMIT = 40
METRIC_LIMIT = 40
_ARROWS = {Trend.RISING: "↑", Trend.FALLING: "↓", Trend.STEADY: ""}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a metric of the plan measured, in the metric's unit, and where it is heading if that is known."""

    metric: str
    value: float
    trend: Trend | None = None


def readings(words: Words, rules: Rules, measured: Iterable[Reading]) -> Piece:
    """`Error rate 7.2 % (target < 0.1 %) ↑ · Latency P95 430 ms (< 100 ms)`: what is outside of its target.

    A figure that is as it should be is no news on a card; `/metrics` has them all.
    """
    known = [(rules.plan.metrics.get(reading.metric), reading) for reading in measured]
    broken = [
        (metric, reading)
        for metric, reading in known
        if metric is not None and compare(reading.value, metric.target) is Verdict.BAD
    ][:READINGS_SHOWN]
    return joined(_reading(words, metric, reading, first=not index) for index, (metric, reading) in enumerate(broken))


def arrow(trend: Trend) -> str:
    """Where a value is heading, as a sign; nothing for one that stays where it is."""
    return _ARROWS[trend]


def alerts(words: Words, incident: Incident) -> Piece:
    """`3 alerts`, `2 of 3 alerts firing`, `all 3 alerts resolved`; nothing for an incident without alerts."""
    total, firing = len(incident.alerts), len(incident.firing)
    if not total:
        return Piece()
    if not firing:
        return words.plural("the alert has resolved", "all {n} alerts resolved", total)
    if firing == total:
        return words.plural("{n} alert", "{n} alerts", total)
    return words.plural("{firing} of {n} alert firing", "{firing} of {n} alerts firing", total, firing=firing)


def truncated(words: Words, count: int) -> Piece:
    """Says what the source left out."""
    if not count:
        return Piece()
    return words.plural(
        "{n} more alert was left out by the source", "{n} more alerts were left out by the source", count
    )


def services(words: Words, incident: Incident) -> Piece:
    """What is affected, by the alerts' labels; what the title says already is not said twice."""
    seen = (alert.labels for alert in incident.firing or tuple(incident.alerts.values()))
    named = dict.fromkeys(filter(None, (service_of(labels) for labels in seen)))
    fresh = [name for name in named if not _says(incident.title, name)]
    if not fresh:
        return Piece()
    shown = [text(name, SERVICE_LIMIT) for name in fresh[:SERVICES_NAMED]]
    rest = len(fresh) - len(shown)
    return listed([*shown, words("{n} more", n=rest)] if rest else shown)


def since(words: Words, incident: Incident, now: datetime) -> Piece:
    """`since 14:02 UTC, 6 min`."""
    began = began_at(incident)
    return words("since {time}, {length}", time=clock(words, began, now), length=duration(words, now - began))


def began_at(incident: Incident) -> datetime:
    """When it broke: the first alert's own start where that can be believed, else the declaration. UTC."""
    return incident.began_at


def _reading(words: Words, metric: Metric, reading: Reading, *, first: bool) -> Piece:
    value = format_measured(metric, reading.value, words.language)
    target = format_target(metric, words.language)
    shown = joined((of_plan(words, metric.title, METRIC_LIMIT), text(value)), " ")
    if target:
        bound = words("(target {target})", target=target) if first else text(f"({target})")
        shown = joined((shown, bound), " ")
    return joined((shown, text(arrow(reading.trend))), " ") if reading.trend else shown


def _says(title: str, name: str) -> bool:
    """Whether the title holds the name as a word: `api` is no part of `payments-api`."""
    return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", title, re.IGNORECASE) is not None
