"""The feed of the web chat: a WebSocket at `/ws`, JSON both ways; and the files at `/files/…`.

Server to client:

- `{"type": "hello", "people": [{"id", "name", "initials", "started", "blocked"}],
  "chats": [{"id", "title", "kind": "group" | "private", "person": user id or null, "bot": name}],
  "messages": {chat_id: [MESSAGE, … the last 200]}}` – first, and again when a chat is new or became a supergroup
- `{"type": "message", "message": MESSAGE}`, `{"type": "edited", "message": MESSAGE}`
- `{"type": "deleted", "chat_id", "message_id"}`
- `{"type": "toast", "person", "text", "alert": bool}` – the bot's answer to a press
- `{"type": "typing", "chat_id"}`
- `{"type": "pinned", "chat_id", "message_id" or null}`
- `{"type": "person", "person": {"id", "name", "initials", "started", "blocked"}}` – somebody started or blocked

MESSAGE is `{"chat_id", "message_id", "from": {"id", "name", "bot": bool}, "date": unix, "edited": unix or null, "text",
"entities": [{"type", "offset", "length", "url"?, "unix_time"?, "date_time_format"?, "language"?}],
"photo": url or null, "document": {"name", "url", "size"} or null, "reply_to": {"message_id", "from", "text"} or null,
"buttons": [[{"text", "data" | "url" | "copy", "style"}]], "pinned": bool, "silent": bool,
"forwarded_from": name or null}`. A caption is in `text`. A private chat's id is its person's.

Client to server, each with a `seq` of the client's choice:

- `{"type": "send", "person", "chat_id", "text", "reply_to": id or null}`
- `{"type": "press", "person", "chat_id", "message_id", "data"}`
- `{"type": "start", "person"}`
- `{"type": "block", "person", "blocked": bool}`

Each gets `{"type": "ok", "for": seq}` or `{"type": "error", "for": seq, "error": sentence}`.
"""

import asyncio
import json
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from aiohttp import WSMsgType, web
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from bot.sandbox import actions
from bot.sandbox.errors import NotAllowedError
from bot.sandbox.events import Happening
from bot.sandbox.live_views import event_json, hello
from bot.sandbox.world import World

MAX_BACKLOG = 1_000
"""Events a slow client may be behind; then it is cut off and connects anew."""
PING_EVERY_S = 20


class _Act(BaseModel):
    model_config = ConfigDict(frozen=True)

    seq: int | str | None = None
    person: int


class SendAct(_Act):
    """A person writes."""

    type: Literal["send"]
    chat_id: int
    text: str
    reply_to: int | None = None


class PressAct(_Act):
    """A person presses a button."""

    type: Literal["press"]
    chat_id: int
    message_id: int
    data: str = Field(max_length=64)


class StartAct(_Act):
    """A person presses Start."""

    type: Literal["start"]


class BlockAct(_Act):
    """A person blocks the bot, or unblocks it."""

    type: Literal["block"]
    blocked: bool


Act = Annotated[SendAct | PressAct | StartAct | BlockAct, Field(discriminator="type")]
_ACT: TypeAdapter[SendAct | PressAct | StartAct | BlockAct] = TypeAdapter(Act)


class LiveFeed:
    """Every web chat that is open."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._clients: set[web.WebSocketResponse] = set()

    def add_routes(self, app: web.Application) -> None:
        """Mounts the feed and the files."""
        app.router.add_get("/ws", self._handle)
        app.router.add_get("/files/{path:.+}", self._handle_file)

    async def close(self) -> None:
        """Says goodbye to every web chat."""
        for client in tuple(self._clients):
            await client.close()

    async def _handle(self, http: web.Request) -> web.StreamResponse:
        _refuse_foreign_pages(http)
        socket = web.WebSocketResponse(heartbeat=PING_EVERY_S)
        await socket.prepare(http)
        backlog: asyncio.Queue[dict[str, Any]] = asyncio.Queue(MAX_BACKLOG)
        backlog.put_nowait(hello(self._world))
        end_watching = self._world.subscribe(lambda happening: self._pass_on(happening, backlog, writing))
        writing = asyncio.create_task(_write(socket, backlog))
        self._clients.add(socket)
        try:
            async for received in socket:
                if received.type is WSMsgType.TEXT:
                    _offer(backlog, carry_out(self._world, received.data), writing)
        finally:
            end_watching()
            self._clients.discard(socket)
            writing.cancel()
            await asyncio.wait([writing])
        return socket

    def _pass_on(
        self, happening: Happening, backlog: asyncio.Queue[dict[str, Any]], writing: "asyncio.Task[None]"
    ) -> None:
        shown = event_json(self._world, happening)
        if shown is not None:
            _offer(backlog, shown, writing)

    async def _handle_file(self, http: web.Request) -> web.StreamResponse:
        file = self._world.files.at_path(http.match_info["path"])
        if file is None:
            raise web.HTTPNotFound
        headers = {"X-Content-Type-Options": "nosniff"}
        if file.width:
            return web.Response(body=file.content, content_type=file.mime, headers=headers)
        headers["Content-Disposition"] = "attachment"
        return web.Response(body=file.content, content_type="application/octet-stream", headers=headers)


def _offer(backlog: asyncio.Queue[dict[str, Any]], shown: dict[str, Any], writing: "asyncio.Task[None]") -> None:
    try:
        backlog.put_nowait(shown)
    except asyncio.QueueFull:
        writing.cancel()


async def _write(socket: web.WebSocketResponse, backlog: asyncio.Queue[dict[str, Any]]) -> None:
    try:
        while True:
            await socket.send_str(json.dumps(await backlog.get()))
    except ConnectionResetError:
        return
    finally:
        await socket.close()


def _refuse_foreign_pages(http: web.Request) -> None:
    """A page of another site must not talk to the sandbox in a visitor's name."""
    origin = http.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != http.host:
        raise web.HTTPForbidden


def carry_out(world: World, text: str) -> dict[str, Any]:
    """Does what a web chat asks for; gives the `ok` or the `error` to answer."""
    try:
        act = _ACT.validate_json(text)
    except ValidationError as error:
        return {"type": "error", "for": _seq(text), "error": str(error.errors()[0]["msg"])}
    try:
        _do(world, act)
    except NotAllowedError as error:
        return {"type": "error", "for": act.seq, "error": str(error)}
    except KeyError as error:
        return {"type": "error", "for": act.seq, "error": f"nothing here has the id {error}"}
    return {"type": "ok", "for": act.seq}


def _do(world: World, act: SendAct | PressAct | StartAct | BlockAct) -> None:
    person = world.people[act.person]
    match act:
        case SendAct():
            actions.say(world, person, world.chats[act.chat_id], act.text, reply_to=act.reply_to)
        case PressAct():
            actions.press(world, person, world.chats[act.chat_id].messages[act.message_id], act.data)
        case StartAct():
            actions.start(world, person)
        case BlockAct():
            actions.block(world, person, blocked=act.blocked)


def _seq(text: str) -> Any:
    """The `seq` of an act that is not valid, if it can be read at all."""
    try:
        return json.loads(text).get("seq")
    except (ValueError, AttributeError):
        return None
