"""The demo's panel: breaks the service, raises alerts and moves the bot's clock. JSON below `/panel/`.

- `GET /panel/state` – everything the panel shows
- `POST /panel/service` – any of `error_ratio`, `latency_p95_ms`, `memory_bytes`, `throughput_per_s`, `cpu_ratio`,
  `down`, `pqc_fallback`
- `POST /panel/alerts` – `name`, `severity`, `summary`; `POST /panel/alerts/{id}/resolve`
- `POST /panel/clock/advance` – `by_s`; `POST /panel/clock/speed` – `factor`

An error is `{"error": {"code", "message"}}`.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Protocol, TypeVar

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from bot.sandbox.monitoring import MonitoringError, MonitoringKind, RaisedAlert, UnknownAlertError
from bot.sandbox.service import SERVICE_NAME, BreakableService
from bot.sandbox.traffic import MEMORY_LIMIT_BYTES, SetPoints

MEASURED_OVER = timedelta(seconds=5)
HISTORY_STEP = timedelta(seconds=2)
HISTORY_POINTS = 60
LONGEST_STEP_S = 7 * 24 * 3600
FASTEST = 600.0

Json = dict[str, object]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Handler = Callable[[web.Request], Awaitable[web.Response]]


class TimeControl(Protocol):
    """The bot's clock in the demo. `speed` 1 is real time."""

    speed: float

    def now(self) -> datetime:
        """The bot's time, aware."""
        ...

    async def advance(self, by: timedelta) -> None:
        """Moves the clock ahead; what falls due meanwhile happens."""
        ...

    def set_speed(self, factor: float) -> None:
        """From now on the clock runs so many times as fast as real time."""
        ...


class Watcher(Protocol):
    """What the panel wants of the monitoring."""

    kind: MonitoringKind
    prometheus_url: str
    alertmanager_url: str
    versions: dict[str, str]

    @property
    def raised(self) -> tuple[RaisedAlert, ...]:
        """Alerts raised by hand, newest first."""
        ...

    async def raise_alert(self, name: str, severity: str, summary: str) -> RaisedAlert:
        """Fires an alert until it is resolved; `MonitoringError` when it was not taken."""
        ...

    async def resolve_alert(self, alert_id: str) -> RaisedAlert:
        """Ends an alert; `UnknownAlertError` when there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Panel:
    """What the panel moves."""

    service: BreakableService
    monitoring: Watcher
    clock: TimeControl


class AlertSeverity(StrEnum):
    """The severities that the panel offers; the plan's classification reads this label."""

    CRITICAL = "critical"
    WARNING = "warning"
    INFO = "info"


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ServiceChange(_Body):
    """What is named changes, the rest stays."""

    error_ratio: Annotated[float, Field(ge=0, le=1)] | None = None
    latency_p95_ms: Annotated[float, Field(ge=1, le=60_000)] | None = None
    throughput_per_s: Annotated[float, Field(ge=0, le=1e6)] | None = None
    memory_bytes: Annotated[int, Field(ge=0, le=10**12)] | None = None
    cpu_ratio: Annotated[float, Field(ge=0, le=64)] | None = None
    down: bool | None = None
    pqc_fallback: bool | None = None

    def applied(self, to: SetPoints) -> SetPoints:
        """The set points with these changes."""
        named = self.model_dump(exclude_none=True)
        if self.latency_p95_ms is not None:
            del named["latency_p95_ms"]
            named["latency_p95"] = timedelta(milliseconds=self.latency_p95_ms)
        return replace(to, **named)


