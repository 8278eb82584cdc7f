"""Each row of the rollback matrix before the whole bot: a real Prometheus whose samples are written, and a clock."""

import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.acting_events import TriggerFired
from bot.domain.plan import Plan, Trigger, TriggerMode
from bot.settings import load_plan
from tests.flows.staging import Staging, plan_of, told
from tests.house import House
from tests.written_prometheus import Samples, free_port, openmetrics, prometheus, questions_asked, write_samples

BUILT_IN = load_plan()
assert BUILT_IN.rollback is not None
ROWS = [row for row in BUILT_IN.rollback.triggers if row.metric is not None]
CRITICAL = "error-rate-critical"
STEP_S = 15
HOUR_S = 3600
SOON_S = 300
"""From now: when a figure that could be read is lost."""
HOLDS = {
    CRITICAL: 0.12,
    "latency-critical": 0.51,
    "service-down": 0,
    "error-rate-elevated": 0.072,
    "latency-elevated": 0.3,
    "pqc-fallback": 1,
    "memory-exhaustion": 0.95,
}
"""A value inside of each row's band, and of no other row's."""
HEALTHY = {"error_rate": 0, "latency_p95": 0.03, "service_up": 1, "pqc_fallback": 0, "memory_ratio": 0.4}
SOME_LOOKS = 40
"""Questions of a few looks at the matrix."""
WHO = {"on_call": ("anna", "on-call or above"), "team_lead": ("boris", "Team Lead or above")}


def steadily(value: float | str, now: int, since: int = HOUR_S, until: int = -HOUR_S) -> Samples:
    """A value every 15 seconds, from and until so many seconds before now."""
    return dict.fromkeys(range(now - since, now - until + 1, STEP_S), value)


def named(name: str) -> str:
    """The name of a gauge."""
    return name.replace("-", "_")


def gauges(now: int) -> Mapping[str, Samples]:
    """What is written: each row's breach, healthy figures, and breaches that nobody can be sure of."""
    breach = steadily(HOLDS[CRITICAL], now)
    return {
        **{f"healthy_{metric}": steadily(value, now) for metric, value in HEALTHY.items()},
        **{f"held_{named(row)}": steadily(value, now) for row, value in HOLDS.items()},
        "gap": {at: value for at, value in breach.items() if not 40 < now - at < 260},
        "half_undefined": {**breach, **steadily("NaN", now, since=120, until=60)},
        "undefined": {**steadily(0, now, until=-SOON_S), **steadily("NaN", now, since=-SOON_S)},
        "vanished": steadily(0, now, until=-SOON_S),
        "never_defined": steadily("NaN", now),
    }


def plan_watching(staging: Staging, metric: str, query: str) -> Plan:
    """The matrix's metrics are healthy, but for one."""
    plan = plan_of(staging.action)
    queries = {name: f"healthy_{name}" for name in HEALTHY} | {metric: query}
    metrics = {
        name: known.model_copy(update={"query": queries[name]})
        for name, known in plan.metrics.items()
        if name in queries
    }
    classification = plan.classification.model_copy(update={"rules": ()})
    return plan.model_copy(update={"metrics": metrics, "classification": classification})


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Prometheus with all of it, also what is to come within an hour."""
    folder = tmp_path_factory.mktemp("matrix")
    now = int(time.time())
    write_samples(folder, {name: openmetrics(name, samples) for name, samples in gauges(now).items()})
    with prometheus(folder) as url:
        yield url


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
async def test_a_row_that_holds(row: Trigger, written: str, staging: Staging, tmp_path: Path) -> None:
    """An automatic row rolls back once; any other asks whoever the written plan names, and nothing runs."""
    plan = plan_watching(staging, row.metric or "", f"held_{named(row.name)}")
    async with House(tmp_path / "bot", plan, prometheus_url=written) as house:
        if row.mode is TriggerMode.AUTO:
            await house.responders.wait_for(told("✅ INC-1", "exit status 0"), timeout=30)
        else:
            key, who = WHO[row.authority]
            await house.responders.wait_for(told("roll back?", f"Decides: {who}."), timeout=30)
            page = await house.person(key).private.wait_for("your decision is asked")
            assert page.has_button("Approve")
            assert ("SEV-1" in page.text) is (row.mode is TriggerMode.IMMEDIATE)
        await house.settle()
        fired = [event.trigger for event in await house.bot.store.load("INC-1") if isinstance(event, TriggerFired)]
        assert fired == [row.name]
        assert staging.runs == (1 if row.mode is TriggerMode.AUTO else 0)
        assert len(await house.bot.desk.open_incidents()) == 1


@pytest.mark.parametrize(
    ("query", "said"), [("gap", "samples"), ("half_undefined", "samples"), ("sum(", "parse error")]
)
async def test_a_breach_that_nobody_can_be_sure_of(
    query: str, said: str, written: str, staging: Staging, tmp_path: Path
) -> None:
    """A gap or NaN within its time, or a query that is refused: nothing runs, and humans hear once, with the reason."""
    async with House(tmp_path / "bot", plan_watching(staging, "error_rate", query), prometheus_url=written) as house:
        await humans_are_told(house, said)
        assert staging.runs == 0


@pytest.mark.parametrize(("query", "said"), [("undefined", "no finite number"), ("vanished", "nothing")])
async def test_a_figure_that_is_lost(query: str, said: str, written: str, staging: Staging, tmp_path: Path) -> None:
    """It could be read, and then it is NaN, or its series is gone: nothing runs, and humans hear once."""
    async with House(tmp_path / "bot", plan_watching(staging, "error_rate", query), prometheus_url=written) as house:
        await house.until(lambda: is_read(house))
        assert not await house.bot.desk.open_incidents()
        await house.pass_time(timedelta(seconds=SOON_S + HOUR_S // 4))
        await humans_are_told(house, said)
        assert staging.runs == 0


@pytest.mark.parametrize("query", ["never_defined", "no_such_series"])
async def test_a_figure_that_never_was_read(query: str, written: str, staging: Staging, tmp_path: Path) -> None:
    """A matter of the set-up: the responders are told once, nobody is paged, and nothing runs."""
    async with House(tmp_path / "bot", plan_watching(staging, "error_rate", query), prometheus_url=written) as house:
        await house.responders.wait_for("can't read Error rate", timeout=30)
        await house.settle()
        assert not await house.bot.desk.open_incidents()
        assert staging.runs == 0


async def humans_are_told(house: House, said: str) -> None:
    """Wait until the thread and on-call know that a rule can't be told; no rule has fired."""
    message = await house.responders.wait_for(told("can't tell whether these rules hold", said), timeout=30)
    assert CRITICAL.replace("-", " ") in message.text
    await house.person("anna").private.wait_for("INC-1")
    await house.settle()
    kinds = await house.kinds()
    assert (kinds.count("trigger_unclear"), kinds.count("trigger_fired")) == (1, 0)


