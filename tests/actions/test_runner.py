"""Actions as real processes and requests: bounded, printable, masked, and never left behind."""

import asyncio
import gzip
import os
import select
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.domain.masking import MASK
from bot.domain.plan import Action, HttpRequest
from bot.engine.output import SIDE_CHARACTERS, Output
from bot.engine.runner import ANSWER_BYTES, Answered, Exited, Killed, NotAnswered, NotStarted, Runner, TimedOut

TOKEN = "987654:" + "Zz_9-" * 7  # a made-up token in the shape of Telegram's


@pytest.fixture
async def runner(tmp_path: Path) -> AsyncIterator[Runner]:
    """A runner in an empty directory, that knows one secret."""
    async with aiohttp.ClientSession() as http:
        yield Runner(tmp_path, http, ["correct horse"])


def command(*arguments: str, timeout_s: float = 30, cwd: str | None = None) -> Action:
    """An action that runs these arguments."""
    return Action(title="A", run=arguments, timeout=timedelta(seconds=timeout_s), authority="on_call", cwd=cwd)


def python(code: str, timeout_s: float = 30) -> Action:
    """An action that runs Python code."""
    return command(sys.executable, "-u", "-c", code, timeout_s=timeout_s)


def shell(script: str, timeout_s: float = 30) -> Action:
    """An action that runs a shell script, as the plan's own do."""
    return command("bash", "-c", script, timeout_s=timeout_s)


def request(url: str, timeout_s: float = 30, body: str | None = None) -> Action:
    """An action that posts to an address."""
    http = HttpRequest(url=url, body=body, headers={})
    return Action(title="A", http=http, timeout=timedelta(seconds=timeout_s), authority="on_call")


def ended(pid: int) -> bool:
    """Whether a process ends within moments; a KILL takes effect after it was sent."""
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([process], [], [], 5)[0])
    finally:
        os.close(process)


def open_files() -> int:
    """How many descriptors this process holds."""
    return len(list(Path("/proc/self/fd").iterdir()))


async def test_the_exit_status_and_both_streams_are_told(runner: Runner) -> None:
    """What was printed to either stream is there, with the exit status."""
    result = await runner.run(shell("echo out; echo err >&2; exit 3"))
    assert result.ending == Exited(3)
    assert not result.ok
    assert result.output.text == "out\nerr"


async def test_success_is_exit_status_zero(runner: Runner) -> None:
    """Exit status 0 is success."""
    assert (await runner.run(command("true"))).ok


async def test_arguments_meet_no_shell(runner: Runner) -> None:
    """What a shell would expand stays as it is."""
    assert (await runner.run(command("echo", "$HOME; `id` *"))).output.text == "$HOME; `id` *"


