"""The metrics over an incident's time, for its document: from a real Prometheus with a written past."""

import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.commands import Declare
from bot.domain.decide import Decided, open_incident
from bot.domain.incident import Incident
from bot.domain.plan import Metric, Plan, Target, Unit, plan_digest
from bot.domain.rules import Rules
from bot.engine.charting import Charting
from bot.engine.courses import Courses
from bot.engine.evidence import Evidence
from bot.engine.prometheus import Prometheus
from bot.settings import load_plan
from bot.views.charts.process import ChartWorker
from bot.views.postmortem.measured import Extreme, Measured, NotMeasured, Unmeasured
from tests.evidence.conftest import AT
from tests.views.scenes import ANNA, ENGLISH, ROSTER, alert

HALF_AN_HOUR = timedelta(minutes=30)


def metric(query: str, below: float | None = None, above: float | None = None) -> Metric:
    """A metric of this query."""
    target = None if below is None and above is None else Target(below=below, above=above)
    return Metric(title=query, query=query, unit=Unit.RATIO, target=target)


def rules_of(**metrics: Metric) -> Rules:
    """The built-in plan with these metrics instead of its own, and no matrix."""
    plan: Plan = load_plan().model_copy(update={"metrics": metrics, "rollback": None})
    return Rules(plan, plan_digest(plan), ROSTER)


def an_incident(rules: Rules, declared: datetime = AT - HALF_AN_HOUR, *, over: bool = True) -> Incident:
    """An incident of half an hour, or one that goes on."""
    decided = open_incident(rules, "INC-7", Declare(by=ANNA, title="Payments fail", severity="SEV-2"), declared)
    assert isinstance(decided, Decided)
    return replace(decided.incident, resolved_at=declared + HALF_AN_HOUR if over else None)


@asynccontextmanager
async def courses(url: str | None, worker: ChartWorker | None = None) -> AsyncGenerator[Courses]:
    """What reads and draws them, beside a Prometheus."""
    worker, prometheus = worker or ChartWorker(), Prometheus(url)
    evidence = Evidence(prometheus)
    try:
        yield Courses(evidence, Charting(evidence, worker, lambda: AT), has_metrics=url is not None)
    finally:
        prometheus.close()
        await worker.stop()


async def found(url: str | None, rules: Rules, incident: Incident, *, drawn: bool = False) -> object:
    """What is found of an incident, an hour after the moment of the written past."""
    async with courses(url) as reader:
        return await reader.of(rules, incident, ENGLISH, AT + timedelta(hours=1), drawn=drawn)


async def test_the_metrics_that_broke_their_bounds_are_read_and_drawn(written_past: str) -> None:
    """From ten minutes before the declaration to ten after the end; a healthy metric and an absent one are left out."""
    rules = rules_of(
        calm=metric("steady", below=0.5),
        errors=metric("steady", below=0.1),
        gone=metric("no_such_metric"),
        rising=metric("rising", above=4000),
    )
    measured = await found(written_past, rules, an_incident(rules), drawn=True)
    assert isinstance(measured, Measured)
    assert measured.start == AT - timedelta(minutes=40)
    assert timedelta(0) <= AT + timedelta(minutes=10) - measured.end < measured.step
    assert [course.name for course in measured.courses] == ["errors", "rising"]
    assert measured.courses[1].worst == Extreme(measured.start, 1200.0)
    assert measured.png is not None
    assert measured.png.startswith(b"\x89PNG")


async def test_where_nothing_broke_the_plans_first_metrics_are_shown(written_past: str) -> None:
    """An incident with calm metrics is documented as such, by two of them."""
    rules = rules_of(a=metric("steady", below=0.5), b=metric("rising"), c=metric("steady", below=0.9))
    measured = await found(written_past, rules, an_incident(rules))
    assert isinstance(measured, Measured)
    assert [course.name for course in measured.courses] == ["a", "b"]
    assert measured.png is None


