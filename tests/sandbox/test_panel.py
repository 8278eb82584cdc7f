"""The panel's HTTP: it moves the service, the clock and the alerts, and refuses what makes no sense."""

from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.sandbox.alert_hook import Hook
from bot.sandbox.monitoring import Monitoring, MonitoringKind
from bot.sandbox.panel import Panel, panel_routes
from bot.sandbox.service import BreakableService

Ask = Callable[..., Coroutine[Any, Any, tuple[int, dict[str, Any]]]]


@dataclass
class MovableTime:
    """A clock as the demo has one."""

    moment: datetime = field(default_factory=lambda: datetime(2026, 1, 11, 14, 2, tzinfo=UTC))
    speed: float = 1.0

    def now(self) -> datetime:
        """Give the moment."""
        return self.moment

    async def advance(self, by: timedelta) -> None:
        """Move on."""
        self.moment += by

    def set_speed(self, factor: float) -> None:
        """Run faster."""
        self.speed = factor


@pytest.fixture
def time() -> MovableTime:
    """The bot's clock."""
    return MovableTime()


@pytest.fixture
async def service(time: MovableTime) -> AsyncIterator[BreakableService]:
    """The service on the bot's clock, as beside the stand-ins."""
    async with BreakableService(time.now, history=timedelta(minutes=1)).serve() as service:
        yield service


@pytest.fixture
async def address(service: BreakableService, time: MovableTime, tmp_path: Path) -> AsyncIterator[str]:
    """Where the panel is served."""
    nowhere = Hook("http://127.0.0.1:9/hooks/alertmanager")
    async with Monitoring.start(service, nowhere, tmp_path, kind=MonitoringKind.STAND_IN) as monitoring:
        app = web.Application()
        panel_routes(app, Panel(service, monitoring, time))
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/panel/"
        await runner.cleanup()


@pytest.fixture
def ask(address: str, http: aiohttp.ClientSession) -> Ask:
    """Ask the panel; a body makes it a POST."""

    async def send(path: str, body: dict[str, Any] | None = None) -> tuple[int, dict[str, Any]]:
        async with http.request("GET" if body is None else "POST", address + path, json=body) as answer:
            return answer.status, await answer.json()

    return send


async def test_the_state_tells_everything(ask: Ask, service: BreakableService) -> None:
    """Set points, what is measured, the last two minutes, the clock and the monitoring are shown."""
    status, state = await ask("state")
    assert status == 200
    assert state["service"]["latency_p95_ms"] == 25
    assert state["service"]["url"] == service.url
    assert state["measured"] == {"error_ratio": 0.0, "throughput_per_s": pytest.approx(6400)}
    assert state["history"]["memory_bytes"][-1] == 1.9e9
    assert state["history"]["memory_bytes"][0] is None
    assert state["clock"] == {"now": "2026-01-11T14:02:00+00:00", "speed": 1.0}
    assert state["monitoring"]["kind"] == "stand_in"


async def test_the_service_is_broken_piece_by_piece(ask: Ask, service: BreakableService, time: MovableTime) -> None:
    """What is named changes and the rest stays; what is measured follows with time."""
    _ = await ask("service", {"error_ratio": 0.07, "latency_p95_ms": 800})
    _, state = await ask("service", {"pqc_fallback": True, "memory_bytes": 2_500_000_000})
    assert service.set_points.error_ratio == 0.07
    assert service.set_points.latency_p95 == timedelta(milliseconds=800)
    assert (state["service"]["pqc_fallback"], state["service"]["down"]) == (True, False)
    assert state["measured"]["error_ratio"] == 0
    time.moment += timedelta(seconds=5)
    _, state = await ask("state")
    assert state["measured"]["error_ratio"] == pytest.approx(0.07)


async def test_down_is_measured_as_silence(ask: Ask, time: MovableTime) -> None:
    """A service that is down serves nothing, and nothing has no error rate."""
    _ = await ask("service", {"down": True})
    time.moment += timedelta(seconds=10)
    _, state = await ask("state")
    assert state["measured"] == {"error_ratio": None, "throughput_per_s": 0.0}
    assert state["history"]["error_ratio"][-1] is None


async def test_the_clock_is_moved_and_sped(ask: Ask, time: MovableTime) -> None:
    """The panel moves the bot's clock and sets its speed."""
    _, state = await ask("clock/advance", {"by_s": 900})
    assert state["clock"]["now"] == "2026-01-11T14:17:00+00:00"
    _, state = await ask("clock/speed", {"factor": 60})
    assert (state["clock"]["speed"], time.speed) == (60, 60)


async def test_an_alert_is_raised_and_resolved(ask: Ask) -> None:
    """An alert of one's own is listed while it fires and afterwards."""
    _, state = await ask("alerts", {"name": "DiskFull", "severity": "critical", "summary": "Disk is full"})
    (raised,) = state["alerts"]
    assert (raised["name"], raised["severity"], raised["resolved_at"]) == ("DiskFull", "critical", None)
    _, state = await ask(f"alerts/{raised['id']}/resolve", {})
    assert state["alerts"][0]["resolved_at"] is not None


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("service", {"error_ratio": 1.5}, 400, "invalid"),
        ("service", {"colour": "red"}, 400, "invalid"),
        ("clock/advance", {"by_s": -60}, 400, "invalid"),
        ("clock/speed", {"factor": 0}, 400, "invalid"),
        ("alerts", {"name": "x", "severity": "awful", "summary": "y"}, 400, "invalid"),
        ("alerts", {"name": "a\nb", "severity": "info", "summary": "y"}, 400, "invalid"),
        ("alerts/none/resolve", {}, 404, "unknown_alert"),
    ],
)
async def test_what_makes_no_sense_is_refused(
    ask: Ask, path: str, body: dict[str, Any], status: int, code: str
) -> None:
    """Each mistake is named, in the form of the bot's own API."""
    found, answer = await ask(path, body)
    assert (found, answer["error"]["code"]) == (status, code)
    assert answer["error"]["message"]


async def test_a_form_of_another_site_is_refused(
    address: str, service: BreakableService, http: aiohttp.ClientSession
) -> None:
    """Only a body that calls itself JSON is taken; a foreign page can't send one unasked."""
    async with http.post(f"{address}service", data='{"down": true}') as answer:
        assert answer.status == 415
    assert not service.set_points.down
