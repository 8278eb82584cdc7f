"""How updates reach a bot: long polling and webhooks."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web

from bot.sandbox.driver import Driver
from bot.sandbox.people import BotRole
from bot.sandbox.server import SandboxServer
from bot.sandbox.world import World
from tests.sandbox.conftest import RESPONDERS, Caller, Clock


async def test_an_update_comes_again_until_it_is_confirmed(call: Caller, driver: Driver) -> None:
    """Only a higher offset forgets an update; the limit cuts, oldest first."""
    for text in ("/one", "two", "three"):
        await driver.person("anna").send("Incidents", text)
    first = await call("getUpdates", limit=2)
    again = await call("getUpdates", limit=2)
    assert first.result == again.result
    assert [update["message"]["text"] for update in first.result] == ["/one", "two"]
    assert first.result[0]["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 4}]
    rest = await call("getUpdates", offset=first.result[-1]["update_id"] + 1)
    assert [update["message"]["text"] for update in rest.result] == ["three"]


async def test_a_negative_offset_keeps_the_newest(call: Caller, driver: Driver) -> None:
    """Offset -1 forgets everything but the last update."""
    for text in ("one", "two"):
        await driver.person("anna").send("Incidents", text)
    assert [update["message"]["text"] for update in (await call("getUpdates", offset=-1)).result] == ["two"]


async def test_a_poll_waits_for_news(call: Caller, driver: Driver, server: SandboxServer) -> None:
    """A poll with a timeout answers as soon as something happens."""
    poll = asyncio.create_task(call("getUpdates", timeout=30))
    await server.wait_for_poll()
    await driver.person("anna").send(1001, "hello")
    assert (await poll).result[0]["message"]["chat"]["id"] == 1001


async def test_a_second_poller_ends_the_first(call: Caller, driver: Driver, server: SandboxServer) -> None:
    """The poll that waits gets the conflict, the new one waits on."""
    first = asyncio.create_task(call("getUpdates", timeout=30))
    await server.wait_for_poll()
    second = asyncio.create_task(call("getUpdates", timeout=30))
    reply = await first
    assert (reply.status, reply.description) == (
        409,
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    )
    await driver.person("anna").send(1001, "hello")
    assert len((await second).result) == 1


async def test_updates_are_kept_for_a_day(call: Caller, driver: Driver, clock: Clock) -> None:
    """What nobody fetched within 24 hours is gone."""
    await driver.person("anna").send(1001, "hello")
    clock.move(timedelta(hours=24, seconds=1))
    assert (await call("getUpdates")).result == []


async def test_only_allowed_kinds_are_kept(call: Caller, driver: Driver) -> None:
    """A bot that asks for presses alone gets no messages."""
    await call("getUpdates", allowed_updates=["callback_query"])
    await driver.person("anna").send(1001, "hello")
    assert (await call("getUpdates")).result == []


async def test_privacy_mode_hides_talk_from_a_plain_member(call: Caller, driver: Driver) -> None:
    """A bot that is no admin reads commands, mentions and replies to it, nothing else; an admin reads all."""
    chat = driver.chat("Incidents")
    await call("getUpdates", allowed_updates=["message"])
    card = await call("sendMessage", chat_id=RESPONDERS, text="card")
    chat.set_bot_role(BotRole.MEMBER)
    anna = driver.person("anna")
    await anna.send(chat, "idle talk")
    await anna.send(chat, "/ack")
    await anna.send(chat, "/ack@other_bot")
    await anna.send(chat, "hi @nabat_bot")
    await anna.send(chat, "it is the disk", reply_to=card.result["message_id"])
    heard = [update["message"]["text"] for update in (await call("getUpdates")).result]
    assert heard == ["/ack", "hi @nabat_bot", "it is the disk"]


async def test_a_correction_is_an_update_of_its_own(call: Caller, driver: Driver) -> None:
    """A person's edit reaches the bot as edited_message with the same id."""
    anna = driver.person("anna")
    sent = await anna.send("Incidents", "/updaet x")
    await anna.edit(sent, "/update x")
    edited = (await call("getUpdates")).result[1]["edited_message"]
    assert (edited["message_id"], edited["text"]) == (sent.id, "/update x")


