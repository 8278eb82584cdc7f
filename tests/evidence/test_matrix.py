"""Every metric row of the built-in rollback matrix, at both sides of its threshold and of its time, by Prometheus."""

from collections.abc import Iterator

import pytest

from bot.domain.acting_commands import Breach, Clear
from bot.domain.plan import Metric, Trigger
from bot.engine.evidence import Evidence
from bot.engine.prometheus import Prometheus
from bot.engine.samples import Unknown
from bot.engine.watch import Watched, look
from bot.settings import load_plan
from tests.evidence.conftest import AT, series
from tests.written_prometheus import prometheus, write_samples

PLAN = load_plan()
assert PLAN.rollback is not None
ROWS = [row for row in PLAN.rollback.triggers if row.metric is not None]
BY_NAME = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
A_BIT = 0.001
STEP_S = 15


def named(row: Trigger, what: str) -> str:
    """The name of a written series."""
    return f"{row.name.replace('-', '_')}_{what}"


def inside(row: Trigger) -> float:
    """A value just inside of the row's band."""
    return row.below - A_BIT if row.below is not None else (row.above or 0) + A_BIT


def outside(row: Trigger) -> float:
    """The value at the threshold, which is just outside of it."""
    return row.below if row.below is not None else row.above or 0


def past_of(row: Trigger) -> dict[str, dict[int, float | str]]:
    """Series of gauges: seconds before `AT` to value."""
    span = int(row.for_.total_seconds())
    times = range(0, span + 601, STEP_S)
    long_enough = {before: inside(row) if before <= span else outside(row) for before in times}
    too_short = {before: inside(row) if before < max(span - STEP_S, 1) else outside(row) for before in times}
    past: dict[str, dict[int, float | str]] = {
        "held": {**long_enough},
        "short": {**too_short},
        "at": dict.fromkeys(times, outside(row)),
        "over": {**long_enough, 0: outside(row)},
        "gap": {before: value for before, value in long_enough.items() if not 30 < before < 240},
        "nan": {**long_enough, 0: "NaN"},
    }
    if row.up_to is not None:
        past["top"] = dict.fromkeys(times, row.up_to)
        past["beyond"] = dict.fromkeys(times, row.up_to + A_BIT)
        past["peak"] = {**long_enough, span // 30 * STEP_S: row.up_to + A_BIT}
    return past


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evidence]:
    """Evidence from a Prometheus that holds the past of every row."""
    folder = tmp_path_factory.mktemp("matrix")
    gauges = {
        named(row, what): series(named(row, what), values) for row in ROWS for what, values in past_of(row).items()
    }
    write_samples(folder, gauges)
    with prometheus(folder) as url:
        asked = Prometheus(url)
        yield Evidence(asked)
        asked.close()


def watched(row: Trigger, what: str) -> Watched:
    """The row, watching one of the written series."""
    metric = PLAN.metrics[row.metric or ""]
    return Watched(row, Metric(title=metric.title, query=named(row, what), unit=metric.unit))


@BY_NAME
async def test_a_breach_that_held_for_its_time_fires(evidence: Evidence, row: Trigger) -> None:
    """Just inside of the band for the whole of the row's time."""
    assert await look(evidence, watched(row, "held"), AT) == Breach(pytest.approx(inside(row)))  # pyright: ignore[reportUnknownMemberType, reportArgumentType] - untyped in pytest


@BY_NAME
async def test_the_threshold_itself_does_not_fire(evidence: Evidence, row: Trigger) -> None:
    """The band begins beyond its threshold; a value that has come back to it ends the breach."""
    assert await look(evidence, watched(row, "at"), AT) == Clear(outside(row))
    assert await look(evidence, watched(row, "over"), AT) == Clear(outside(row))


@pytest.mark.parametrize("row", [row for row in ROWS if row.for_], ids=lambda row: row.name)
async def test_a_shorter_breach_waits(evidence: Evidence, row: Trigger) -> None:
    """A few seconds less than the row's time: neither a breach nor its end."""
    assert await look(evidence, watched(row, "short"), AT) is None


@pytest.mark.parametrize("row", [row for row in ROWS if row.up_to], ids=lambda row: row.name)
async def test_a_band_has_an_upper_end(evidence: Evidence, row: Trigger) -> None:
    """The upper end is inside, what is beyond it is another row's; one peak beyond it breaks the row's time."""
    assert await look(evidence, watched(row, "top"), AT) == Breach(row.up_to or 0)
    assert isinstance(await look(evidence, watched(row, "beyond"), AT), Clear)
    assert await look(evidence, watched(row, "peak"), AT) is None


@BY_NAME
async def test_what_cannot_be_known_is_no_breach(evidence: Evidence, row: Trigger) -> None:
    """NaN, a missing series, and a gap within the time are unknown."""
    assert isinstance(await look(evidence, watched(row, "nan"), AT), Unknown)
    assert isinstance(await look(evidence, watched(row, "missing"), AT), Unknown)
    if row.for_:
        assert isinstance(await look(evidence, watched(row, "gap"), AT), Unknown)
