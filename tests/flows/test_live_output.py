"""What an action says is read while it runs: a command's output, and the answer of a deployment elsewhere."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.domain.plan import Action, HttpRequest
from tests.flows.staging import plan_of
from tests.house import House

HELD = web.AppKey("held", asyncio.Event)


async def deploy(asked: web.Request) -> web.StreamResponse:
    """Takes a while, and tells how far it is; the test lets it go on."""
    answer = web.StreamResponse()
    await answer.prepare(asked)
    await answer.write(b"stopping 4.2.1\npassword=hunter2hunter2\n")
    await asked.app[HELD].wait()
    await answer.write(b"4.2.0 is up\n")
    return answer


@pytest.fixture
async def elsewhere() -> AsyncIterator[TestServer]:
    """Where the team's deployment is done, by a request."""
    application = web.Application()
    application[HELD] = asyncio.Event()
    application.router.add_post("/deploy", deploy)
    server = TestServer(application, handler_cancellation=True)
    await server.start_server()
    yield server
    await server.close()


async def test_a_deployment_elsewhere_tells_how_far_it_is(tmp_path: Path, elsewhere: TestServer) -> None:
    """The answer to a request is in the live message while it comes, masked; then the end stands in its place."""
    url = str(elsewhere.make_url("/deploy?token=s3cr3t-t0k3n"))
    request = HttpRequest(url=url, headers={"Authorization": "Bearer s3cr3t-t0k3n"})
    action = Action(title="Rollback", http=request, authority="on_call")
    async with House(tmp_path / "bot", plan_of(action)) as house:
        await house.declare()
        anna, room = house.person("anna"), house.responders
        await anna.send(room, "/rollback")
        await anna.press(await room.wait_for("Run Rollback"), "Confirm")
        live = await room.wait_for("stopping 4.2.1", timeout=30)
        assert "Rollback runs since" in live.text
        assert "4.2.0 is up" not in live.text

        elsewhere.app[HELD].set()
        await room.wait_for("answered with status 200", timeout=30)
        await house.driver.wait_until(lambda _: "4.2.0 is up" in live.refreshed().text)
        assert not [message for message in room.messages if "s3cr3t" in message.text or "hunter2" in message.text]
    assert live.refreshed().text.count("stopping 4.2.1") == 1
