"""Alive, and ready: what a supervisor and a load balancer ask."""

from collections.abc import Awaitable, Callable

from aiohttp import web

Reasons = Callable[[], Awaitable[tuple[str, ...]]]


class Health:
    """`why_not_ready` names what is missing in words: nothing means ready."""

    def __init__(self, why_not_ready: Reasons) -> None:
        self._why_not_ready = why_not_ready

    def routes(self) -> tuple[web.RouteDef, ...]:
        """The routes of the probes; they need no token and tell no secret."""
        return (web.get("/healthz", self.alive), web.get("/readyz", self.ready))

    async def alive(self, _request: web.Request) -> web.Response:
        """The event loop turns."""
        return web.json_response({"status": "alive"})

    async def ready(self, _request: web.Request) -> web.Response:
        """Redis and Telegram reached, singletons held or stood by for; else 503 with the reasons."""
        reasons = await self._why_not_ready()
        if not reasons:
            return web.json_response({"status": "ready"})
        return web.json_response(
            {"status": "not ready", "error": {"code": "not_ready", "message": "; ".join(reasons)}}, status=503
        )