async def test_the_bound_of_a_row_stands_in_for_a_target(written_past: str) -> None:
    """A metric without a target, such as whether a service is up, is outside where a row of the matrix says so."""
    plan = load_plan()
    assert plan.rollback is not None
    rows = tuple(row for row in plan.rollback.triggers if row.name == "pqc-fallback")
    metrics = {"a": metric("rising"), "b": metric("rising"), "pqc_fallback": metric("steady")}
    plan = plan.model_copy(update={"metrics": metrics, "rollback": plan.rollback.model_copy(update={"triggers": rows})})
    rules = Rules(plan, plan_digest(plan), ROSTER)
    measured = await found(written_past, rules, an_incident(rules))
    assert isinstance(measured, Measured)
    assert [course.name for course in measured.courses] == ["a", "pqc_fallback"]


async def test_an_open_incident_is_measured_until_now_and_from_its_alert(written_past: str) -> None:
    """The first alert's own start counts, up to an hour before the declaration; what has not happened yet does not."""
    rules = rules_of(errors=metric("steady"))
    incident = an_incident(rules, over=False)
    for started, first in ((timedelta(minutes=5), timedelta(minutes=5)), (timedelta(days=400), timedelta(hours=1))):
        early = alert("High").model_copy(update={"starts_at": incident.declared_at - started})
        told = replace(incident, alerts={"a": early})
        async with courses(written_past) as reader:
            measured = await reader.of(rules, told, ENGLISH, AT, drawn=False)
        assert isinstance(measured, Measured)
        began = incident.declared_at - first
        lead = max(timedelta(minutes=10), (AT - began) * 0.15)
        assert abs(measured.start - (began - lead)) < timedelta(seconds=1)
        assert measured.end <= AT


async def test_a_time_of_which_nothing_is_kept_is_told_from_a_server_that_is_away(written_past: str) -> None:
    """Nothing kept; a query that is none; nobody there; and no Prometheus at all: each is its own answer."""
    rules = rules_of(errors=metric("steady"))
    long_ago = an_incident(rules, AT - timedelta(days=90))
    assert await found(written_past, rules, long_ago) == NotMeasured(Unmeasured.NOTHING_KEPT)
    broken = rules_of(errors=metric("sum("))
    unreadable = await found(written_past, broken, an_incident(broken))
    assert isinstance(unreadable, NotMeasured)
    assert unreadable.why is Unmeasured.UNREADABLE
    assert "refused" in unreadable.detail
    away = await found("http://127.0.0.1:1", rules, an_incident(rules))
    assert away == NotMeasured(Unmeasured.UNREADABLE, "Prometheus can't be reached")
    assert await found(None, rules, an_incident(rules)) is None
    assert await found(written_past, rules_of(), an_incident(rules)) is None


async def test_a_server_that_hangs_is_asked_one_question() -> None:
    """The document gets its answer within the time of one: the rollback matrix needs the same few threads."""
    rules = rules_of(**{f"m{number}": metric("steady") for number in range(6)})
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        answer = await found(f"http://127.0.0.1:{deaf.getsockname()[1]}", rules, an_incident(rules))
        assert isinstance(answer, NotMeasured)
        assert answer.why is Unmeasured.UNREADABLE
        deaf.setblocking(False)
        deaf.accept()[0].close()
        with pytest.raises(BlockingIOError):
            deaf.accept()


async def test_figures_come_also_when_nothing_can_be_drawn(written_past: str) -> None:
    """A worker that has too much to draw costs the document its picture, not its figures."""
    rules = rules_of(errors=metric("steady", below=0.1))
    async with courses(written_past, ChartWorker(most_waiting=0)) as reader:
        measured = await reader.of(rules, an_incident(rules), ENGLISH, AT)
    assert isinstance(measured, Measured)
    assert measured.courses[0].worst.value == 0.12
    assert measured.png is None
