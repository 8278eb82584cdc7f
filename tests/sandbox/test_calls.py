"""Calls over HTTP: how parameters come, and what is refused in which words."""

from typing import Any

import aiohttp
import pytest

from bot.sandbox.driver import Driver
from bot.sandbox.files import Upload
from bot.sandbox.server import SandboxServer
from bot.sandbox.world import DEMO_TOKEN, Draft
from tests.sandbox.conftest import RESPONDERS, Caller


@pytest.mark.parametrize("encoding", ["query", "form", "multipart", "json"])
async def test_parameters_come_in_four_ways(encoding: str, server: SandboxServer, http: aiohttp.ClientSession) -> None:
    """A query, a form, a multipart form and JSON all do."""
    params = {"chat_id": str(RESPONDERS), "text": "hé"}
    url = f"{server.url}/bot{DEMO_TOKEN}/sendmessage"
    match encoding:
        case "query":
            request = http.get(url, params=params)
        case "form":
            request = http.post(url, data=params)
        case "multipart":
            form = aiohttp.FormData(params, default_to_multipart=True)
            request = http.post(url, data=form)
        case _:
            request = http.post(url, json=params)
    async with request as response:
        assert (await response.json())["result"]["text"] == "hé"


async def test_wrong_token_and_wrong_method(server: SandboxServer, http: aiohttp.ClientSession) -> None:
    """A wrong token is 401, an unknown method 404, in Telegram's form."""
    async with http.get(f"{server.url}/bot2:no/getMe") as response:
        assert (response.status, await response.json()) == (
            401,
            {"ok": False, "error_code": 401, "description": "Unauthorized"},
        )
    async with http.get(f"{server.url}/bot{DEMO_TOKEN}/getYou") as response:
        assert (response.status, await response.json()) == (
            404,
            {"ok": False, "error_code": 404, "description": "Not Found"},
        )


@pytest.mark.parametrize(
    ("method", "params", "reason"),
    [
        ("editMessageText", {"text": "y"}, "message identifier is not specified"),
        ("editMessageText", {"text": "y", "message_id": 2}, "there is no text in the message to edit"),
        ("editMessageCaption", {"caption": "y", "message_id": 1}, "there is no caption in the message to edit"),
        ("sendChatAction", {"action": "dance"}, "wrong parameter action in request"),
        ("unpinChatMessage", {}, "message to unpin not found"),
        ("pinChatMessage", {"message_id": 9}, "message to pin not found"),
        ("setMessageReaction", {"message_id": 9}, "message to react not found"),
        ("setMessageReaction", {"message_id": 1, "reaction": [{"type": "paid"}]}, "REACTION_INVALID"),
        ("getChatMember", {}, "invalid user_id specified"),
        ("getChatMember", {"user_id": 4}, "user not found"),
        ("sendMessage", {"text": "x", "reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
        ("sendMessage", {"text": "x", "reply_markup": []}, "object expected as reply markup"),
        ("sendMessage", {"text": "x", "reply_parameters": 1}, "object expected as reply parameters"),
    ],
)
async def test_other_refusals(method: str, params: dict[str, Any], reason: str, call: Caller, driver: Driver) -> None:
    """Each has Telegram's words."""
    await call("sendMessage", chat_id=RESPONDERS, text="x")
    upload = Upload("x.txt", "text/plain", b"x")
    driver.world.post(
        driver.chat("Incidents").chat,
        Draft(driver.world.bots[DEMO_TOKEN], document=driver.world.files.store(upload, photo=False)),
    )
    assert (await call(method, chat_id=RESPONDERS, **params)).description == f"Bad Request: {reason}"
