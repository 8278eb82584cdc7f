"""Redis away: nobody is told that something was saved when it was not, and once it is back all goes on by itself."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.sandbox.driver import Answer, MessageView
from tests.faults.lives import until
from tests.faults.mortal_redis import MortalRedis
from tests.house import Fired, House

PATIENCE_S = 60.0
NOT_SAVED = "Nothing was saved"
NOT_KNOWN = "not known"
LEASE_FOR = timedelta(seconds=2)
SECOND = Fired(name="DiskFull", group="{}:{alertname='DiskFull'}", summary="The disk is full")
FIRST_CALLS = 5
"""Messages that a new incident sends at once: three pages, the card, and news for stakeholders."""
TOO_LITTLE_BYTES = 1


@pytest.fixture
async def redis(tmp_path: Path) -> AsyncIterator[MortalRedis]:
    """A Redis of the test's own, which can be killed and come back on its data."""
    with MortalRedis(tmp_path / "redis") as server:
        yield server


@pytest.fixture
async def house(tmp_path: Path, redis: MortalRedis) -> AsyncIterator[House]:
    """A bot on that Redis, with an incident that everybody on call was paged for."""
    url = SecretStr(f"unix://{redis.socket}")
    async with House(tmp_path, redis_url=url, lease_for=LEASE_FOR) as built:
        await built.post("/hooks/alertmanager", Fired().body())
        await built.person("anna").private.wait_for("INC-1")
        await built.responders.wait_for("INC-1")
        await built.settle()
        yield built


async def test_without_redis_nothing_is_promised(house: House, redis: MortalRedis) -> None:
    """Hooks and API answer 503, a press and a command are told that nothing was saved, and readiness says why."""
    redis.kill()
    for path, body in (("/hooks/alertmanager", SECOND.body()), ("/api/incidents", {"title": "It burns"})):
        status, answer = await house.post(path, body)
        assert status == 503
        assert NOT_SAVED in answer["error"]["message"]
    assert NOT_SAVED in (await ack(house)).text
    assert NOT_SAVED in (await answer_to(house, "/note INC-1 it burns")).text
    status, answer = await house.get("/readyz")
    assert status == 503
    assert "Redis" in answer["error"]["message"]
    assert (await house.get("/healthz"))[0] == 200


async def test_after_redis_all_goes_on_by_itself(house: House, redis: MortalRedis) -> None:
    """Back on its data: hooks, presses, pages, cards and timers work, and what was refused did not happen."""
    redis.kill()
    await ack(house)
    redis.start()
    await house.until(lambda: is_ready(house))
    assert "acknowledged" not in await house.kinds()

    await house.post("/hooks/alertmanager", SECOND.body())
    await house.person("anna").private.wait_for("INC-2", timeout=PATIENCE_S)
    await house.pass_time(timedelta(minutes=5))
    page = await house.person("anna").private.wait_for("still nobody has it", timeout=PATIENCE_S)
    assert "You have" in (await house.person("anna").press(page, "Ack", timeout=PATIENCE_S)).text
    await house.responders.wait_for("Anna has it", timeout=PATIENCE_S)


async def test_what_was_being_sent_while_redis_went_is_sent_once(house: House, redis: MortalRedis) -> None:
    """The message arrives while the store is away: its id is noted later, and it is not sent again."""
    hang = house.sandbox.faults.hang("sendMessage", times=FIRST_CALLS)
    await house.post("/hooks/alertmanager", SECOND.body())
    await until(lambda: hang.times == 0)
    redis.kill()
    hang.release()
    await house.person("anna").private.wait_for("INC-2", timeout=PATIENCE_S)
    await house.responders.wait_for("INC-2", timeout=PATIENCE_S)
    redis.start()
    await house.until(lambda: is_ready(house))
    await house.settle()
    for key in ("anna", "boris", "clara"):
        assert count(house, key, "INC-2") == 1


async def test_an_outage_longer_than_the_lease_doubles_nothing(house: House, redis: MortalRedis) -> None:
    """The lease runs out while nobody can renew it; it is taken anew, and what was sent stays sent."""
    before = [view.text for view in house.person("anna").private.messages]
    redis.kill()
    await ack(house)
    await redis.until_gone_for(LEASE_FOR)
    redis.start()
    await house.until(lambda: is_ready(house))
    await house.post("/hooks/alertmanager", SECOND.body())
    await house.person("anna").private.wait_for("INC-2", timeout=PATIENCE_S)
    await house.settle()
    assert [view.text for view in house.person("anna").private.messages][: len(before)] == before
    assert count(house, "anna", "INC-2") == 1


