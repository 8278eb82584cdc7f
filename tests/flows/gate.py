"""A gate before an HTTP server: while it is closed whoever asks waits."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer


class Gate:
    """Passes requests on while it is open, which it is at first."""

    def __init__(self, to: str, http: aiohttp.ClientSession) -> None:
        self._to = to
        self._http = http
        self._open = asyncio.Event()
        self._open.set()
        self.knocked = asyncio.Event()
        self.url = ""

    def close(self) -> None:
        """Whoever asks from now on waits."""
        self.knocked.clear()
        self._open.clear()

    def open(self) -> None:
        """Whoever waits gets their answer."""
        self._open.set()

    async def pass_on(self, request: web.Request) -> web.Response:
        """One request and its answer, once the gate is open."""
        body = await request.read()
        self.knocked.set()
        await self._open.wait()
        kind = {"Content-Type": request.headers.get("Content-Type", "")}
        async with self._http.request(request.method, self._to + request.path_qs, data=body, headers=kind) as answer:
            return web.Response(body=await answer.read(), status=answer.status, content_type=answer.content_type)


@asynccontextmanager
async def gate_before(to: str) -> AsyncGenerator[Gate]:
    """A gate before the server at this address."""
    async with aiohttp.ClientSession() as http:
        gate = Gate(to, http)
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", gate.pass_on)
        async with TestServer(app) as server:
            gate.url = str(server.make_url("")).rstrip("/")
            try:
                yield gate
            finally:
                gate.open()
