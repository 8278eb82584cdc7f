"""Faults on purpose."""

import asyncio
from datetime import timedelta

import aiohttp
import pytest

from bot.sandbox.driver import Driver
from bot.sandbox.server import SandboxServer
from tests.sandbox.conftest import RESPONDERS, Caller


async def test_a_closed_port_opens_again(server: SandboxServer, call: Caller) -> None:
    """Connections are refused, open ones break, and the same port works afterwards."""
    assert (await call("getMe")).status == 200
    port = server.port
    await server.faults.refuse_connections()
    with pytest.raises(aiohttp.ClientError):
        await call("getMe")
    await server.faults.accept_connections()
    assert (await call("getMe")).status == 200
    assert server.port == port


async def test_a_closed_port_breaks_a_waiting_poll(server: SandboxServer, call: Caller) -> None:
    """A long poll breaks off when Telegram goes away."""
    poll = asyncio.create_task(call("getUpdates", timeout=30))
    await server.wait_for_poll()
    await server.faults.refuse_connections()
    with pytest.raises(aiohttp.ClientError):
        await poll


async def test_a_failure_counts_its_calls(server: SandboxServer, call: Caller, driver: Driver) -> None:
    """The next calls of a method fail as told, without effect; other methods and later calls work."""
    server.faults.fail("sendMessage", 429, "Too Many Requests: retry after 7", retry_after_s=7, times=2)
    for _ in range(2):
        reply = await call("sendMessage", chat_id=RESPONDERS, text="x")
        assert (reply.status, reply.body["parameters"]) == (429, {"retry_after": 7})
    assert (await call("getMe")).body["ok"]
    assert (await call("sendMessage", chat_id=RESPONDERS, text="x")).body["ok"]
    assert len(driver.chat("Incidents").messages) == 1


async def test_taken_but_never_answered(server: SandboxServer, call: Caller, driver: Driver) -> None:
    """The message is there, the connection breaks, and the journal knows."""
    server.faults.take_then_drop("sendMessage")
    with pytest.raises(aiohttp.ClientError):
        await call("sendMessage", chat_id=RESPONDERS, text="x")
    assert driver.chat("Incidents").last.text == "x"
    assert [noted.status for noted in server.journal.of("sendMessage")] == [0]


async def test_a_hung_call_takes_effect_only_while_its_client_waits(
    server: SandboxServer, call: Caller, driver: Driver
) -> None:
    """A released call goes on; one whose client gave up does nothing."""
    hang = server.faults.hang("sendMessage")
    given_up = asyncio.create_task(call("sendMessage", chat_id=RESPONDERS, text="given up"))
    await hang.reached.wait()
    given_up.cancel()
    await asyncio.wait([given_up])
    patient = asyncio.create_task(call("sendMessage", chat_id=RESPONDERS, text="patient"))
    await call("getMe")
    hang.release()
    assert (await patient).body["ok"]
    assert [message.text for message in driver.chat("Incidents").messages] == ["patient"]


async def test_latency_is_added(server: SandboxServer, call: Caller) -> None:
    """A slow Telegram takes at least as long as told; the journal has the times."""
    server.faults.latency = timedelta(milliseconds=30)
    await call("getMe")
    noted = server.journal.of("getMe")[0]
    assert noted.answered_at - noted.at >= 0.03
    assert noted.ok
    assert (noted.method, noted.result["username"]) == ("getMe", "nabat_bot")


async def test_the_journal_tells_what_was_asked(server: SandboxServer, call: Caller) -> None:
    """A refused call is in the journal with its parameters and the reason."""
    await call("sendMessage", chat_id=5, text="x")
    noted = server.journal.of("sendMessage")[0]
    assert (noted.params, noted.status, noted.description) == (
        {"chat_id": 5, "text": "x"},
        400,
        "Bad Request: chat not found",
    )
