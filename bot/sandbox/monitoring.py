"""The demo's monitoring: a real Prometheus and Alertmanager where the machine has both, else small stand-ins.

Either way there are two addresses with the same HTTP API, and alerts reach the bot through its webhook.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import aiohttp
from aiohttp import web

from bot.sandbox.alert_evaluation import evaluate_for_ever
from bot.sandbox.alert_hook import Hook, Webhook
from bot.sandbox.alertmanager_standin import AlertmanagerStandIn, Timing
from bot.sandbox.prometheus_standin import PrometheusStandIn
from bot.sandbox.real_monitoring import Addresses, installed, real_monitoring
from bot.sandbox.service import LOOPBACK, SERVICE_NAME, BreakableService

TIMEOUT = timedelta(seconds=5)
FIRES_FOR = timedelta(days=30)
"""An alert raised by hand fires until it is resolved by hand; without an end Alertmanager would drop it in 5 min."""
MOST_RAISED = 200


class MonitoringKind(StrEnum):
    """What watches the service."""

    REAL = "real"
    STAND_IN = "stand_in"


class MonitoringError(RuntimeError):
    """Alertmanager did not take an alert."""


class UnknownAlertError(LookupError):
    """No alert with this id was raised by hand."""


@dataclass(frozen=True, slots=True)
class RaisedAlert:
    """An alert raised by hand; `resolved_at` is None while it fires."""

    id: str
    name: str
    severity: str
    summary: str
    raised_at: datetime
    resolved_at: datetime | None = None


def available_kind() -> MonitoringKind:
    """What this machine can run; decides which clock the service should have."""
    return MonitoringKind.REAL if installed() else MonitoringKind.STAND_IN


class Monitoring:
    """Watches the service and tells the bot. Made by `Monitoring.start`."""

    def __init__(
        self,
        kind: MonitoringKind,
        addresses: Addresses,
        versions: dict[str, str],
        service: BreakableService,
        http: aiohttp.ClientSession,
    ) -> None:
        self.kind = kind
        self.prometheus_url = addresses.prometheus_url
        self.alertmanager_url = addresses.alertmanager_url
        self.versions = versions
        self._service = service
        self._http = http
        self._raised: dict[str, RaisedAlert] = {}

    @staticmethod
    @asynccontextmanager
    async def start(
        service: BreakableService,
        hook: Hook,
        data_dir: Path,
        *,
        timing: Timing | None = None,
        kind: MonitoringKind | None = None,
    ) -> AsyncGenerator["Monitoring"]:
        """Runs, ready, until the block ends. The service must be served; `kind` None takes what the machine has.

        Raises:
            ProgramFailedError: a real program did not start.
            MonitoringError: real programs are asked for and not installed.
        """
        kind, timing = kind or available_kind(), timing or Timing()
        async with AsyncExitStack() as stack:
            http = await stack.enter_async_context(aiohttp.ClientSession())
            if kind is MonitoringKind.REAL:
                programs = installed()
                if programs is None:
                    raise MonitoringError("prometheus and prometheus-alertmanager are not both on PATH")
                running = real_monitoring(programs, service, hook, data_dir, timing)
                addresses = await stack.enter_async_context(running)
                versions = await _versions(http, addresses)
            else:
                addresses = await _stand_ins(stack, service, Webhook(hook, http), timing)
                versions = {}
            yield Monitoring(kind, addresses, versions, service, http)

    @property
    def raised(self) -> tuple[RaisedAlert, ...]:
        """Alerts raised by hand, newest first."""
        return tuple(reversed(self._raised.values()))

    async def raise_alert(self, name: str, severity: str, summary: str) -> RaisedAlert:
        """Fires an alert until it is resolved.

        Raises:
            MonitoringError: Alertmanager did not take it.
        """
        alert = RaisedAlert(uuid4().hex[:8], name, severity, summary, self._service.now())
        await self._post(alert, alert.raised_at + FIRES_FOR)
        self._keep(alert)
        return alert

    async def resolve_alert(self, alert_id: str) -> RaisedAlert:
        """Ends an alert that was raised by hand; one that has ended stays as it is.

        Raises:
            UnknownAlertError: there is none with this id.
            MonitoringError: Alertmanager did not take it.
        """
        alert = self._raised.get(alert_id)
        if alert is None:
            raise UnknownAlertError(f"no alert {alert_id}")
        if alert.resolved_at is not None:
            return alert
        now = max(self._service.now(), alert.raised_at)
        await self._post(alert, now)
        ended = RaisedAlert(alert.id, alert.name, alert.severity, alert.summary, alert.raised_at, now)
        self._keep(ended)
        return ended

    def _keep(self, alert: RaisedAlert) -> None:
        self._raised[alert.id] = alert
        while len(self._raised) > MOST_RAISED:
            del self._raised[next(iter(self._raised))]

    async def _post(self, alert: RaisedAlert, ends_at: datetime) -> None:
        body = {
            # `raised` tells two alerts of one name apart: to Alertmanager the labels are the alert.
            "labels": {
                "alertname": alert.name,
                "severity": alert.severity,
                "service": SERVICE_NAME,
                "raised": alert.id,
            },
            "annotations": {"summary": alert.summary, "description": "Raised by hand in the demo's panel."},
            "startsAt": alert.raised_at.isoformat(),
            "endsAt": ends_at.isoformat(),
        }
        timeout = aiohttp.ClientTimeout(total=TIMEOUT.total_seconds())
        try:
            address = f"{self.alertmanager_url}/api/v2/alerts"
            async with self._http.post(address, json=[body], timeout=timeout) as answer:
                if answer.status >= 400:  # noqa: PLR2004 - the 4xx and 5xx families of HTTP
                    raise MonitoringError(f"Alertmanager answered {answer.status}")
        except (aiohttp.ClientError, TimeoutError) as error:
            raise MonitoringError(f"Alertmanager can't be reached: {type(error).__name__}") from error


async def _stand_ins(stack: AsyncExitStack, service: BreakableService, webhook: Webhook, timing: Timing) -> Addresses:
    prometheus = PrometheusStandIn(service, urlsplit(service.url).netloc)
    alertmanager = await stack.enter_async_context(AlertmanagerStandIn(webhook, timing, service.now))
    addresses = Addresses(
        await _served(stack, prometheus.application()), await _served(stack, alertmanager.application())
    )
    alertmanager.url = addresses.alertmanager_url
    tasks = await stack.enter_async_context(asyncio.TaskGroup())
    watching = tasks.create_task(evaluate_for_ever(prometheus.evaluator, alertmanager.take, service.now))
    _ = stack.callback(watching.cancel)
    return addresses


async def _served(stack: AsyncExitStack, app: web.Application) -> str:
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, LOOPBACK, 0).start()
    return f"http://{LOOPBACK}:{runner.addresses[0][1]}"


async def _versions(http: aiohttp.ClientSession, addresses: Addresses) -> dict[str, str]:
    async with http.get(f"{addresses.prometheus_url}/api/v1/status/buildinfo") as answer:
        prometheus = (await answer.json())["data"]["version"]
    async with http.get(f"{addresses.alertmanager_url}/api/v2/status") as answer:
        alertmanager = (await answer.json())["versionInfo"]["version"]
    return {"prometheus": str(prometheus), "alertmanager": str(alertmanager)}
