"""`nabat check`: who is on call, who blocked the bot, and whether calendar and overrides can be read."""

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from redis import Redis

from bot.engine.team_desk import UNREACHABLE
from bot.sandbox.driver import Driver
from bot.store.dial import dial_socket
from bot.store.store import Store
from tests.cli.conftest import ROSTER
from tests.cli.examination import Examination
from tests.redis_server import RedisServer, redis_server

TURNS = "{name: primary, people: [anna, boris], every: 1w, starts: '2026-01-05T10:00', timezone: UTC}"
SECRET = "a-private-address"  # noqa: S105 - opens nothing but this test's calendar
EVENTS = """\
BEGIN:VEVENT
UID:1
DTSTAMP:20260101T000000Z
DTSTART:20260101T000000Z
DTEND:20260101T120000Z
RRULE:FREQ=DAILY
SUMMARY:Boris
END:VEVENT
BEGIN:VEVENT
UID:2
DTSTAMP:20260101T000000Z
DTSTART:20260101T120000Z
DTEND:20260102T000000Z
RRULE:FREQ=DAILY
SUMMARY:Zoe
END:VEVENT
"""


@pytest.fixture
async def calendars() -> AsyncIterator[TestServer]:
    """A server of calendars."""

    async def answer(request: web.Request) -> web.Response:
        if request.path != f"/{SECRET}/on-call.ics":
            return web.Response(status=404)
        return web.Response(
            text=f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:t\n{EVENTS}END:VCALENDAR\n".replace("\n", "\r\n")
        )

    application = web.Application()
    application.router.add_get("/{path:.*}", answer)
    server = TestServer(application)
    await server.start_server()
    yield server
    await server.close()


@pytest.fixture
async def redis() -> AsyncIterator[RedisServer]:
    """A Redis that keeps its data."""
    with redis_server("--appendonly", "yes", "--appendfsync", "always") as server:
        yield server


def with_on_call(environment: dict[str, str], on_call: str) -> None:
    """Write these turns into the roster."""
    Path(environment["NABAT_ROSTER_FILE"]).write_text(f"{ROSTER}on_call:\n  {on_call}\n")


async def test_who_is_on_call_now_is_told(examination: Examination) -> None:
    """Without turns that is everybody with the role."""
    await examination()
    assert "ok on call now: Anna" in examination.of("on call")


async def test_a_rotation_with_somebody_out_of_reach_is_told(
    examination: Examination, environment: dict[str, str], driver: Driver
) -> None:
    """Whoever can't be paged on their turns is named; when that is all of them, something is broken."""
    with_on_call(environment, f"rotations: [{TURNS}]")
    driver.person("boris").person.started = False
    assert await examination() == 0
    assert "warning rotation primary: Anna, Boris; can't be paged: Boris" in examination.of("on call")
    driver.person("anna").person.started = False
    assert await examination() == 1
    assert "BROKEN rotation primary: Anna, Boris; none of them can be paged" in examination.of("on call")
    assert "can't be paged" in examination.of("on call").split("rotation", maxsplit=1)[0]


async def test_who_blocked_the_bot_is_named(examination: Examination, redis: RedisServer) -> None:
    """What the bot learnt when it happened is told, also where Telegram says nothing of it."""
    connection = dial_socket(str(redis.socket))
    store = Store(connection)
    await store.set_fact(f"{UNREACHABLE}clara", "blocked the bot")
    await store.batches.close()
    await connection.close()
    await examination(REDIS_URL=f"unix://{redis.socket}")
    assert "Clara (clara) can't be written to (blocked the bot)" in examination.of("people")
    assert "can be paged: Anna, Boris" in examination.of("people")


async def test_overrides_that_cannot_be_read_are_broken(examination: Examination, redis: RedisServer) -> None:
    """A newer Nabat's event in the team's log is told with what to do."""
    with Redis(unix_socket_path=str(redis.socket)) as client:
        client.rpush("{nabat}:log:TEAM", '{"v": 999, "kind": "prophesied"}')
    assert await examination(REDIS_URL=f"unix://{redis.socket}") == 1
    assert "BROKEN overrides can't be read: TEAM, event 1 (prophesied)" in examination.of("on call")


async def test_the_calendar_is_read(
    examination: Examination, environment: dict[str, str], calendars: TestServer
) -> None:
    """Its shifts are counted, and events that name nobody are told; its address, which may be a secret, is not."""
    with_on_call(environment, f"ical_url: {calendars.make_url(f'/{SECRET}/on-call.ics')}")
    assert await examination() == 0
    assert "ok the on-call calendar can be read:" in examination.of("on call")
    assert "events that name nobody on the roster: Zoe" in examination.of("on call")
    assert SECRET not in examination.text


async def test_a_calendar_that_cannot_be_read_is_broken(
    examination: Examination, environment: dict[str, str], calendars: TestServer
) -> None:
    """A wrong address is told by what came of it."""
    with_on_call(environment, f"ical_url: {calendars.make_url(f'/{SECRET}/gone.ics')}")
    assert await examination() == 1
    assert "BROKEN the on-call calendar: HTTP 404" in examination.of("on call")
    assert SECRET not in examination.text


async def test_a_hanging_calendar_ends_the_examination_in_time(
    examination: Examination, environment: dict[str, str]
) -> None:
    """Nobody answers at its address: told within 15 seconds."""
    # The kernel takes the connection; nobody reads it.
    with socket.create_server(("127.0.0.1", 0)) as silent:
        with_on_call(environment, f"ical_url: http://127.0.0.1:{silent.getsockname()[1]}/{SECRET}")
        async with asyncio.timeout(15):
            assert await examination() == 1
    assert "BROKEN the on-call calendar: not read within" in examination.of("on call")