class NewAlert(_Body):
    """An alert of one's own."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[\w .:/-]{1,80}$")]
    severity: AlertSeverity
    summary: Line


class Advance(_Body):
    """How far the clock moves."""

    by_s: Annotated[float, Field(gt=0, le=LONGEST_STEP_S)]


class Speed(_Body):
    """How fast the clock runs."""

    factor: Annotated[float, Field(gt=0, le=FASTEST)]


_Model = TypeVar("_Model", bound=_Body)


def panel_routes(app: web.Application, panel: Panel) -> None:
    """Mounts the panel into an application."""
    routes = _Routes(panel)
    app.router.add_get("/panel/state", routes.state)
    for path, handler in (
        ("/panel/service", routes.change_service),
        ("/panel/alerts", routes.raise_alert),
        ("/panel/alerts/{id}/resolve", routes.resolve_alert),
        ("/panel/clock/advance", routes.advance),
        ("/panel/clock/speed", routes.set_speed),
    ):
        app.router.add_post(path, _explained(handler))


class _Routes:
    def __init__(self, panel: Panel) -> None:
        self._panel = panel

    async def state(self, _: web.Request) -> web.Response:
        return self._shown()

    async def change_service(self, request: web.Request) -> web.Response:
        change = await _read(request, ServiceChange)
        self._panel.service.change(change.applied(self._panel.service.set_points))
        return self._shown()

    async def raise_alert(self, request: web.Request) -> web.Response:
        alert = await _read(request, NewAlert)
        _ = await self._panel.monitoring.raise_alert(alert.name, alert.severity.value, alert.summary)
        return self._shown()

    async def resolve_alert(self, request: web.Request) -> web.Response:
        _ = await _read(request, _Body)
        _ = await self._panel.monitoring.resolve_alert(request.match_info["id"])
        return self._shown()

    async def advance(self, request: web.Request) -> web.Response:
        step = await _read(request, Advance)
        await self._panel.clock.advance(timedelta(seconds=step.by_s))
        return self._shown()

    async def set_speed(self, request: web.Request) -> web.Response:
        self._panel.clock.set_speed((await _read(request, Speed)).factor)
        return self._shown()

    def _shown(self) -> web.Response:
        return web.json_response(panel_state(self._panel), headers={"Cache-Control": "no-store"})


def panel_state(panel: Panel) -> Json:
    """Everything the panel shows: set points, what is measured, the last two minutes, alerts, clock and monitoring."""
    set_points, monitoring = panel.service.set_points, panel.monitoring
    return {
        "service": {
            "name": SERVICE_NAME,
            "url": panel.service.url,
            "error_ratio": set_points.error_ratio,
            "latency_p95_ms": set_points.latency_p95 / timedelta(milliseconds=1),
            "throughput_per_s": set_points.throughput_per_s,
            "memory_bytes": set_points.memory_bytes,
            "memory_limit_bytes": MEMORY_LIMIT_BYTES,
            "cpu_ratio": set_points.cpu_ratio,
            "down": set_points.down,
            "pqc_fallback": set_points.pqc_fallback,
        },
        "measured": _measured(panel.service, panel.service.now()),
        "history": _history(panel.service),
        "alerts": [_alert_json(alert) for alert in monitoring.raised],
        "clock": {"now": panel.clock.now().isoformat(), "speed": panel.clock.speed},
        "monitoring": {
            "kind": monitoring.kind.value,
            "versions": monitoring.versions,
            "prometheus_url": monitoring.prometheus_url,
            "alertmanager_url": monitoring.alertmanager_url,
        },
    }


def _measured(service: BreakableService, at: datetime) -> dict[str, float | None]:
    """What a scraper would have seen over the 5 s before a moment; None without requests."""
    start = max(at - MEASURED_OVER, service.traffic.began)
    before, after = service.traffic.totals_at(start), service.traffic.totals_at(at)
    elapsed_s, served = (at - start).total_seconds(), after.requests - before.requests
    if elapsed_s <= 0 or served <= 0:
        return {"error_ratio": None, "throughput_per_s": 0.0 if elapsed_s > 0 else None}
    return {"error_ratio": (after.failed - before.failed) / served, "throughput_per_s": served / elapsed_s}


def _history(service: BreakableService) -> dict[str, list[float | None]]:
    """The last two minutes, oldest first; None where the service was down or had not begun."""
    now = service.now()
    moments = [now - HISTORY_STEP * back for back in reversed(range(HISTORY_POINTS))]
    behaved = [service.traffic.set_points_at(at) if at >= service.traffic.began else None for at in moments]
    up = [None if then is None or then.down else then for then in behaved]
    return {
        "error_ratio": [then and _measured(service, at)["error_ratio"] for then, at in zip(up, moments, strict=True)],
        "latency_p95_ms": [then and then.latency_p95 / timedelta(milliseconds=1) for then in up],
        "memory_bytes": [then and float(then.memory_bytes) for then in up],
    }


def _alert_json(alert: RaisedAlert) -> Json:
    return {
        "id": alert.id,
        "name": alert.name,
        "severity": alert.severity,
        "summary": alert.summary,
        "raised_at": alert.raised_at.isoformat(),
        "resolved_at": alert.resolved_at and alert.resolved_at.isoformat(),
    }


async def _read(request: web.Request, model: type[_Model]) -> _Model:
    """The body. Only JSON named as such is taken: a foreign page can't send that without asking the browser first."""
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType
    return model.model_validate_json(await request.read())


def _explained(handler: Handler) -> Handler:
    """What went wrong, in the form of the bot's own API."""

    async def explain(request: web.Request) -> web.Response:
        try:
            return await handler(request)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"]))
            return _error(400, "invalid", f"{where}: {first['msg']}" if where else first["msg"])
        except web.HTTPUnsupportedMediaType:
            return _error(415, "not_json", "Content-Type must be application/json")
        except UnknownAlertError as error:
            return _error(404, "unknown_alert", str(error))
        except MonitoringError as error:
            return _error(502, "monitoring", str(error))

    return explain


def _error(status: int, code: str, message: str) -> web.Response:
    return web.json_response({"error": {"code": code, "message": message}}, status=status)
