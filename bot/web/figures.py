"""The bot's own figures, in Prometheus' text format."""

from collections import Counter as Tally
from collections.abc import Callable

from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from bot.domain.incident import Status
from bot.engine.desk import Desk
from bot.store.records import StoreUnavailableError
from bot.store.store import Store


class RequestFigures:
    """How many requests were answered, how, and how fast."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._answered = Counter(
            "nabat_http_requests_total", "HTTP requests answered", ("path", "status"), registry=registry
        )
        self._took = Histogram(
            "nabat_http_request_duration_seconds",
            "Time from a request to its answer",
            ("path",),
            buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
            registry=registry,
        )

    def note(self, path: str, status: int, took_s: float) -> None:
        """Count one answer."""
        self._answered.labels(path, str(status)).inc()
        self._took.labels(path).observe(took_s)


class Metrics:
    """`GET /metrics`: counters from all rooms, and gauges read from the store at the moment of asking."""

    def __init__(
        self, registry: CollectorRegistry, desk: Desk, store: Store, holds_singles: Callable[[], bool]
    ) -> None:
        self._registry = registry
        self._desk = desk
        self._store = store
        self._holds_singles = holds_singles
        self._open = Gauge(
            "nabat_incidents_open", "Open incidents, without drills", ("severity", "status"), registry=registry
        )
        self._waiting = Gauge("nabat_outbox_waiting", "Messages not sent yet", ("lane",), registry=registry)
        self._oldest = Gauge(
            "nabat_outbox_oldest_seconds", "Age of the oldest message not sent yet", ("lane",), registry=registry
        )
        self._store_up = Gauge("nabat_store_up", "1 while Redis answers", registry=registry)
        self._single = Gauge("nabat_singles_held", "1 where this replica polls and sends", registry=registry)

    def routes(self) -> tuple[web.RouteDef, ...]:
        """The route of the figures."""
        return (web.get("/metrics", self.show),)

    async def show(self, _request: web.Request) -> web.Response:
        """All figures; without Redis those that need it are absent, and `nabat_store_up` is 0."""
        self._single.set(int(self._holds_singles()))
        try:
            await self._measure()
            self._store_up.set(1)
        except StoreUnavailableError:
            for gauge in (self._open, self._waiting, self._oldest):
                gauge.clear()
            self._store_up.set(0)
        return web.Response(body=generate_latest(self._registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _measure(self) -> None:
        incidents = await self._desk.open_incidents()
        tally = Tally((each.severity, each.status) for each in incidents if not each.drill)
        for severity in self._desk.rulebook.current.plan.severities:
            for status in (Status.UNANSWERED, Status.IN_HAND, Status.VERIFYING):
                self._open.labels(severity, status.value).set(tally[severity, status])
        backlog = await self._store.rows_waiting()
        now = self._store.clock.now()
        for lane, count in backlog.counts.items():
            oldest = backlog.oldest.get(lane)
            self._waiting.labels(lane.name.lower()).set(count)
            self._oldest.labels(lane.name.lower()).set((now - oldest).total_seconds() if oldest else 0)
