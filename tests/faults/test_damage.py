"""One thing that can't be read, a newer Nabat's or a damaged one, keeps nothing else from going on."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from tests.house import Fired, House
from tests.redis_server import RedisServer

SECOND = Fired(name="DiskFull", group="{}:{alertname='DiskFull'}", summary="The disk is full")
FROM_TOMORROW = '{"v": 999, "kind": "prophesied", "at": "2026-01-09T14:02:00Z", "by": {"kind": "system"}}'
NEVER_SENT = "1|0|0||||"
"""The numbers of a row that nobody tried to send (bot/store/scripts/rows.lua)."""


@pytest.fixture
async def house(tmp_path: Path, redis: RedisServer) -> AsyncIterator[House]:
    """A bot on a Redis that the test can look into."""
    async with House(tmp_path, redis_url=SecretStr(f"unix://{redis.socket}")) as built:
        yield built


async def test_a_message_that_a_newer_nabat_asked_for_stops_no_other(house: House, redis: RedisServer) -> None:
    """The row stays for the one that understands it; pages and cards go past it, also after a restart."""
    rows = house.bot.store.keys.outbox
    with redis.client() as client:
        client.hset(rows.rows, "prophecy:1", f'{NEVER_SENT}{{"kind": "prophecy", "incident": "INC-1"}}')
        for queue in (rows.queue, rows.ready):
            client.zadd(queue, {"prophecy:1": 0})
    await house.post("/hooks/alertmanager", Fired().body())
    await house.person("anna").private.wait_for("INC-1")
    await house.stop_bot()
    await house.start_bot()
    await house.post("/hooks/alertmanager", SECOND.body())
    await house.person("anna").private.wait_for("INC-2")
    with redis.client() as client:
        assert client.hexists(rows.rows, "prophecy:1")


async def test_an_incident_that_cannot_be_read_stops_no_other(house: House, redis: RedisServer) -> None:
    """Its own timers wait; the others' go off, their cards are kept fresh, and the list shows them."""
    await house.post("/hooks/alertmanager", Fired().body())
    await house.post("/hooks/alertmanager", SECOND.body())
    await house.person("anna").private.wait_for("INC-2")
    await house.settle()
    await house.stop_bot()
    with redis.client() as client:
        client.rpush("{nabat}:log:INC-1", FROM_TOMORROW)
    await house.start_bot()
    await house.pass_time(timedelta(minutes=5))
    repeated = await house.person("anna").private.wait_for(
        lambda view: "INC-2" in view.text and "still nobody has it" in view.text
    )
    assert "You have INC-2" in (await house.person("anna").press(repeated, "Ack")).text
    _, listed = await house.get("/api/incidents")
    assert [incident["id"] for incident in listed["incidents"]] == ["INC-2"]
    assert not house.bot.work.done()


async def test_a_team_log_that_cannot_be_read_stops_nobody(house: House, redis: RedisServer) -> None:
    """On call is as the roster says, and that is told; a start works, too, and overrides are refused, not lost."""
    assert "Dan is on call" in (await house.write("anna", "/override dan 4h")).text
    with redis.client() as client:
        client.rpush("{nabat}:log:TEAM", FROM_TOMORROW)
    await house.declare("Another replica rings the bell")
    await house.until(lambda: is_told(house))
    for _ in range(2):
        shown = await house.write("anna", "/oncall")
        assert "Overrides can't be read now" in shown.text
        assert "On-call: Anna" in shown.text
        assert "can't be read" in (await house.write("anna", "/override off")).text
        await house.stop_bot()
        await house.start_bot()
        await house.until(lambda: is_told(house))
    await house.post("/hooks/alertmanager", Fired().body())
    await house.person("anna").private.wait_for("INC-2")
    assert not house.bot.work.done()


async def is_told(house: House) -> bool:
    """Whether a supervisor hears that the bot is ready, and what is amiss."""
    status, answer = await house.get("/readyz")
    return status == 200 and any("TEAM, event" in warning for warning in answer.get("warnings", ()))
