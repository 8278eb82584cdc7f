"""The demo's monitoring, once with the real programs and once with the stand-ins: they must behave alike."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
import yaml

from bot.domain.plan import Metric
from bot.engine.evidence import Evidence, HeldFor, Known
from bot.engine.prometheus import Prometheus
from bot.sandbox.monitoring import Monitoring, MonitoringKind, UnknownAlertError
from bot.sandbox.service import BreakableService, wall_clock
from bot.sandbox.traffic import SetPoints
from bot.views.charts.model import Side
from tests.sandbox.monitoring.conftest import QUICK, TOKEN, WITHIN_S, Receiver

PLAN = Path(__file__).parents[3] / "bot" / "plans" / "x0tta6bl4.yaml"


async def test_a_broken_service_is_told_and_so_is_its_recovery(
    kind: MonitoringKind, receiver: Receiver, tmp_path: Path
) -> None:
    """7 % errors fire HighErrorRate at the hook, with its token; without errors it is resolved."""
    async with (
        BreakableService().serve() as service,
        Monitoring.start(service, receiver.hook, tmp_path, timing=QUICK, kind=kind) as monitoring,
    ):
        assert monitoring.kind is kind
        service.change(replace(service.set_points, error_ratio=0.07))
        fired = await receiver.told("HighErrorRate", "firing")
        assert fired["labels"]["severity"] == "high"
        assert fired["annotations"]["summary"] == "High error rate on payments-api"
        service.change(replace(service.set_points, error_ratio=0))
        resolved = await receiver.told("HighErrorRate", "resolved")
    assert resolved["fingerprint"] == fired["fingerprint"]
    assert resolved["startsAt"] == fired["startsAt"]
    assert receiver.tokens == {f"Bearer {TOKEN}"}


async def test_down_and_pqc_fallback_are_critical(kind: MonitoringKind, receiver: Receiver, tmp_path: Path) -> None:
    """Each breach that the plan calls critical has its alert."""
    async with (
        BreakableService().serve() as service,
        Monitoring.start(service, receiver.hook, tmp_path, timing=QUICK, kind=kind),
    ):
        service.change(replace(service.set_points, pqc_fallback=True))
        assert (await receiver.told("PqcFallback", "firing"))["labels"]["severity"] == "critical"
        service.change(replace(service.set_points, down=True))
        assert (await receiver.told("ServiceDown", "firing"))["labels"]["severity"] == "critical"


async def test_an_alert_raised_by_hand_is_told_and_resolved(
    kind: MonitoringKind, receiver: Receiver, tmp_path: Path
) -> None:
    """The panel's own alert goes the whole way, both ways; two of one name are two alerts."""
    async with (
        BreakableService().serve() as service,
        Monitoring.start(service, receiver.hook, tmp_path, timing=QUICK, kind=kind) as monitoring,
    ):
        raised = await monitoring.raise_alert("DiskFull", "warning", "Disk is full")
        fired = await receiver.told("DiskFull", "firing")
        assert fired["annotations"]["summary"] == "Disk is full"
        second = await monitoring.raise_alert("DiskFull", "critical", "Another disk is full")
        _ = await monitoring.resolve_alert(raised.id)
        resolved = await receiver.told("DiskFull", "resolved")
        assert resolved["labels"] == fired["labels"]
        newest, oldest = monitoring.raised
        assert (newest.id, newest.resolved_at) == (second.id, None)
        assert oldest.resolved_at is not None
        assert await monitoring.resolve_alert(raised.id) == oldest
        with pytest.raises(UnknownAlertError):
            _ = await monitoring.resolve_alert("none")


async def test_every_metric_of_the_plan_has_its_value_from_the_start(
    kind: MonitoringKind, receiver: Receiver, tmp_path: Path
) -> None:
    """With a history, each query and each window of the plan is answered at once, as the bot asks."""
    metrics = {name: Metric.model_validate(each) for name, each in yaml.safe_load(PLAN.read_text())["metrics"].items()}
    well = SetPoints(error_ratio=0.02, memory_bytes=1_500_000_000)
    expected = {
        "error_rate": 0.02,
        "latency_p95": 0.025,
        "throughput": 6400,
        "memory": 1.5e9,
        "memory_ratio": 0.5,
        "cpu": 0.41,
        "availability": 1,
        "service_up": 1,
        "pqc_fallback": 0,
    }
    async with (
        BreakableService(set_points=well, history=timedelta(minutes=30)).serve() as service,
        Monitoring.start(service, receiver.hook, tmp_path, timing=QUICK, kind=kind) as monitoring,
    ):
        prometheus = Prometheus(monitoring.prometheus_url)
        evidence = Evidence(prometheus)
        asked = {name: await evidence.read(metric, wall_clock()) for name, metric in metrics.items()}
        # A second ago: a scrape that is under way may not be stored yet.
        window_end = wall_clock() - timedelta(seconds=1)
        held = {
            name: await evidence.worst_over(metric, timedelta(minutes=5), Side.ABOVE, window_end)
            for name, metric in metrics.items()
        }
        prometheus.close()
    found = {name: reading.value for name, reading in asked.items() if isinstance(reading, Known)}
    assert found == pytest.approx(expected, rel=0.02)
    worst = {name: window.worst for name, window in held.items() if isinstance(window, HeldFor)}
    assert worst == pytest.approx(expected, rel=0.02)


async def test_a_hook_that_cannot_store_is_told_again(receiver: Receiver, tmp_path: Path) -> None:
    """The stand-in tries again after 503 and after 429, until it is taken."""
    receiver.statuses = [503, 429, 503]
    async with (
        BreakableService().serve() as service,
        Monitoring.start(service, receiver.hook, tmp_path, timing=QUICK, kind=MonitoringKind.STAND_IN) as monitoring,
    ):
        _ = await monitoring.raise_alert("DiskFull", "warning", "Disk is full")
        _ = await receiver.told("DiskFull", "firing")
    assert receiver.statuses == []


async def test_a_silence_mutes(
    kind: MonitoringKind, receiver: Receiver, tmp_path: Path, http: aiohttp.ClientSession
) -> None:
    """A silenced alert is not told while others are, and is told once the silence ends."""
    now = datetime.now(UTC)
    silence = {
        "matchers": [{"name": "alertname", "value": "Dis.*", "isRegex": True, "isEqual": True}],
        "startsAt": now.isoformat(),
        "endsAt": (now + timedelta(hours=1)).isoformat(),
        "createdBy": "test",
        "comment": "quiet",
    }
    timing = replace(QUICK, repeat_interval=timedelta(seconds=1))
    async with (
        BreakableService().serve() as service,
        Monitoring.start(service, receiver.hook, tmp_path, timing=timing, kind=kind) as monitoring,
    ):
        async with http.post(f"{monitoring.alertmanager_url}/api/v2/silences", json=silence) as answer:
            silence_id = (await answer.json())["silenceID"]
        _ = await monitoring.raise_alert("DiskFull", "warning", "Disk is full")
        _ = await monitoring.raise_alert("Loud", "warning", "Something else")
        async with asyncio.timeout(WITHIN_S):
            first = await receiver.bodies.get()
        assert first["groupLabels"] == {"alertname": "Loud"}
        async with http.delete(f"{monitoring.alertmanager_url}/api/v2/silence/{silence_id}") as answer:
            assert answer.status == 200
        _ = await receiver.told("DiskFull", "firing")
