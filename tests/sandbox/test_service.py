"""The breakable service: what it says follows its set points and the time that went by, and nothing else."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from bot.sandbox.service import BreakableService
from bot.sandbox.traffic import BUCKET_BOUNDS_S, SetPoints, Traffic
from tests.sandbox.conftest import Clock

MINUTE = timedelta(minutes=1)


async def scraped(http: aiohttp.ClientSession, service: BreakableService) -> dict[str, float]:
    """Every sample of `/metrics`, by its name and, where there is one, its distinguishing label."""
    async with http.get(f"{service.url}/metrics") as answer:
        assert answer.status == 200
        text = await answer.text()
    return {
        sample.name + "".join(f"/{value}" for value in sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_counters_grow_with_time(clock: Clock, http: aiohttp.ClientSession) -> None:
    """After a minute at 6,400 requests a second and 2 % errors, the counters say just that."""
    async with BreakableService(clock, SetPoints(error_ratio=0.02)).serve() as service:
        clock.move(MINUTE)
        metrics = await scraped(http, service)
    assert metrics["http_requests_total/200"] == 384_000 * 0.98
    assert metrics["http_requests_total/500"] == 384_000 * 0.02
    assert metrics["process_resident_memory_bytes"] == 1.9e9
    assert metrics["process_cpu_seconds_total"] == pytest.approx(60 * 0.41)
    assert metrics["pqc_fallback_enabled"] == 0


async def test_a_service_that_is_down_serves_nothing(clock: Clock, http: aiohttp.ClientSession) -> None:
    """While it is down `/health` and `/metrics` answer 503; afterwards the counters go on from where they stood."""
    async with BreakableService(clock).serve() as service:
        clock.move(MINUTE)
        service.change(replace(service.set_points, down=True))
        for path in ("/health", "/metrics"):
            async with http.get(service.url + path) as answer:
                assert answer.status == 503
        clock.move(MINUTE)
        service.change(replace(service.set_points, down=False))
        async with http.get(f"{service.url}/health") as answer:
            assert answer.status == 200
        metrics = await scraped(http, service)
    assert metrics["http_requests_total/200"] == 384_000


@pytest.mark.parametrize("preset_ms", [25, 300, 800])
def test_a_preset_latency_is_met_exactly(clock: Clock, preset_ms: int) -> None:
    """The panel's latencies are bucket bounds, so 95 % of the requests lie below them."""
    traffic = Traffic(SetPoints(latency_p95=timedelta(milliseconds=preset_ms)), clock())
    totals = traffic.totals_at(clock() + MINUTE)
    at_bound = totals.buckets[BUCKET_BOUNDS_S.index(preset_ms / 1000)]
    assert at_bound / totals.requests == pytest.approx(0.95)


@given(st.lists(st.tuples(st.integers(0, 3600), st.floats(0, 1), st.booleans()), max_size=8))
def test_no_counter_ever_falls(changes: list[tuple[int, float, bool]]) -> None:
    """Whatever is changed and when, counters only grow, and the past stays as it was."""
    clock = Clock()
    traffic = Traffic(SetPoints(), clock())
    seen = [(clock(), traffic.totals_at(clock()))]
    for after_s, error_ratio, down in changes:
        clock.move(timedelta(seconds=after_s))
        traffic.change(SetPoints(error_ratio=error_ratio, down=down), clock())
        seen.append((clock(), traffic.totals_at(clock())))
    for (_, before), (_, after) in pairwise(seen):
        assert after.good >= before.good
        assert after.failed >= before.failed
        assert all(now >= then for then, now in zip(before.buckets, after.buckets, strict=True))
    assert [traffic.totals_at(at).requests for at, _ in seen] == pytest.approx([then.requests for _, then in seen])


def test_an_address_is_there_only_while_it_is_served(clock: Clock) -> None:
    """Asking for the address of a service that is not served says what to do."""
    with pytest.raises(RuntimeError, match=r"serve\(\)"):
        _ = BreakableService(clock).url
