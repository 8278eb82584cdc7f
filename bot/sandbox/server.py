"""The sandbox as a server: Bot API, live feed, files and the web chat in one aiohttp application."""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from aiohttp import web

from bot.sandbox.botapi import MAX_REQUEST_BYTES, BotApi
from bot.sandbox.faults import Faults
from bot.sandbox.journal import Journal
from bot.sandbox.limits import FloodControl, Limits
from bot.sandbox.live import LiveFeed
from bot.sandbox.world import DEMO_TOKEN, World

WEB_CHAT = Path(__file__).parent / "web"
STOP_WITHIN_S = 2.0


class SandboxServer:
    """Serves a world. Port 0 takes a free one; `url` is what `NABAT_TELEGRAM_API_URL` wants.

    `extra_routes` may mount more into the application; `static_dir` holds the web chat (`index.html` at `/`).
    """

    def __init__(
        self,
        world: World,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        limits: Limits | None = None,
        extra_routes: Callable[[web.Application], None] | None = None,
        static_dir: Path | None = WEB_CHAT,
    ) -> None:
        self.world = world
        self.host = host
        self.port = port
        self.journal = Journal()
        self.faults = Faults(self._stop_listening, self._listen)
        self.flood = FloodControl(limits or Limits())
        self._api = BotApi(world, self.flood, self.faults, self.journal)
        self._feed = LiveFeed(world)
        self._extra_routes = extra_routes
        self._static_dir = static_dir
        self._runner: web.AppRunner | None = None
        self._site: web.TCPSite | None = None

    @property
    def url(self) -> str:
        """`http://host:port`, without a slash behind."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    async def start(self) -> None:
        """Listens.

        Raises:
            OSError: the port is taken.
        """
        self._runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=STOP_WITHIN_S)
        await self._runner.setup()
        await self._listen()

    async def stop(self) -> None:
        """Ends all polls, pushes and connections."""
        self.faults.clear()
        if self._runner is not None:
            await self._api.updates.stop()
            await self._runner.cleanup()
        self._runner = self._site = None

    async def wait_for_poll(self) -> None:
        """Waits until some bot waits in getUpdates: it is up, and has confirmed what it read."""
        await self._api.updates.polled.wait()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    def _application(self) -> web.Application:
        app = web.Application(client_max_size=MAX_REQUEST_BYTES)
        self._api.add_routes(app)
        self._feed.add_routes(app)
        app.on_shutdown.append(self._say_goodbye)
        if self._extra_routes is not None:
            self._extra_routes(app)
        if self._static_dir is not None and (self._static_dir / "index.html").is_file():
            app.router.add_get("/", self._serve_index)
            app.router.add_static("/", self._static_dir)
        return app

    async def _say_goodbye(self, _: web.Application) -> None:
        await self._feed.close()

    async def _serve_index(self, _: web.Request) -> web.StreamResponse:
        return web.FileResponse((self._static_dir or WEB_CHAT) / "index.html")

    @property
    def connections(self) -> int:
        """How many connections callers have to it now."""
        server = self._runner.server if self._runner is not None else None
        return len(server.connections) if server is not None else 0

    async def _listen(self) -> None:
        if self._runner is None or self._site is not None:
            return
        site = web.TCPSite(self._runner, self.host, self.port, reuse_address=True)
        await site.start()
        self._site = site
        self.port = int(self._runner.addresses[0][1])

    async def _stop_listening(self) -> None:
        if self._runner is None or self._site is None:
            return
        await self._site.stop()
        self._site = None
        server = self._runner.server
        if server is not None:
            for connection in tuple(server.connections):
                connection.force_close()
        self._api.updates.end_polls()


async def run_sandbox(
    host: str = "127.0.0.1",
    port: int = 8081,
    *,
    world: World | None = None,
    limits: Limits | None = None,
    extra_routes: Callable[[web.Application], None] | None = None,
) -> None:
    """`nabat sandbox`: serves the demo's team until cancelled, and says where.

    Raises:
        OSError: the port is taken.
    """
    served = world or World.demo()
    async with SandboxServer(served, host=host, port=port, limits=limits, extra_routes=extra_routes) as server:
        token = next(iter(served.bots), DEMO_TOKEN)
        sys.stdout.write(f"Telegram sandbox: {server.url}  (bot token {token})\n")
        sys.stdout.flush()
        await asyncio.Event().wait()
