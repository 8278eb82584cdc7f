"""`POST /hooks/telegram`: updates pushed by Telegram instead of polled for."""

from collections.abc import AsyncIterator
from pathlib import Path
from socket import socket
from typing import Any

import pytest
from pydantic import SecretStr

from bot.sandbox.world import DEMO_TOKEN
from tests.house import House

SECRET = "a-webhook-secret"  # noqa: S105 - opens nothing
HEADER = "X-Telegram-Bot-Api-Secret-Token"


@pytest.fixture
async def pushed(tmp_path: Path) -> AsyncIterator[House]:
    """A bot that Telegram pushes to, once Telegram knows its address."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    settings: dict[str, Any] = {
        "http_port": port,
        "public_url": f"http://127.0.0.1:{port}",
        "telegram_mode": "webhook",
        "telegram_webhook_secret": SecretStr(SECRET),
    }
    async with House(tmp_path, **settings) as built:
        bot = built.world.bots[DEMO_TOKEN]

        async def is_set() -> bool:
            return bot.webhook is not None

        await built.until(is_set)
        yield built


def written(text: str, update_id: int = 7_000) -> dict[str, object]:
    """An update: Anna wrote this in private."""
    anna = {"id": 1001, "is_bot": False, "first_name": "Anna"}
    chat = {"id": 1001, "type": "private", "first_name": "Anna"}
    entities = [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]
    message = {"message_id": 50, "date": 1_770_000_000, "from": anna, "chat": chat, "text": text, "entities": entities}
    return {"update_id": update_id, "message": message}


async def test_a_story_by_webhook(pushed: House) -> None:
    """Presses and commands work the same when they are pushed."""
    anna = pushed.person("anna")
    await anna.send(pushed.responders, "/incident Checkout fails")
    card = await pushed.responders.wait_for("nobody has it yet")
    assert "You have INC-1" in (await anna.press(card, "Ack")).text
    await pushed.responders.wait_for("Anna has it")


async def test_an_update_acts_once(pushed: House) -> None:
    """Telegram sends an update again when it did not see the 200: the second time nothing happens."""
    for _ in range(3):
        assert await pushed.post("/hooks/telegram", written("/incident Checkout fails"), **{HEADER: SECRET}) == (
            200,
            {},
        )
    status, answer = await pushed.get("/api/incidents")
    assert status == 200
    assert [incident["id"] for incident in answer["incidents"]] == ["INC-1"]


async def test_without_the_secret_nothing_is_taken(pushed: House) -> None:
    """401 in the one form, and the update did nothing."""
    for secret in (None, "", "wrong", "a-webhook-secre", "ключ"):
        headers = {} if secret is None else {HEADER: secret}
        status, answer = await pushed.post("/hooks/telegram", written("/incident Forged"), **headers)
        assert (status, answer["error"]["code"]) == (401, "unauthorized"), secret
    assert await pushed.get("/api/incidents") == (200, {"incidents": []})


UNREADABLE = (
    b"",
    b"{}",
    b"[]",
    b"null",
    b"no json",
    b"\xff",
    b'{"update_id": 1}',
    b'{"update_id": "x", "message": 5}',
    b'{"update_id": 2, "message": {"message_id": 1}}',
    b"[" * 9_999,
)


async def test_what_can_not_be_read_is_left(pushed: House) -> None:
    """Telegram would send it again and again: it is answered, logged and left, and the next update is taken."""
    for body in UNREADABLE:
        assert await pushed.post_raw("/hooks/telegram", body, **{HEADER: SECRET}) == (200, {}), body[:40]
    assert (await pushed.post("/hooks/telegram", written("/whoami"), **{HEADER: SECRET}))[0] == 200
    await pushed.person("anna").private.wait_for("on call now")


async def test_who_polls_takes_no_webhook(house: House) -> None:
    """A bot in polling mode has no secret, so nobody can push updates to it."""
    assert (await house.post("/hooks/telegram", written("/whoami"), **{HEADER: ""}))[0] == 401