async def test_prometheus_restarts_in_the_middle_of_a_breach(staging: Staging, tmp_path: Path) -> None:
    """While it is away and while it lacks samples nothing runs and humans are told once; then it rolls back once."""
    now, port = int(time.time()), free_port()
    holds = HOLDS[CRITICAL]
    errors = {
        **steadily(0, now, until=195),
        **steadily(holds, now, since=180, until=0),
        **steadily(holds, now, since=-540),
    }
    healthy = {f"healthy_{metric}": steadily(value, now) for metric, value in HEALTHY.items()}
    samples: Mapping[str, Samples] = {**healthy, "errors": errors}
    write_samples(tmp_path, {name: openmetrics(name, written) for name, written in samples.items()})
    house = House(
        tmp_path / "bot", plan_watching(staging, "error_rate", "errors"), prometheus_url=f"http://127.0.0.1:{port}"
    )
    with ExitStack() as running:
        running.enter_context(prometheus(tmp_path, port=port))
        async with house:
            await house.until(lambda: is_read(house))
            assert not await house.bot.desk.open_incidents(), "it has not held for its time"
            running.close()
            await house.responders.wait_for(told("can't tell whether these rules hold", "can't be reached"), timeout=30)
            await house.pass_time(timedelta(minutes=10))
            running.enter_context(prometheus(tmp_path, port=port))
            again = await house.responders.wait_for("can tell again", timeout=30)
            assert CRITICAL.replace("-", " ") not in again.text, "there are samples missing within its time"
            assert staging.runs == 0
            await house.pass_time(timedelta(minutes=5))
            await house.responders.wait_for(told("✅ INC-1", "exit status 0"), timeout=30)
            await house.settle()
            kinds = await house.kinds()
            assert (kinds.count("trigger_unclear"), kinds.count("trigger_fired"), staging.runs) == (1, 1, 1)


async def test_the_clock_moves_while_the_bot_is_away_in_the_middle_of_a_breach(
    staging: Staging, tmp_path: Path
) -> None:
    """A breach that came to its time meanwhile is not missed; further absences, and its end, run nothing again."""
    now = int(time.time())
    errors = {
        **steadily(0, now, until=195),
        **steadily(HOLDS[CRITICAL], now, since=180, until=-30 * 60),
        **steadily(0, now, since=-30 * 60 - STEP_S),
    }
    healthy = {f"healthy_{metric}": steadily(value, now) for metric, value in HEALTHY.items()}
    samples: Mapping[str, Samples] = {**healthy, "errors": errors}
    write_samples(tmp_path, {name: openmetrics(name, written) for name, written in samples.items()})
    with prometheus(tmp_path) as url:
        house = House(tmp_path / "bot", plan_watching(staging, "error_rate", "errors"), prometheus_url=url)
        async with house:
            await house.until(lambda: is_read(house))
            assert not await house.bot.desk.open_incidents(), "three minutes of five"
            for minutes, cleared in ((10, 0), (15, 0), (10, 1)):
                await house.stop_bot()
                await house.pass_time(timedelta(minutes=minutes))
                await house.start_bot()
                await house.responders.wait_for(told("✅ INC-1", "exit status 0"), timeout=30)
                await looked_again(house, url)
                kinds = await house.kinds()
                assert (kinds.count("trigger_fired"), staging.runs) == (1, 1)
                assert kinds.count("trigger_cleared") == cleared
            assert len(await house.bot.desk.open_incidents()) == 1


async def looked_again(house: House, url: str) -> None:
    """Wait until the matrix was looked at a few times more, by the questions that Prometheus was asked."""
    before = await questions_asked(url)

    async def enough() -> bool:
        return await questions_asked(url) > before + SOME_LOOKS

    await house.until(enough)


async def is_read(house: House) -> bool:
    """Whether the bot has read its metrics."""
    await house.bot.looking.readings.look()
    return "error_rate" in house.bot.looking.readings.values()
