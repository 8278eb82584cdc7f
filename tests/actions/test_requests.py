"""Actions that are HTTP requests: heard while they come, bounded, masked."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.domain.masking import MASK
from bot.domain.plan import Action, HttpRequest
from bot.engine.endings import Answered, NotAnswered, NotStarted, TimedOut
from bot.engine.output import Output
from bot.engine.runner import ANSWER_BYTES, Runner
from tests.actions.conftest import TOKEN

GO_ON = web.AppKey("go_on", asyncio.Event)


def request(url: str, timeout_s: float = 30, body: str | None = None) -> Action:
    """An action that posts to an address."""
    http = HttpRequest(url=url, body=body, headers={})
    return Action(title="A", http=http, timeout=timedelta(seconds=timeout_s), authority="on_call")


async def flowing(asked: web.Request, piece: bytes, pause_s: float = 0) -> web.StreamResponse:
    """An answer that never ends, as fast as its reader or slowly."""
    answer = web.StreamResponse()
    await answer.prepare(asked)
    while True:
        await answer.write(piece)
        await asyncio.sleep(pause_s)


async def endless(asked: web.Request) -> web.StreamResponse:
    """Lines without an end, as fast as they are read."""
    return await flowing(asked, b"x\n" * 4096)


async def drip(asked: web.Request) -> web.StreamResponse:
    """A letter now and then, without an end."""
    return await flowing(asked, b"x", pause_s=0.02)


async def steps(asked: web.Request) -> web.StreamResponse:
    """An answer that tells how far it is, and goes on only after somebody asked for `/go`."""
    answer = web.StreamResponse()
    await answer.prepare(asked)
    await answer.write(f"step 1\ntoken {TOKEN}\n".encode())
    await asked.app[GO_ON].wait()
    await answer.write(b"step 2\n")
    return answer


async def hang(_: web.Request) -> web.StreamResponse:
    """No answer, ever."""
    await asyncio.Event().wait()
    raise AssertionError("nobody sets it")


async def drop(asked: web.Request) -> web.StreamResponse:
    """The connection breaks before there is an answer."""
    assert asked.transport is not None
    asked.transport.abort()
    return web.Response()


async def go(asked: web.Request) -> web.StreamResponse:
    """What waits for it goes on."""
    asked.app[GO_ON].set()
    return web.Response()


async def bomb(_: web.Request) -> web.StreamResponse:
    """Fifty megabytes in fifty kilobytes."""
    return web.Response(body=gzip.compress(bytes(50_000_000)), headers={"Content-Encoding": "gzip"})


async def echo(asked: web.Request) -> web.StreamResponse:
    """What was asked, and a token, with the status that the path names."""
    return web.Response(text=f"{asked.method} {await asked.text()} {TOKEN}", status=int(asked.path[1:]))


async def long(_: web.Request) -> web.StreamResponse:
    """Ten megabytes."""
    return web.Response(body=b"x\n" * 5_000_000)


async def binary(_: web.Request) -> web.StreamResponse:
    """Every byte there is."""
    return web.Response(body=bytes(range(256)) * 100)


async def elsewhere(_: web.Request) -> web.StreamResponse:
    """The answer is somewhere else."""
    raise web.HTTPFound("http://127.0.0.1:9/")


@pytest.fixture
async def service() -> AsyncIterator[TestServer]:
    """A service whose answers the tests choose by path."""
    application = web.Application()
    application[GO_ON] = asyncio.Event()
    for each in (hang, drop, go, bomb, long, binary, elsewhere, endless, drip, steps):
        application.router.add_route("*", f"/{each.__name__}", each)
    application.router.add_route("*", "/{status}", echo)
    server = TestServer(application, handler_cancellation=True)
    await server.start_server()
    yield server
    await server.close()


async def test_an_http_action_tells_its_status_and_answer(runner: Runner, service: TestServer) -> None:
    """Status and masked body are told; 2xx is success."""
    good = await runner.run(request(str(service.make_url("/202")), body="now"))
    assert (good.ending, good.ok, good.output.text) == (Answered(202), True, f"POST now {MASK}")
    assert not (await runner.run(request(str(service.make_url("/500"))))).ok


async def test_an_http_answer_is_heard_while_it_comes(runner: Runner, service: TestServer) -> None:
    """A deployment elsewhere tells how far it is: masked, and long before its end."""
    seen: asyncio.Queue[Output] = asyncio.Queue()
    task = asyncio.create_task(runner.run(request(str(service.make_url("/steps"))), seen.put_nowait))
    heard = await seen.get()
    while "token" not in heard.text:
        heard = await seen.get()
    assert heard.text == f"step 1\ntoken {MASK}"
    assert not task.done()
    await runner.run(request(str(service.make_url("/go"))))
    result = await task
    assert (result.ending, result.output.text) == (Answered(200), f"step 1\ntoken {MASK}\nstep 2")


async def test_http_actions_are_bounded(runner: Runner, service: TestServer) -> None:
    """Hanging, endless, dropped and redirected answers each end in their own way."""
    hung = await runner.run(request(str(service.make_url("/hang")), timeout_s=0.3))
    assert hung.ending == TimedOut(timedelta(seconds=0.3))
    assert isinstance((await runner.run(request(str(service.make_url("/drop"))))).ending, NotAnswered)
    assert (await runner.run(request(str(service.make_url("/elsewhere"))))).ending == Answered(302)
    assert isinstance((await runner.run(request("http://127.0.0.1:9/"))).ending, NotStarted)


async def test_an_endless_answer_is_cut(runner: Runner, service: TestServer) -> None:
    """Ten megabytes, a body without an end and one that inflates: the beginning is kept, and the status counts."""
    for path in ("/long", "/endless", "/bomb"):
        result = await runner.run(request(str(service.make_url(path))))
        assert result.ending == Answered(200)
        assert result.output.size <= ANSWER_BYTES
        assert result.took < timedelta(seconds=10)


async def test_an_answer_that_drips_is_ended_in_time(runner: Runner, service: TestServer) -> None:
    """Bytes that keep coming put no limit off."""
    slow = await runner.run(request(str(service.make_url("/drip")), timeout_s=0.3))
    assert slow.ending == TimedOut(timedelta(seconds=0.3))
    assert slow.took < timedelta(seconds=5)


async def test_a_binary_answer_is_made_printable(runner: Runner, service: TestServer) -> None:
    """A body of any bytes can't disturb a reader."""
    text = (await runner.run(request(str(service.make_url("/binary"))))).output.text
    assert all(character.isprintable() or character in "\n\t" for character in text)
