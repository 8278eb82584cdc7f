"""What the metrics say, from a real Prometheus with a written past."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.measures import Trend
from bot.domain.plan import Metric, Unit
from bot.engine.evidence import Evidence, HeldFor, Known
from bot.engine.prometheus import Prometheus
from bot.engine.samples import Unknown, UnknownReason
from bot.views.charts.model import Side

AT = datetime(2026, 1, 11, 12, tzinfo=UTC)
"""The moment around which the past of conftest.py lies."""
FIVE_MINUTES = timedelta(minutes=5)


def metric(query: str) -> Metric:
    """A metric of this query."""
    return Metric(title="Error rate", query=query, unit=Unit.RATIO)


@pytest.fixture
def evidence(written_past: str) -> Iterator[Evidence]:
    """Evidence from the written past."""
    prometheus = Prometheus(written_past)
    yield Evidence(prometheus)
    prometheus.close()


async def test_a_metric_has_its_value_at_the_moment_asked_for(evidence: Evidence) -> None:
    """A query with one series yields its value and the moment it is of."""
    assert await evidence.read(metric("steady"), AT) == Known(0.12, AT)


async def test_a_scalar_counts_as_a_figure(evidence: Evidence) -> None:
    """A query that yields a bare scalar is a figure too."""
    assert await evidence.read(metric("scalar(steady) * 2"), AT) == Known(0.24, AT)


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("no_such_metric", UnknownReason.EMPTY),
        ("gone", UnknownReason.EMPTY),
        ("silent", UnknownReason.STALE),
        ("undefined", UnknownReason.NAN),
        ("infinite", UnknownReason.NAN),
        ("pods", UnknownReason.MANY_SERIES),
        ("sum(", UnknownReason.ERROR),
    ],
)
async def test_what_is_no_fresh_single_number_is_unknown(evidence: Evidence, query: str, reason: UnknownReason) -> None:
    """Each way of not having a figure is told by its own reason."""
    reading = await evidence.read(metric(query), AT)
    assert isinstance(reading, Unknown)
    assert reading.reason is reason


async def test_a_broken_query_is_explained_in_prometheus_own_words(evidence: Evidence) -> None:
    """Who wrote the query learns what is wrong with it."""
    reading = await evidence.read(metric("sum("), AT)
    assert isinstance(reading, Unknown)
    assert "parse error" in reading.detail


@pytest.mark.parametrize("query", ["steady", "steady # of the gateway", 'steady or vector(0.12) unless steady{a="b"}'])
async def test_a_breach_that_held_has_all_its_samples(evidence: Evidence, query: str) -> None:
    """A window without gaps yields its extremes and as many samples as expected, whatever the query looks like."""
    held = await evidence.worst_over(metric(query), FIVE_MINUTES, Side.ABOVE, AT)
    assert isinstance(held, HeldFor)
    assert (held.worst, held.best, held.expected) == (0.12, 0.12, 20)
    assert held.samples >= held.expected


async def test_one_healthy_sample_is_the_worst_of_a_breach_above(evidence: Evidence) -> None:
    """A dip below the bound within the window shows, so that the breach did not hold."""
    held = await evidence.worst_over(metric("dipped"), FIVE_MINUTES, Side.ABOVE, AT)
    assert isinstance(held, HeldFor)
    assert (held.worst, held.best) == (0.01, 0.12)


async def test_below_a_bound_the_highest_sample_is_the_worst(evidence: Evidence) -> None:
    """For a breach below a bound the extremes change their places."""
    held = await evidence.worst_over(metric("dipped"), FIVE_MINUTES, Side.BELOW, AT)
    assert isinstance(held, HeldFor)
    assert (held.worst, held.best) == (0.12, 0.01)


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("gappy", UnknownReason.GAPS),
        ("half_undefined", UnknownReason.GAPS),
        ("silent", UnknownReason.GAPS),
        ("no_such_metric", UnknownReason.EMPTY),
        ("pods", UnknownReason.MANY_SERIES),
        ("sum(", UnknownReason.ERROR),
    ],
)
async def test_a_window_that_lacks_samples_is_unknown(evidence: Evidence, query: str, reason: UnknownReason) -> None:
    """Nobody can say that a breach held through a gap, NaN or silence."""
    held = await evidence.worst_over(metric(query), FIVE_MINUTES, Side.ABOVE, AT)
    assert isinstance(held, Unknown)
    assert held.reason is reason


async def test_a_window_of_zero_asks_for_the_moment(evidence: Evidence) -> None:
    """A rule without a time of holding looks at the present sample alone, and its unknowns stay unknown."""
    assert await evidence.worst_over(metric("steady"), timedelta(0), Side.ABOVE, AT) == HeldFor(0.12, 0.12, 1, 1)
    assert isinstance(await evidence.worst_over(metric("silent"), timedelta(0), Side.ABOVE, AT), Unknown)


async def test_a_range_names_each_series_by_what_tells_it_apart(evidence: Evidence) -> None:
    """Of several series the differing labels are the names; a single one has the metric's title."""
    several = await evidence.read_range(metric("pods"), AT - FIVE_MINUTES, AT, timedelta(seconds=15))
    assert not isinstance(several, Unknown)
    assert [each.name for each in several] == ["web-2", "web-1"]
    single = await evidence.read_range(metric("steady"), AT - FIVE_MINUTES, AT, timedelta(seconds=15))
    assert not isinstance(single, Unknown)
    assert [each.name for each in single] == ["Error rate"]
    assert single[0].points[-1] == (AT.timestamp(), 0.12)


async def test_a_range_shows_nan_as_a_gap_and_nothing_as_unknown(evidence: Evidence) -> None:
    """NaN samples are None; a range without any sample is unknown."""
    known = await evidence.read_range(metric("undefined"), AT - FIVE_MINUTES, AT, timedelta(seconds=15))
    assert not isinstance(known, Unknown)
    assert known[0].points[-1] == (AT.timestamp(), None)
    empty = await evidence.read_range(metric("no_such_metric"), AT - FIVE_MINUTES, AT, timedelta(seconds=15))
    assert isinstance(empty, Unknown)
    assert empty.reason is UnknownReason.EMPTY


async def test_thirty_days_fit_prometheus_limit_of_points(evidence: Evidence) -> None:
    """A step that would ask for too many points is widened instead of refused."""
    month = await evidence.read_range(metric("steady"), AT - timedelta(days=30), AT, timedelta(seconds=1))
    assert not isinstance(month, Unknown)
    assert 0 < len(month[0].points) <= 2001


async def test_the_trend_is_told_from_the_past(evidence: Evidence) -> None:
    """A rising and a steady metric are told apart; nothing and several series have no trend."""
    assert await evidence.trend(metric("rising"), FIVE_MINUTES * 6, AT) is Trend.RISING
    assert await evidence.trend(metric("steady"), FIVE_MINUTES, AT.astimezone(ZoneInfo("Asia/Tokyo"))) is Trend.STEADY
    for query in ("no_such_metric", "pods", "sum("):
        assert isinstance(await evidence.trend(metric(query), FIVE_MINUTES, AT), Unknown)