async def test_a_frozen_redis_does_not_carry_out_later_what_was_given_up(house: House, redis: MortalRedis) -> None:
    """The press lies in Redis's buffers while its sender gives up; awake again, Redis must not act on it.

    Whoever pressed is told that it is not known: Redis could as well have saved it before it froze.
    """
    redis.freeze()
    press, hook = await asyncio.gather(ack(house), house.post("/hooks/alertmanager", SECOND.body()))
    assert NOT_KNOWN in press.text
    assert hook[0] == 503
    redis.thaw()
    await house.until(lambda: is_ready(house))
    await house.settle()
    assert "acknowledged" not in await house.kinds()
    assert (await house.get("/api/incidents/INC-2"))[0] == 404
    assert "You have INC-1" in (await ack(house)).text


async def test_a_redis_without_memory_is_no_store(house: House, redis: MortalRedis) -> None:
    """Full, and told not to throw anything away: the same sentences, and all goes on once there is room."""
    redis.ask("CONFIG", "SET", "maxmemory", TOO_LITTLE_BYTES)
    status, answer = await house.post("/hooks/alertmanager", SECOND.body())
    assert (status, NOT_SAVED in answer["error"]["message"]) == (503, True)
    assert NOT_SAVED in (await ack(house)).text
    redis.ask("CONFIG", "SET", "maxmemory", 0)
    assert (await house.post("/hooks/alertmanager", SECOND.body()))[0] == 200
    assert "You have INC-1" in (await ack(house)).text
    await house.person("boris").private.wait_for("INC-2", timeout=PATIENCE_S)
    await house.responders.wait_for("Anna has it", timeout=PATIENCE_S)


async def test_a_read_only_redis_is_no_store(house: House, redis: MortalRedis) -> None:
    """A replica, after a failover went wrong: it reads and refuses to write, and that is what people are told."""
    redis.ask("REPLICAOF", "127.0.0.1", 1)
    status, answer = await house.post("/hooks/alertmanager", SECOND.body())
    assert (status, NOT_SAVED in answer["error"]["message"]) == (503, True)
    assert NOT_SAVED in (await ack(house)).text
    redis.ask("REPLICAOF", "NO", "ONE")
    await house.until(lambda: is_ready(house))
    assert (await house.post("/hooks/alertmanager", SECOND.body()))[0] == 200
    assert "You have INC-1" in (await ack(house)).text
    await house.responders.wait_for("Anna has it", timeout=PATIENCE_S)


async def test_the_embedded_redis_comes_back_after_a_kill(tmp_path: Path) -> None:
    """Killed with -9 under a running bot: it is started again on its data, and nobody has to do anything."""
    async with House(tmp_path) as house:
        await house.post("/hooks/alertmanager", Fired().body())
        await house.person("anna").private.wait_for("INC-1")
        await house.settle()
        first = embedded_pid(tmp_path)
        os.kill(first, signal.SIGKILL)
        await house.until(lambda: is_ready(house))
        assert (await house.post("/hooks/alertmanager", SECOND.body()))[1] == {"incidents": ["INC-2"]}
        await house.person("anna").private.wait_for("INC-2", timeout=PATIENCE_S)
        assert "You have INC-1" in (await ack(house)).text
        assert embedded_pid(tmp_path) != first
        assert count(house, "anna", "INC-1") == 1


async def ack(house: House) -> Answer:
    """Anna presses Ack under her page of INC-1."""
    page = next(view for view in house.person("anna").private.messages if "INC-1" in view.text)
    return await house.person("anna").press(page, "Ack", timeout=PATIENCE_S)


async def answer_to(house: House, command: str) -> MessageView:
    """Anna writes to the bot; what it answers."""
    anna = house.person("anna")
    written = await anna.send(anna.private, command)
    return await anna.private.wait_for(
        lambda view: view.reply_to is not None and view.reply_to.id == written.id, timeout=PATIENCE_S
    )


async def is_ready(house: House) -> bool:
    """Whether the bot says so."""
    return (await house.get("/readyz"))[0] == 200


def count(house: House, key: str, text: str) -> int:
    """How many of somebody's private messages hold the text."""
    return sum(text in view.text for view in house.person(key).private.messages)


def embedded_pid(data_dir: Path) -> int:
    """The process id of the embedded server that uses this folder."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal() and str(data_dir / "redis" / "redis.sock").encode() in _command_line(folder):
            return int(folder.name)
    raise AssertionError("there is no embedded Redis")


def _command_line(process: Path) -> bytes:
    try:
        return (process / "cmdline").read_bytes()
    except FileNotFoundError:
        return b""
