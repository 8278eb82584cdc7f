"""The sandbox Telegram as a process of its own, with a stopwatch: `python -m tests.bench.telegram_process`.

Times are `time.monotonic()` seconds, which all processes of a machine share. The first line on standard output is the
address. Beside the Bot API it serves:

- `POST /bench/presses` `{"presses": [[person, data], …], "at_once": bool}`: presses the buttons, all in one turn of the
  event loop or one after the other whenever the bot waits for news; `{"ms": [of each press until its answer came]}`
- `GET /bench/first?text=…&since=…`: waits for the first message sent since then that holds the text; `{"at": …}`
"""

import asyncio
import sys
import time

import uvloop
from aiohttp import web

from bot.sandbox import actions
from bot.sandbox.driver import Driver
from bot.sandbox.events import Answered, Happening
from bot.sandbox.limits import Limits
from bot.sandbox.messages import Message
from bot.sandbox.server import SandboxServer
from bot.sandbox.world import RESPONDERS_ID, World

BETWEEN_PRESSES_S = 0.02
"""Fingers leave the bot time to finish: what is measured one after the other is the answer of an idle bot."""
PATIENCE_S = 60.0
LOOK_EVERY_S = 0.002


class Stopwatch:
    """Presses buttons and notes when the answers come."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._answered_at: dict[str, float] = {}
        self._unanswered: set[str] = set()
        self._all_answered = asyncio.Event()
        world.subscribe(self._notice)
        self.server: SandboxServer

    def _notice(self, happening: Happening) -> None:
        if isinstance(happening, Answered):
            self._answered_at[happening.query_id] = time.monotonic()
            self._unanswered.discard(happening.query_id)
            if not self._unanswered:
                self._all_answered.set()

    def add_routes(self, app: web.Application) -> None:
        """Mounts the stopwatch."""
        app.router.add_post("/bench/presses", self.presses)
        app.router.add_get("/bench/first", self.first)

    async def presses(self, http: web.Request) -> web.Response:
        """Presses, and tells how long each answer took."""
        asked = await http.json()
        message = await self._message_with_buttons()
        await self.server.wait_for_poll()
        measure = self._at_once if asked["at_once"] else self._one_by_one
        return web.json_response({"ms": await measure(message, asked["presses"])})

    async def first(self, http: web.Request) -> web.Response:
        """Waits for a message."""
        text, since = http.query["text"], float(http.query["since"])
        async with asyncio.timeout(PATIENCE_S):
            while True:
                for call in self.server.journal.of("sendMessage"):
                    if call.at > since and text in call.params["text"]:
                        return web.json_response({"at": call.at})
                await asyncio.sleep(LOOK_EVERY_S)

    async def _one_by_one(self, message: Message, presses: list[tuple[int, str]]) -> list[float]:
        took: list[float] = []
        for person, data in presses:
            await asyncio.sleep(BETWEEN_PRESSES_S)
            await self.server.wait_for_poll()
            took += await self._at_once(message, [(person, data)])
        return took

    async def _at_once(self, message: Message, presses: list[tuple[int, str]]) -> list[float]:
        pressed_at = time.monotonic()
        people = self._world.people
        queries = [actions.press(self._world, people[person], message, data).id for person, data in presses]
        self._unanswered.update(queries)
        self._all_answered.clear()
        async with asyncio.timeout(PATIENCE_S):
            await self._all_answered.wait()
        return [(self._answered_at.pop(query) - pressed_at) * 1000 for query in queries]

    async def _message_with_buttons(self) -> Message:
        chat = Driver(self._world).chat(RESPONDERS_ID)
        view = await chat.wait_for(lambda view: bool(view.buttons), timeout=PATIENCE_S)
        return min((one for one in chat.messages if one.buttons), key=lambda one: one.id, default=view).message


async def serve() -> None:
    """Serves until it is ended."""
    world = World.demo()
    stopwatch = Stopwatch(world)
    server = SandboxServer(world, limits=Limits.none(), extra_routes=stopwatch.add_routes, static_dir=None)
    stopwatch.server = server
    async with server:
        sys.stdout.write(f"{server.url}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(serve())
