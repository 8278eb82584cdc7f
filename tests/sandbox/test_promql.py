"""The Prometheus stand-in's small part of PromQL."""

from dataclasses import replace
from datetime import timedelta
from math import isnan

import pytest

from bot.sandbox.prometheus_standin import PrometheusStandIn
from bot.sandbox.promql import PromQLError, parse, parse_duration
from bot.sandbox.service import BreakableService
from tests.sandbox.conftest import Clock


def value(service: BreakableService, query: str) -> float | None:
    """The one value of a query now; None when it is empty."""
    vector = PrometheusStandIn(service, "host:1").evaluator.vector(parse(query), service.now())
    assert len(vector) <= 1
    return next(iter(vector.values()), None)


@pytest.fixture
def service(clock: Clock) -> BreakableService:
    """A service that has run well for an hour."""
    return BreakableService(clock, history=timedelta(hours=1))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("1 + 2 * 3 - 4 / 2", 5),
        ("-(2 + 3)", -5),
        ("sum(rate(http_requests_total[1m]))", 6400),
        ("increase(http_requests_total{code='200'}[1m])", 384_000),
        ("sum by (code) (rate(http_requests_total{code!='500'}[1m]))", 6400),
        ("sum(rate(http_requests_total{code=~'4..|6..'}[1m]))", None),
        ("avg_over_time(up{job='x0tta6bl4'}[1h])", 1),
        ("count_over_time((max(up))[1m:15s])", 4),
        ("max(up) == 0", None),
        ("max(up) > 0 < 2 # a comment", 1),
        ("max(absent_metric) or max(up)", 1),
        ("max(up) and max(absent_metric)", None),
        ("max(up) unless max(absent_metric)", 1),
        ("(max(up)) and (timestamp(max(up)) >= time() - 120)", 1),
        ("label_replace(max(up), 'kind', 'x', '', '')", 1),
        ("histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket[1m])))", 0.025),
    ],
)
def test_a_query_has_its_value(service: BreakableService, query: str, expected: float | None) -> None:
    """Arithmetic, selectors, windows, aggregations and comparisons come out as in Prometheus."""
    found = value(service, query)
    assert found == (None if expected is None else pytest.approx(expected))


def test_a_division_by_nothing_is_nan(service: BreakableService, clock: Clock) -> None:
    """An error rate without requests is NaN, never zero."""
    service.change(replace(service.set_points, throughput_per_s=0))
    clock.move(timedelta(minutes=2))
    found = value(service, "sum(rate(http_requests_total{code='500'}[1m])) / sum(rate(http_requests_total[1m]))")
    assert found is not None
    assert isnan(found)


def test_down_leaves_only_up(service: BreakableService, clock: Clock) -> None:
    """While the service is down `up` is 0 and its own metrics are not there."""
    service.change(replace(service.set_points, down=True))
    clock.move(timedelta(seconds=2))
    assert value(service, "max(up)") == 0
    assert value(service, "max(process_resident_memory_bytes)") is None
    assert value(service, "max(process_resident_memory_bytes) > 1") is None


def test_the_future_is_not_known(service: BreakableService, clock: Clock) -> None:
    """Nothing is answered for a moment that has not come."""
    evaluator = PrometheusStandIn(service, "host:1").evaluator
    assert evaluator.vector(parse("up"), clock() + timedelta(minutes=1)) == {}


@pytest.mark.parametrize(
    "query",
    ["", "sum(", "up[5m]", "rate(up)", "sum(up)[5m]", "up{job}", "1 > 2", "nonsense(up)", "up $", "'text'", "(" * 99],
)
def test_a_query_out_of_reach_is_refused(service: BreakableService, query: str) -> None:
    """What is wrong or unknown is an error with a sentence, not a guess."""
    with pytest.raises(PromQLError, match=r"."):
        _ = value(service, query)


@pytest.mark.parametrize(("text", "expected_s"), [("15", 15), ("0.5", 0.5), ("1h30m", 5400), ("500ms", 0.5)])
def test_durations_are_read_as_prometheus_does(text: str, expected_s: float) -> None:
    """A step is a number of seconds or a duration."""
    assert parse_duration(text) == timedelta(seconds=expected_s)


@pytest.mark.parametrize("text", ["", "5 m", "-1", "0", "nan", "inf", "m5"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    """Nothing but a positive, finite duration is taken."""
    with pytest.raises(PromQLError):
        _ = parse_duration(text)