async def test_an_anonymous_admin_is_nobody(call: Caller, driver: Driver) -> None:
    """The sender is GroupAnonymousBot, and the chat speaks."""
    await driver.person("anna").send("Incidents", "/ack", anonymous=True)
    message = (await call("getUpdates")).result[0]["message"]
    assert (message["from"]["id"], message["sender_chat"]["id"]) == (1087968824, RESPONDERS)


async def test_a_block_and_a_new_role_are_told(call: Caller, driver: Driver) -> None:
    """The bot learns that it was blocked, and what it became in a group."""
    await driver.person("anna").block()
    driver.chat("Incidents").set_bot_role(BotRole.MEMBER)
    changes = [update["my_chat_member"] for update in (await call("getUpdates")).result]
    assert [change["new_chat_member"]["status"] for change in changes] == ["kicked", "member"]


async def test_a_press_on_a_deleted_message_has_no_message(call: Caller, driver: Driver) -> None:
    """The bot gets the message as inaccessible, with date 0."""
    keyboard = {"inline_keyboard": [[{"text": "Ack", "callback_data": "a"}]]}
    await call("sendMessage", chat_id=RESPONDERS, text="x", reply_markup=keyboard)
    stale = driver.chat("Incidents").last
    await call("deleteMessage", chat_id=RESPONDERS, message_id=stale.id)
    driver.person("anna").press_unanswered(stale, "Ack")
    query = (await call("getUpdates")).result[0]["callback_query"]
    assert query["message"] == {
        "chat": {"id": RESPONDERS, "type": "supergroup", "title": "Incidents"},
        "message_id": stale.id,
        "date": 0,
    }


@dataclass
class Receiver:
    """A webhook that notes what it gets, and refuses as often as it is told."""

    url: str = ""
    refusals: int = 0
    secrets: list[str | None] = field(default_factory=list[str | None])
    texts: asyncio.Queue[str] = field(default_factory=asyncio.Queue[str])

    async def take(self, request: web.Request) -> web.Response:
        """Take an update."""
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        update: dict[str, Any] = await request.json()
        if self.refusals:
            self.refusals -= 1
            return web.Response(status=500)
        await self.texts.put(update["message"]["text"])
        return web.Response()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """A running webhook."""
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hook", receiver.take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield receiver
    await runner.cleanup()


async def test_a_webhook_gets_updates_in_order_with_the_secret(
    call: Caller, driver: Driver, receiver: Receiver
) -> None:
    """Waiting and new updates are pushed, a chat's in their order, each with the secret token; polling is refused."""
    await driver.person("anna").send(1001, "one")
    assert (await call("setWebhook", url=receiver.url, secret_token="s-1")).result is True  # noqa: S106 - an example
    await driver.person("anna").send(1001, "two")
    assert [await receiver.texts.get(), await receiver.texts.get()] == ["one", "two"]
    assert receiver.secrets == ["s-1", "s-1"]
    refused = await call("getUpdates")
    assert (refused.status, refused.description) == (
        409,
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    )
    assert (await call("deleteWebhook")).result is True
    assert (await call("getWebhookInfo")).result["url"] == ""


async def test_a_refused_push_comes_again(call: Caller, driver: Driver, receiver: Receiver) -> None:
    """What the webhook did not take is pushed again, and the error is told."""
    receiver.refusals = 1
    await call("setWebhook", url=receiver.url)
    await driver.person("anna").send(1001, "one")
    assert await receiver.texts.get() == "one"
    info = (await call("getWebhookInfo")).result
    assert info["last_error_message"] == "Wrong response from the webhook: 500 Internal Server Error"


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({"url": "ftp://e.org"}, "invalid webhook URL specified"),
        ({"url": "https://e.org", "secret_token": "no spaces"}, "secret token contains unallowed characters"),
    ],
)
async def test_a_wrong_webhook_is_refused(params: dict[str, str], reason: str, call: Caller, world: World) -> None:
    """The address and the secret are checked, and nothing is set."""
    assert (await call("setWebhook", **params)).description == f"Bad Request: {reason}"
    assert next(iter(world.bots.values())).webhook is None
