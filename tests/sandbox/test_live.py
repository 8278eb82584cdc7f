"""The feed of the web chat."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.sandbox.limits import Limits
from bot.sandbox.server import SandboxServer
from bot.sandbox.world import World
from tests.sandbox.conftest import RESPONDERS, Caller

KEYBOARD = {"inline_keyboard": [[{"text": "Ack", "callback_data": "a", "style": "danger"}]]}


class Feed:
    """A web chat that is open."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket

    async def next(self, kind: str) -> dict[str, Any]:
        """Give the next event of a kind."""
        while True:
            event: dict[str, Any] = await self._socket.receive_json()
            if event["type"] == kind:
                return event

    async def act(self, **act: Any) -> None:
        """Ask for something."""
        await self._socket.send_json(act)


@pytest.fixture
async def feed(server: SandboxServer, http: aiohttp.ClientSession) -> AsyncIterator[Feed]:
    """An open web chat."""
    async with http.ws_connect(f"{server.url}/ws") as socket:
        yield Feed(socket)


async def test_hello_tells_everything(call: Caller, feed: Feed) -> None:
    """The first event has people, chats and what was said."""
    hello = await feed.next("hello")
    assert hello["people"][4] == {"id": 1005, "name": "Eve", "initials": "E", "started": False, "blocked": False}
    assert {"id": RESPONDERS, "title": "Incidents", "kind": "group", "person": None, "bot": "Nabat"} in hello["chats"]
    assert {"id": 1001, "title": "Nabat", "kind": "private", "person": 1001, "bot": "Nabat"} in hello["chats"]
    assert hello["messages"][str(RESPONDERS)] == []
    assert (await call("getMe")).body["ok"]


async def test_what_the_bot_does_is_seen(call: Caller, feed: Feed) -> None:
    """Messages, edits, pins, typing and deletions arrive."""
    sent = await call("sendMessage", chat_id=RESPONDERS, text="<b>x</b>", parse_mode="HTML", reply_markup=KEYBOARD)
    message = (await feed.next("message"))["message"]
    assert message == {
        "chat_id": RESPONDERS,
        "message_id": 1,
        "from": {"id": 1, "name": "Nabat", "bot": True},
        "date": sent.result["date"],
        "edited": None,
        "text": "x",
        "entities": [{"type": "bold", "offset": 0, "length": 1}],
        "photo": None,
        "document": None,
        "reply_to": None,
        "buttons": [[{"text": "Ack", "data": "a", "style": "danger"}]],
        "pinned": False,
        "silent": False,
        "forwarded_from": None,
    }
    await call("editMessageText", chat_id=RESPONDERS, message_id=1, text="y")
    assert (await feed.next("edited"))["message"]["text"] == "y"
    await call("pinChatMessage", chat_id=RESPONDERS, message_id=1)
    assert await feed.next("pinned") == {"type": "pinned", "chat_id": RESPONDERS, "message_id": 1}
    await call("sendChatAction", chat_id=RESPONDERS, action="typing")
    assert (await feed.next("typing"))["chat_id"] == RESPONDERS
    await call("deleteMessage", chat_id=RESPONDERS, message_id=1)
    assert (await feed.next("deleted"))["message_id"] == 1


async def test_people_act_through_it(call: Caller, feed: Feed) -> None:
    """A message, a press with its toast, Start and a block go through the feed."""
    await feed.act(type="send", seq=1, person=1001, chat_id=RESPONDERS, text="/incident x", reply_to=None)
    assert await feed.next("ok") == {"type": "ok", "for": 1}
    await call("sendMessage", chat_id=RESPONDERS, text="card", reply_markup=KEYBOARD)
    await feed.act(type="press", seq=2, person=1001, chat_id=RESPONDERS, message_id=2, data="a")
    await feed.next("ok")
    updates = (await call("getUpdates")).result
    assert [set(update) - {"update_id"} for update in updates] == [{"message"}, {"callback_query"}]
    await call("answerCallbackQuery", callback_query_id=updates[1]["callback_query"]["id"], text="done")
    assert await feed.next("toast") == {"type": "toast", "person": 1001, "text": "done", "alert": False}
    await feed.act(type="start", seq=3, person=1005)
    assert (await feed.next("person"))["person"]["started"] is True
    await feed.act(type="block", seq=4, person=1005, blocked=True)
    assert (await feed.next("person"))["person"]["blocked"] is True


@pytest.mark.parametrize(
    "act",
    [
        {"type": "send", "person": 9, "chat_id": RESPONDERS, "text": "x"},
        {"type": "send", "person": 1001, "chat_id": 1002, "text": "x"},
        {"type": "press", "person": 1001, "chat_id": RESPONDERS, "message_id": 9, "data": "a"},
        {"type": "dance", "person": 1001},
    ],
)
async def test_what_cannot_be_is_refused(act: dict[str, Any], feed: Feed) -> None:
    """A stranger, a foreign chat, a missing message and nonsense are errors with the act's number."""
    await feed.act(**act, seq=7)
    error = await feed.next("error")
    assert error["for"] == 7
    assert error["error"]


async def test_another_sites_page_is_kept_out(server: SandboxServer, http: aiohttp.ClientSession) -> None:
    """A browser that comes from a foreign page is refused."""
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await http.ws_connect(f"{server.url}/ws", origin="https://evil.example")
    assert refused.value.status == 403


async def test_the_web_chat_and_more_are_mounted(world: World, tmp_path: Path, http: aiohttp.ClientSession) -> None:
    """The page is served at the root, its files beside it, and further routes go into the same application."""

    async def panel(_: web.Request) -> web.Response:
        return web.Response(text="panel")

    def mount(app: web.Application) -> None:
        app.router.add_get("/panel", panel)

    (tmp_path / "index.html").write_text("<h1>chat</h1>")
    (tmp_path / "chat.js").write_text("1")
    server = SandboxServer(world, limits=Limits.none(), extra_routes=mount, static_dir=tmp_path)
    async with server:
        for path, text in (("/", "<h1>chat</h1>"), ("/chat.js", "1"), ("/panel", "panel")):
            async with http.get(f"{server.url}{path}") as response:
                assert await response.text() == text
