"""The small service that the demo breaks on purpose: `/health` and `/metrics` on a port of its own."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from bot.sandbox.exposition import exposition
from bot.sandbox.service_log import log_lines
from bot.sandbox.traffic import SetPoints, Traffic

SERVICE_NAME = "payments-api"
LOOPBACK = "127.0.0.1"


def wall_clock() -> datetime:
    """The machine's time, UTC."""
    return datetime.now(UTC)


class BreakableService:
    """Behaves as its set points say.

    `now` is its clock: the machine's beside a real Prometheus, which scrapes in real time; the demo's own beside the
    stand-ins, so that moved time shows in the metrics. With `history` it has already run for so long, and so has its
    monitoring: charts and windows are full from the start.
    """

    def __init__(
        self,
        now: Callable[[], datetime] = wall_clock,
        set_points: SetPoints | None = None,
        history: timedelta = timedelta(0),
    ) -> None:
        self.now = now
        self.traffic = Traffic(set_points or SetPoints(), now() - history)
        self._url: str | None = None

    @property
    def set_points(self) -> SetPoints:
        """How it behaves now."""
        return self.traffic.set_points_at(self.now())

    def change(self, set_points: SetPoints) -> None:
        """From now on it behaves so."""
        self.traffic.change(set_points, self.now())

    @property
    def url(self) -> str:
        """Where it listens, without a slash at the end.

        Raises:
            RuntimeError: it is not being served.
        """
        if self._url is None:
            raise RuntimeError("The breakable service is not being served: enter serve() first")
        return self._url

    @asynccontextmanager
    async def serve(self, host: str = LOOPBACK, port: int = 0) -> AsyncGenerator["BreakableService"]:
        """Listens until the block ends; port 0 takes a free one."""
        runner = web.AppRunner(self.application(), access_log=None)
        await runner.setup()
        try:
            site = web.TCPSite(runner, host, port)
            await site.start()
            self._url = f"http://{host}:{runner.addresses[0][1]}"
            yield self
        finally:
            self._url = None
            await runner.cleanup()

    def application(self) -> web.Application:
        """The routes, for a server of the caller's own."""
        app = web.Application()
        app.router.add_get("/", self._health)
        app.router.add_get("/health", self._health)
        app.router.add_get("/metrics", self._metrics)
        app.router.add_get("/logs", self._logs)
        app.router.add_post("/rollback", self._rollback)
        return app

    async def _health(self, _: web.Request) -> web.Response:
        if self.set_points.down:
            return web.json_response({"status": "down"}, status=503)
        return web.json_response({"status": "ok", "service": SERVICE_NAME})

    async def _logs(self, _: web.Request) -> web.Response:
        """A log is there even when the service is not."""
        return web.Response(text="\n".join(log_lines(self.traffic, self.now())))

    async def _rollback(self, _: web.Request) -> web.Response:
        """Whatever was broken is whole again; how much traffic there is stays."""
        self.change(SetPoints(throughput_per_s=self.set_points.throughput_per_s))
        return web.Response(text=f"{SERVICE_NAME}: the release before the last one serves again")

    async def _metrics(self, _: web.Request) -> web.Response:
        """A service that is down can't be scraped either: `up` falls to 0, as it would in earnest."""
        if self.set_points.down:
            raise web.HTTPServiceUnavailable(text="The service is down")
        return web.Response(body=exposition(self.traffic, self.now()), headers={"Content-Type": CONTENT_TYPE_LATEST})
