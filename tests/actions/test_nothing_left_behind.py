"""However an action ends, nothing that it started is left behind but a service that it was to start."""

import asyncio
import os
import select
import signal
from datetime import timedelta
from pathlib import Path

import pytest

from bot.engine.endings import Exited, TimedOut
from bot.engine.output import Output
from bot.engine.runner import Runner
from tests.actions.commands import command, open_files, python, shell
from tests.actions.conftest import TOKEN


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


def parent_of(pid: int) -> int:
    """The parent of a process (proc(5), `stat`)."""
    return int(Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])


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
        if parent_of(pid) == os.getpid():
            return real(pid)  # asyncio's own watch over a child, since Python 3.12
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


async def test_whoever_is_cancelled_again_while_cleaning_up_cleans_up_all_the_same(runner: Runner) -> None:
    """A bot that is told to stop twice leaves neither a process nor the reading of its output behind."""
    seen: asyncio.Queue[Output] = asyncio.Queue()
    task = asyncio.create_task(runner.run(python(f"{LEAVES}time.sleep(1000)"), seen.put_nowait))
    while len(pids := left((await seen.get()).text)) < 2:
        continue
    while not task.done():
        task.cancel()
        await asyncio.sleep(0)
    assert task.cancelled()
    assert [ended(pid) for pid in pids] == [True, True]
    assert asyncio.all_tasks() == {asyncio.current_task()}


@pytest.mark.parametrize("turns", range(8))
async def test_whoever_is_cancelled_at_the_start_leaves_nothing_open(runner: Runner, turns: int) -> None:
    """At any turn of the loop: the command may not be there yet."""
    await runner.run(command("true"))  # whatever is opened once and kept
    before = open_files()
    task = asyncio.create_task(runner.run(shell("exec sleep 1000")))
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait({task})
    assert open_files() == before


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


async def test_cancelling_ends_the_command(runner: Runner) -> None:
    """Who no longer waits for an action leaves nothing running."""
    seen: asyncio.Queue[Output] = asyncio.Queue()
    task = asyncio.create_task(runner.run(shell("echo $$; exec sleep 1000"), seen.put_nowait))
    pid = int((await seen.get()).text)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended(pid)
