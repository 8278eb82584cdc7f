"""A Prometheus that hangs, drips, lies or is not there: every question ends, and is never answered with a figure."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.domain.plan import Metric, Unit
from bot.engine.evidence import Evidence
from bot.engine.prometheus import THREADS, Prometheus
from bot.engine.samples import Unknown, UnknownReason

AT = datetime(2026, 1, 11, 12, tzinfo=UTC)
SHORT = timedelta(seconds=0.4)
UP = Metric(title="Up", query="up", unit=Unit.COUNT)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def server(handler: Handler) -> AsyncGenerator[str]:
    """A server that answers every request by this handler; its address."""
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", handler)
    serving = TestServer(application, handler_cancellation=True)
    await serving.start_server()
    yield str(serving.make_url("/"))
    await serving.close()


@contextmanager
def client(url: str | None, in_flight: int = 16) -> Generator[Prometheus]:
    """A client with short timeouts."""
    prometheus = Prometheus(url, SHORT, in_flight)
    yield prometheus
    prometheus.close()


async def reason_of(prometheus: Prometheus) -> UnknownReason:
    """Why the question whether the service is up has no answer."""
    reading = await Evidence(prometheus).read(UP, AT)
    assert isinstance(reading, Unknown)
    assert reading.detail
    return reading.reason


async def hang(_: web.Request) -> web.StreamResponse:
    """Never answer."""
    await asyncio.Event().wait()
    return web.Response()


async def drip(request: web.Request) -> web.StreamResponse:
    """Send a byte now and then, so that no timeout between bytes ever strikes."""
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(b" ")
        await asyncio.sleep(0)


async def test_a_server_that_hangs_or_drips_is_given_up_in_time() -> None:
    """Silence and a dripping answer both end as a timeout, soon after it."""
    loop = asyncio.get_running_loop()
    for handler in (hang, drip):
        async with server(handler) as url:
            with client(url) as prometheus:
                before = loop.time()
                assert await reason_of(prometheus) is UnknownReason.TIMEOUT
                assert loop.time() - before < 5


async def test_a_saturated_pool_refuses_at_once_and_recovers() -> None:
    """When all places are taken by a hung server the next question is refused at once; later there is room again."""
    hung, arrived = True, asyncio.Semaphore(0)

    async def answer(request: web.Request) -> web.StreamResponse:
        if hung:
            arrived.release()
            return await hang(request)
        return web.json_response({"status": "success", "data": {"result": [{"metric": {}, "value": [1, "1"]}]}})

    async with server(answer) as url:
        with client(url, in_flight=THREADS) as prometheus:
            waiting = [asyncio.create_task(prometheus.instant("up", AT)) for _ in range(THREADS)]
            for _ in waiting:
                await arrived.acquire()
            refused = await asyncio.wait_for(prometheus.instant("up", AT), 0.2)
            assert isinstance(refused, Unknown)
            assert "keep up" in refused.detail
            await asyncio.wait(waiting)
            hung = False
            assert not isinstance(await prometheus.instant("up", AT), Unknown)


@pytest.mark.parametrize(
    "body",
    [
        "<html>",
        "[]",
        "{}",
        '{"data": null}',
        '{"data": {"result": 5}}',
        '{"data": {"result": [1]}}',
        '{"data": {"result": [1, "x"]}}',
        '{"data": {"result": [{"metric": {}, "value": [1]}]}}',
    ],
)
async def test_what_is_no_prometheus_answer_is_an_error(body: str) -> None:
    """A page, a proxy or a broken server is never mistaken for a figure."""

    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(text=body, content_type="application/json")

    async with server(answer) as url:
        with client(url) as prometheus:
            assert await reason_of(prometheus) is UnknownReason.ERROR


async def test_a_failing_server_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """503 is told as it is: no retries, which would hold a thread for seconds."""
    monkeypatch.setenv("NO_PROXY", "*")
    asked = 0

    async def answer(_: web.Request) -> web.StreamResponse:
        nonlocal asked
        asked += 1
        return web.Response(status=503, text="down")

    async with server(answer) as url:
        with client(url) as prometheus:
            refused = await prometheus.instant("up", AT)
    assert isinstance(refused, Unknown)
    assert "503" in refused.detail
    assert asked == 1


async def test_an_answer_that_is_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory is bounded whatever the server sends."""
    monkeypatch.setattr("bot.engine.prometheus_http.MOST_ANSWER_BYTES", 1024)

    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(body=b"x" * 200_000)

    async with server(answer) as url:
        with client(url) as prometheus:
            assert await reason_of(prometheus) is UnknownReason.ERROR


async def test_nobody_there_and_none_configured_are_told_apart() -> None:
    """A refused connection is an error without the address' password; no address says so."""
    with client("http://user:hunter2@127.0.0.1:9") as prometheus:
        reading = await prometheus.instant("up", AT)
        assert isinstance(reading, Unknown)
        assert reading.reason is UnknownReason.ERROR
        assert "hunter2" not in reading.detail
    with client(None) as prometheus:
        assert await reason_of(prometheus) is UnknownReason.NOT_CONFIGURED
