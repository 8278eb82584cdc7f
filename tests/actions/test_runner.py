"""Actions as real processes: bounded, printable, masked, and never left behind."""

import asyncio
import os
import select
import signal
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.masking import MASK
from bot.domain.plan import Action
from bot.engine.output import SIDE_CHARACTERS, Output
from bot.engine.runner import Exited, Killed, NotStarted, Runner, TimedOut
from bot.engine.stragglers import MARK
from tests.actions.conftest import TOKEN


def command(*arguments: str, timeout_s: float = 30, cwd: str | None = None) -> Action:
    """An action that runs these arguments."""
    return Action(title="A", run=arguments, timeout=timedelta(seconds=timeout_s), authority="on_call", cwd=cwd)


def python(code: str, timeout_s: float = 30) -> Action:
    """An action that runs Python code."""
    return command(sys.executable, "-u", "-c", code, timeout_s=timeout_s)


def shell(script: str, timeout_s: float = 30) -> Action:
    """An action that runs a shell script, as the plan's own do."""
    return command("bash", "-c", script, timeout_s=timeout_s)


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
    """A command sees PATH, HOME, LANG and TZ alone, and the mark by which what it started is found."""
    monkeypatch.setenv("NABAT_TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("TZ", "UTC")
    printed = (await runner.run(command("env"))).output.text
    assert {line.partition("=")[0] for line in printed.splitlines()} <= {"PATH", "HOME", "LANG", "TZ", MARK}


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


async def test_the_last_words_before_a_silence_are_heard(runner: Runner) -> None:
    """What comes right after a report is told too, though nothing more comes for a long time."""
    seen: asyncio.Queue[Output] = asyncio.Queue()
    task = asyncio.create_task(runner.run(shell("echo one; sleep 0.2; echo two; exec sleep 1000"), seen.put_nowait))
    while "two" not in (await seen.get()).text:
        continue
    task.cancel()
    await asyncio.wait({task})


async def test_half_a_token_is_not_shown_while_the_rest_is_to_come(runner: Runner, tmp_path: Path) -> None:
    """A secret that reaches the reader in two pieces is never seen by its first one; a short word is."""
    seen: asyncio.Queue[Output] = asyncio.Queue()
    code = f"""import pathlib, time
print("at 50% of {TOKEN[:20]}", end="")
while not pathlib.Path("go").exists(): time.sleep(0.01)
print("{TOKEN[20:]} done")
print("at 90%", end="")
time.sleep(1000)"""
    task = asyncio.create_task(runner.run(python(code), seen.put_nowait))
    assert (await seen.get()).text == "at 50% of …"
    (tmp_path / "go").touch()
    heard = await seen.get()
    while "90%" not in heard.text:
        heard = await seen.get()
        assert TOKEN[:9] not in heard.text
    assert heard.text == f"at 50% of {MASK} done\nat 90%"
    task.cancel()
    await asyncio.wait({task})


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


LEAVES = f"""import os, subprocess, sys, time
print(subprocess.Popen(["setsid", "sleep", "1000"]).pid)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        print(os.getpid(), {TOKEN!r})
        signal = __import__("signal")
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        time.sleep(1000)
    os._exit(0)
os.wait()
"""
"""Starts a process in a session of its own, and a daemon that is nobody's child any more and does not listen."""


def left(printed: str) -> list[int]:
    """The processes that left, by what they printed."""
    return [int(line.split()[0]) for line in printed.splitlines()]


async def test_at_its_time_limit_also_what_left_its_group_is_ended(runner: Runner) -> None:
    """A session of its own, a daemon: nothing that a command started goes on after it was ended."""
    result = await runner.run(python(f"{LEAVES}time.sleep(1000)", timeout_s=5))
    assert isinstance(result.ending, TimedOut)
    assert TOKEN not in result.output.text
    pids = left(result.output.text)
    assert (len(pids), [ended(pid) for pid in pids]) == (2, [True, True])


async def test_where_no_process_can_be_ended_by_its_descriptor_the_end_is_told_all_the_same(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kernel or a container's filter that refuses pidfd_open(2) takes nobody the result of an action."""

    def refused(pid: int) -> int:
        raise PermissionError(1, "Operation not permitted", str(pid))

    real = os.pidfd_open
    with monkeypatch.context() as patch:
        patch.setattr("bot.engine.stragglers.os.pidfd_open", refused)
        result = await runner.run(python(f"{LEAVES}time.sleep(1000)", timeout_s=5))
    assert isinstance(result.ending, TimedOut)
    for pid in left(result.output.text):
        process = real(pid)
        signal.pidfd_send_signal(process, signal.SIGKILL)
        os.close(process)


async def test_cancelling_ends_also_what_left_the_group(runner: Runner) -> None:
    """A bot that is stopped leaves nothing running of what it ended half-way."""
    seen: asyncio.Queue[Output] = asyncio.Queue()
    task = asyncio.create_task(runner.run(python(f"{LEAVES}time.sleep(1000)"), seen.put_nowait))
    while len(pids := left((await seen.get()).text)) < 2:
        continue
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert [ended(pid) for pid in pids] == [True, True]


async def test_a_service_that_a_command_started_lives_on(runner: Runner, tmp_path: Path) -> None:
    """A rollback that restarts a daemon and ends well has done what it was to do."""
    os.mkfifo(tmp_path / "said")
    daemon = "touch up; exec > said; echo alive"
    result = await runner.run(shell(f"setsid bash -c '{daemon}' & until [ -e up ]; do sleep 0.01; done"))
    assert result.ending == Exited(0)
    said = os.open(tmp_path / "said", os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert select.select([said], [], [], 10)[0], "nobody is there to write"
        assert os.read(said, 100) == b"alive\n"
    finally:
        os.close(said)


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
