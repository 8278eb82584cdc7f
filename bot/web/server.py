"""The HTTP server: routes together, and a socket."""

import time
from collections.abc import Iterable

import structlog
from aiohttp import web
from aiohttp.typedefs import Middleware

from bot.web.errors import BODY_LIMIT, Handler, say_errors_as_json
from bot.web.figures import RequestFigures

log = structlog.get_logger(__name__)

_SHUTDOWN_S = 5.0
"""Requests under way get this long to end when the bot stops."""


class HttpServer:
    """Listens until stopped. `port` is the real one after the start, also when 0 was asked for."""

    def __init__(self, routes: Iterable[web.RouteDef], figures: RequestFigures) -> None:
        self._app = web.Application(middlewares=[_counting(figures), say_errors_as_json], client_max_size=BODY_LIMIT)
        self._app.add_routes(routes)
        self._runner: web.AppRunner | None = None
        self.port = 0

    async def start(self, host: str, port: int) -> None:
        """Listen.

        Raises:
            OSError: the address is taken or not ours.
        """
        self._runner = web.AppRunner(self._app, access_log=None, handle_signals=False, shutdown_timeout=_SHUTDOWN_S)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        log.info("listening", host=host, port=self.port)

    async def stop(self) -> None:
        """Let requests end, then close."""
        if self._runner is not None:
            await self._runner.cleanup()


def _counting(figures: RequestFigures) -> Middleware:
    @web.middleware
    async def count(request: web.Request, handler: Handler) -> web.StreamResponse:
        started = time.perf_counter()
        response = await handler(request)
        resource = request.match_info.route.resource
        path = resource.canonical if resource is not None else "unknown"
        figures.note(path, response.status, time.perf_counter() - started)
        return response

    return count
