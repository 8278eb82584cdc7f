"""Prometheus with every query of the plan, the plan's health checks, and Alertmanager."""

import asyncio
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

import aiohttp

from bot.doctor.findings import Broken, Doubtful, Finding, Findings, NotSetUp, Well
from bot.domain.measures import Verdict, compare, format_measured, format_target
from bot.domain.plan import HealthCheck, Metric, Plan
from bot.engine.evidence import Evidence, Known, Reading
from bot.engine.health import HealthResult, check_health
from bot.engine.prometheus import Prometheus
from bot.engine.samples import Unknown, UnknownReason

ANSWER_WITHIN: Final = timedelta(seconds=4)
ALL_WITHIN: Final = timedelta(seconds=8)
"""For all metrics together, and for all health checks."""

_WRONG: Final = frozenset({UnknownReason.ERROR, UnknownReason.MANY_SERIES})
"""Reasons that lie in the query; the others may pass by themselves."""


async def examine_metrics(plan: Plan, url: str | None) -> Findings:
    """A line for each metric: its figure now, or why there is none."""
    if url is None:
        advice = "Set NABAT_PROMETHEUS_URL; without it charts, metrics and metric triggers stay silent."
        return (NotSetUp("Prometheus", advice),)
    with closing(Prometheus(url, timeout=ANSWER_WITHIN)) as prometheus:
        now = datetime.now(UTC)
        greeting = await prometheus.instant("vector(1)", now)
        if isinstance(greeting, Unknown):
            return (Broken(f"{_host(url)}: {greeting.detail}", "Start it, or correct NABAT_PROMETHEUS_URL."),)
        readings = await _readings(Evidence(prometheus), plan, now)
    return (
        Well(f"Prometheus at {_host(url)} answers"),
        *(_metric(key, plan.metrics[key], reading) for key, reading in readings.items()),
    )


async def examine_health(http: aiohttp.ClientSession, checks: tuple[HealthCheck, ...]) -> Findings:
    """What the plan's health checks say now. That a service is ill is no fault of the bot's set-up."""
    if not checks:
        return (NotSetUp("health checks", "List addresses under health_checks in the plan, and /health asks them."),)
    try:
        async with asyncio.timeout(ALL_WITHIN.total_seconds()):
            results = await check_health(http, checks)
    except TimeoutError:
        within = f"{ALL_WITHIN.total_seconds():g} s"
        return (Doubtful(f"not all checks answered within {within}", "Give them shorter timeouts in the plan."),)
    return tuple(map(_health, results))


async def examine_alertmanager(http: aiohttp.ClientSession, url: str | None) -> Findings:
    """Whether silences could be made."""
    if url is None:
        return (NotSetUp("Alertmanager", "Set NABAT_ALERTMANAGER_URL to silence alerts with /silence."),)
    advice = "Start it, or correct NABAT_ALERTMANAGER_URL."
    try:
        async with (
            asyncio.timeout(ANSWER_WITHIN.total_seconds()),
            http.get(f"{url}/api/v2/status", allow_redirects=False) as answer,
        ):
            if answer.status == 200:  # noqa: PLR2004 - HTTP's OK
                return (Well(f"Alertmanager at {_host(url)} answers"),)
            return (Broken(f"{_host(url)}: HTTP {answer.status}", advice),)
    except TimeoutError:
        return (Broken(f"{_host(url)}: no answer within {ANSWER_WITHIN.total_seconds():g} s", advice),)
    except (aiohttp.ClientError, ValueError) as error:
        # The text of the error may hold the address with its password.
        return (Broken(f"{_host(url)} can't be reached ({type(error).__name__})", advice),)


async def _readings(evidence: Evidence, plan: Plan, now: datetime) -> dict[str, Reading]:
    tasks = {key: asyncio.ensure_future(evidence.read(metric, now)) for key, metric in plan.metrics.items()}
    if tasks:
        _, late = await asyncio.wait(tasks.values(), timeout=ALL_WITHIN.total_seconds())
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
    silent = Unknown(UnknownReason.TIMEOUT, f"no answer within {ALL_WITHIN.total_seconds():g} s")
    return {key: silent if task.cancelled() else task.result() for key, task in tasks.items()}


def _metric(key: str, metric: Metric, reading: Reading) -> Finding:
    if isinstance(reading, Known):
        target = format_target(metric)
        off = compare(reading.value, metric.target) is Verdict.BAD
        remark = f" ({'off its ' if off else ''}target {target})" if target else ""
        return Well(f"{key}: {format_measured(metric, reading.value)}{remark}")
    if reading.reason in _WRONG:
        return Broken(f"{key}: {reading.detail}", "Correct the query in the plan: it must yield one number.")
    if reading.reason is UnknownReason.TIMEOUT:
        return Broken(f"{key}: {reading.detail}", "Make the query cheaper: it is asked every few seconds.")
    return Doubtful(f"{key}: {reading.detail}", "Until it does, charts have a gap and its rules can't act.")


def _health(result: HealthResult) -> Finding:
    if result.ok:
        return Well(f"{result.name}: HTTP {result.status} in {result.took.total_seconds() * 1000:.0f} ms")
    return Doubtful(f"{result.name}: {result.reason}", "Look at the service, or correct health_checks in the plan.")


def _host(url: str) -> str:
    """Where it is, without a password."""
    parts = urlsplit(url)
    return parts.netloc.rpartition("@")[2]
