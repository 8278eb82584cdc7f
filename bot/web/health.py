"""Alive, and ready: what a supervisor and a load balancer ask."""

from collections.abc import Awaitable, Callable

from aiohttp import web

Reasons = Callable[[], Awaitable[tuple[str, ...]]]
Doubts = Callable[[], tuple[str, ...]]


class Health:
    """`why_not_ready` names what is missing in words: nothing means ready. `doubts` are told beside "ready"."""

    def __init__(self, why_not_ready: Reasons, doubts: Doubts) -> None:
        self._why_not_ready = why_not_ready
        self._doubts = doubts

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
            doubts = self._doubts()
            return web.json_response({"status": "ready"} | ({"warnings": list(doubts)} if doubts else {}))
        return web.json_response(
            {"status": "not ready", "error": {"code": "not_ready", "message": "; ".join(reasons)}}, status=503
        )
