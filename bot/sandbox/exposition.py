"""What the breakable service says about itself at one moment, as metric families."""

from collections.abc import Iterator
from datetime import datetime

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.sandbox.traffic import BUCKET_BOUNDS_S, MEMORY_LIMIT_BYTES, Traffic

CONTAINER = "x0tta6bl4-staging"
"""As the written plan names it; cAdvisor's metrics carry it in `name`."""


def families_at(traffic: Traffic, at: datetime) -> tuple[Metric, ...]:
    """Every metric of the service at a moment since its beginning; it must not be down then."""
    totals, set_points = traffic.totals_at(at), traffic.set_points_at(at)
    requests = CounterMetricFamily("http_requests", "Requests served, by status code.", labels=["code"])
    requests.add_metric(["200"], float(int(totals.good)))
    requests.add_metric(["500"], float(int(totals.failed)))
    bounds = [f"{bound:g}" for bound in BUCKET_BOUNDS_S]
    buckets = [(bound, float(int(count))) for bound, count in zip(bounds, totals.buckets, strict=True)]
    latency = HistogramMetricFamily(
        "http_request_duration_seconds",
        "Time from a request to its answer.",
        buckets=[*buckets, ("+Inf", float(int(totals.requests)))],
        sum_value=totals.duration_s,
    )
    memory = float(set_points.memory_bytes)
    return (
        requests,
        latency,
        GaugeMetricFamily("process_resident_memory_bytes", "Resident memory.", memory),
        CounterMetricFamily("process_cpu_seconds", "Processor time used.", totals.cpu_s),
        GaugeMetricFamily(
            "pqc_fallback_enabled", "1 without post-quantum cryptography.", float(set_points.pqc_fallback)
        ),
        _of_container("container_memory_working_set_bytes", "Memory that can't be reclaimed.", memory),
        _of_container("container_spec_memory_limit_bytes", "The container's limit.", float(MEMORY_LIMIT_BYTES)),
    )


def exposition(traffic: Traffic, at: datetime) -> bytes:
    """Prometheus's text format, version 0.0.4."""
    registry = CollectorRegistry()
    registry.register(_Moment(families_at(traffic, at)))
    return generate_latest(registry)


class _Moment(Collector):
    def __init__(self, families: tuple[Metric, ...]) -> None:
        self._families = families

    def collect(self) -> Iterator[Metric]:
        return iter(self._families)


def _of_container(name: str, documentation: str, value: float) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, documentation, labels=["name"])
    family.add_metric([CONTAINER], value)
    return family
