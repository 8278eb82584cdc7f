"""Health checks against a real server."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.domain.plan import HealthCheck
from bot.engine.health import HealthResult, check_health

TOKEN = "987654:" + "Zz_9-" * 7  # a made-up token in the shape of Telegram's


async def answer(request: web.Request) -> web.StreamResponse:
    """What each path of the service says."""
    match request.path:
        case "/well":
            return web.Response()
        case "/hang":
            await asyncio.Event().wait()
        case "/sick":
            return web.Response(status=503, text=f"database:\n down\x00 {TOKEN}" + "x" * 100_000)
        case "/moved":
            raise web.HTTPFound("/well")
        case "/circle":
            raise web.HTTPFound("/circle")
        case "/elsewhere":
            raise web.HTTPFound("http://example.invalid/")
        case "/drop":
            assert request.transport is not None
            request.transport.abort()
        case _:
            return web.Response(status=304)
    return web.Response()


@pytest.fixture
async def service() -> AsyncIterator[TestServer]:
    """The service under `answer`."""
    application = web.Application()
    application.router.add_get("/{path}", answer)
    server = TestServer(application, handler_cancellation=True)
    await server.start_server()
    yield server
    await server.close()


async def check(*urls: str) -> tuple[HealthResult, ...]:
    """The results for these addresses, each with a short timeout."""
    checks = [HealthCheck(name=f"c{index}", url=url, timeout=timedelta(seconds=0.5)) for index, url in enumerate(urls)]
    async with aiohttp.ClientSession() as http:
        return await check_health(http, checks)


@pytest.mark.parametrize(
    ("path", "ok", "status", "reason"),
    [
        ("/well", True, 200, ""),
        ("/moved", True, 200, ""),
        ("/hang", False, None, "no answer within 0.5 s"),
        ("/sick", False, 503, "HTTP 503: database: down •••"),
        ("/circle", False, 302, "more than 3 redirects"),
        ("/elsewhere", False, 302, "redirects elsewhere (example.invalid)"),
        ("/drop", False, None, "no proper answer: ServerDisconnectedError"),
        ("/304", False, 304, "HTTP 304"),
    ],
)
async def test_an_address_is_well_when_it_answers_2xx_in_time(
    service: TestServer, path: str, ok: bool, status: int | None, reason: str
) -> None:
    """Everything else is ill, with its status and a short reason that holds no secret."""
    (result,) = await check(str(service.make_url(path)))
    assert (result.ok, result.status) == (ok, status)
    assert result.reason.startswith(reason) if reason else not result.reason
    assert len(result.reason) < 250
    assert TOKEN[:20] not in result.reason


async def test_nobody_there_is_told_as_no_connection() -> None:
    """A refused connection names itself, without the address: stakeholders read it, too."""
    (result,) = await check("http://127.0.0.1:9/")
    assert result.reason == "no connection: Connection refused"


async def test_checks_run_side_by_side_and_keep_their_order(service: TestServer) -> None:
    """Ten hanging checks take as long as one, and the results come in the plan's order."""
    hang, well = (str(service.make_url(path)) for path in ("/hang", "/well"))
    before = asyncio.get_running_loop().time()
    results = await check(*([hang] * 10), well)
    assert asyncio.get_running_loop().time() - before < 3
    assert [result.name for result in results] == [f"c{index}" for index in range(11)]
    assert results[-1].ok