async def test_the_environment_holds_nothing_of_the_bot(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command sees PATH, HOME, LANG and TZ alone."""
    monkeypatch.setenv("NABAT_TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("TZ", "UTC")
    printed = (await runner.run(command("env"))).output.text
    assert {line.partition("=")[0] for line in printed.splitlines()} <= {"PATH", "HOME", "LANG", "TZ"}


async def test_ten_megabytes_are_bounded_to_their_head_and_tail(runner: Runner) -> None:
    """The first and last lines of a long output are kept, with the number of those between."""
    code = "for i in range(200000): print(f'line {i:06} ' + 'x' * 40)"
    result = await runner.run(python(code))
    assert result.output.size > 10_000_000
    assert len(result.output.text) < 2 * SIDE_CHARACTERS + 200
    assert result.output.head[0].startswith("line 000000")
    assert result.output.tail[-1].startswith("line 199999")
    assert len(result.output.head) + result.output.omitted + len(result.output.tail) == 200_000


async def test_one_endless_line_is_cut(runner: Runner) -> None:
    """Ten megabytes without a newline are one shortened line."""
    result = await runner.run(python("print('x' * 10_000_000)"))
    assert len(result.output.text) < 5000
    assert result.output.text.endswith("…")


async def test_binary_output_is_made_printable(runner: Runner) -> None:
    """Control characters, broken UTF-8 and terminal colours can't disturb a reader; progress bars show their end."""
    printed = b"\x00\xff\x07 \x1b[31mred\x1b[0m\n10%\r50%\r100%\n" + bytes(range(256))
    code = f"import sys; sys.stdout.buffer.write({printed!r})"
    text = (await runner.run(python(code))).output.text
    assert all(character.isprintable() or character in "\n\t" for character in text)
    assert "red\n100%\n" in text


async def test_only_the_lines_asked_for_are_kept(runner: Runner) -> None:
    """Of a log the lines with a word are kept, as `grep` would; the rest is not even counted as left out."""
    errors = python("for i in range(10000): print('ERROR' if i % 5000 == 0 else 'error', i)")
    result = await runner.run(errors.model_copy(update={"only_lines_with": "ERROR"}))
    assert result.output.text == "ERROR 0\nERROR 5000"


async def test_secrets_in_the_output_are_masked(runner: Runner) -> None:
    """Neither a token by its shape nor a known secret comes through, in the result or while it runs."""
    seen: list[Output] = []
    result = await runner.run(shell(f"echo token {TOKEN}; echo correct horse; sleep 0.1"), seen.append)
    for output in (result.output, *seen):
        assert TOKEN not in repr(output)
        assert "correct horse" not in repr(output)
    assert MASK in result.output.text
    assert seen


async def test_a_command_that_never_ends_is_ended(runner: Runner) -> None:
    """After the time limit the command gets TERM, and what it printed until then is told."""
    result = await runner.run(shell("echo begun; exec sleep 1000", timeout_s=0.5))
    assert result.ending == TimedOut(timedelta(seconds=0.5))
    assert result.output.text == "begun"
    assert result.took < timedelta(seconds=5)


async def test_a_command_that_ignores_term_is_killed(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    """KILL follows for whoever does not listen, children included."""
    monkeypatch.setattr("bot.engine.runner.TERM_GRACE", timedelta(seconds=0.2))
    result = await runner.run(shell("trap '' TERM; sleep 1000 & echo $!; wait; wait; sleep 1000", timeout_s=1))
    assert isinstance(result.ending, TimedOut)
    assert ended(int(result.output.text))


async def test_children_that_outlive_their_parent_are_ended(runner: Runner) -> None:
    """A background child neither survives nor holds up the result by keeping the output open."""
    result = await runner.run(shell("sleep 1000 & echo $!"))
    assert result.ending == Exited(0)
    assert ended(int(result.output.text))
    assert result.took < timedelta(seconds=10)


async def test_a_child_of_a_session_of_its_own_does_not_hold_up_the_result(runner: Runner) -> None:
    """Even a daemon that keeps the output open can't make the reader wait for it."""
    result = await runner.run(shell("setsid sleep 20 & echo $!"))
    assert result.ending == Exited(0)
    assert result.took < timedelta(seconds=10)


async def test_a_command_killed_by_somebody_else_says_so(runner: Runner) -> None:
    """The signal that ended it is named."""
    assert (await runner.run(shell("kill -KILL $$"))).ending == Killed("SIGKILL")


async def test_cancelling_ends_the_command(runner: Runner) -> None:
    """Who no longer waits for an action leaves nothing running."""
    seen: asyncio.Queue[Output] = asyncio.Queue()
    task = asyncio.create_task(runner.run(shell("echo $$; exec sleep 1000"), seen.put_nowait))
    pid = int((await seen.get()).text)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended(pid)


@pytest.mark.parametrize(
    ("action", "reason"),
    [
        (command("no-such-program"), "no-such-program: No such file"),
        (command("true", cwd="nowhere"), "'nowhere' does not exist"),
        (
            Action.model_construct(
                title="A", run=("a\0b",), http=None, cwd=None, only_lines_with=None, timeout=timedelta(seconds=1)
            ),
            "not a valid command line",
        ),
        (Action.model_construct(title="A", run=None, http=None, only_lines_with=None), "neither"),
    ],
)
async def test_what_can_not_start_says_why(runner: Runner, action: Action, reason: str) -> None:
    """A missing program or directory is told in words, not by an exception; no descriptor stays open."""
    before = open_files()
    ending = (await runner.run(action)).ending
    assert isinstance(ending, NotStarted)
    assert reason in ending.reason
    assert open_files() == before


async def flowing(asked: web.Request, piece: bytes, pause_s: float = 0) -> web.StreamResponse:
    """An answer that never ends, as fast as its reader or slowly."""
    answer = web.StreamResponse()
    await answer.prepare(asked)
    while True:
        await answer.write(piece)
        await asyncio.sleep(pause_s)


@pytest.fixture
async def service() -> AsyncIterator[TestServer]:
    """A service whose answers the tests choose by path."""

    async def answer(asked: web.Request) -> web.StreamResponse:  # noqa: PLR0911 - one answer a path
        match asked.path:
            case "/hang":
                await asyncio.Event().wait()
            case "/long":
                return web.Response(body=b"x\n" * 5_000_000)
            case "/endless":
                return await flowing(asked, b"x\n" * 4096)
            case "/drip":
                return await flowing(asked, b"x", pause_s=0.02)
            case "/bomb":
                body = gzip.compress(bytes(50_000_000))
                return web.Response(body=body, headers={"Content-Encoding": "gzip"})
            case "/binary":
                return web.Response(body=bytes(range(256)) * 100)
            case "/drop":
                assert asked.transport is not None
                asked.transport.abort()
            case "/elsewhere":
                raise web.HTTPFound("http://127.0.0.1:9/")
            case _:
                return web.Response(text=f"{asked.method} {await asked.text()} {TOKEN}", status=int(asked.path[1:]))
        return web.Response()

    application = web.Application()
    application.router.add_route("*", "/{path}", answer)
    server = TestServer(application, handler_cancellation=True)
    await server.start_server()
    yield server
    await server.close()


async def test_an_http_action_tells_its_status_and_answer(runner: Runner, service: TestServer) -> None:
    """Status and masked body are told; 2xx is success."""
    good = await runner.run(request(str(service.make_url("/202")), body="now"))
    assert (good.ending, good.ok, good.output.text) == (Answered(202), True, f"POST now {MASK}")
    assert not (await runner.run(request(str(service.make_url("/500"))))).ok


async def test_http_actions_are_bounded(runner: Runner, service: TestServer) -> None:
    """Hanging, endless, dropped and redirected answers each end in their own way."""
    hung = await runner.run(request(str(service.make_url("/hang")), timeout_s=0.3))
    assert hung.ending == TimedOut(timedelta(seconds=0.3))
    assert (await runner.run(request(str(service.make_url("/long"))))).output.size <= 65536
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
