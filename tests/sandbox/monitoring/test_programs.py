"""The real programs of the demo's monitoring: they give no token away, and end with the demo."""

import asyncio
import os
import select
import signal
import stat
import sys
from pathlib import Path

from bot.sandbox.monitoring import Monitoring, MonitoringKind
from bot.sandbox.service import BreakableService
from tests.sandbox.monitoring.conftest import QUICK, TOKEN, WITHIN_S, Receiver, need_the_programs


async def test_the_token_is_in_one_private_file(receiver: Receiver, tmp_path: Path) -> None:
    """The hook's token is on no command line and in no configuration; its file is its owner's alone."""
    need_the_programs()
    async with (
        BreakableService().serve() as service,
        Monitoring.start(service, receiver.hook, tmp_path, timing=QUICK, kind=MonitoringKind.REAL),
    ):
        commands = [command_line(pid) for pid in children(os.getpid())]
        assert len([command for command in commands if str(tmp_path).encode() in command]) == 2
        assert not any(TOKEN.encode() in command for command in commands)
        assert files_with(TOKEN, tmp_path) == {"hook_token": 0o600}


STARTER = """
import asyncio, json, os, sys
from pathlib import Path
from bot.sandbox.alert_hook import Hook
from bot.sandbox.monitoring import Monitoring, MonitoringKind
from bot.sandbox.real_monitoring import ALERTMANAGERS, PROMETHEUS
from bot.sandbox.service import BreakableService

async def main():
    hook = Hook("http://127.0.0.1:9/hooks/alertmanager")
    async with BreakableService().serve() as service:
        async with Monitoring.start(service, hook, Path(sys.argv[1]), kind=MonitoringKind.REAL):
            print("ready", flush=True)
            await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_the_programs_end_with_a_killed_parent(tmp_path: Path) -> None:
    """When the demo is killed, neither Prometheus nor Alertmanager lives on."""
    need_the_programs()
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", STARTER, str(tmp_path), stdout=asyncio.subprocess.PIPE
    )
    assert parent.stdout is not None
    async with asyncio.timeout(WITHIN_S):
        assert await parent.stdout.readline() == b"ready\n"
    watched = [os.pidfd_open(pid) for pid in children(parent.pid)]
    assert len(watched) == 2
    parent.send_signal(signal.SIGKILL)
    _ = await parent.wait()
    for descriptor in watched:
        await asyncio.to_thread(wait_for_end, descriptor)
        os.close(descriptor)


def wait_for_end(descriptor: int) -> None:
    """Wait until the process behind a pidfd has ended."""
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    assert poll.poll(WITHIN_S * 1000), "it lives on"


def command_line(pid: int) -> bytes:
    """What a process list shows."""
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def files_with(word: str, directory: Path) -> dict[str, int]:
    """The files in a directory that hold a word, with their permissions."""
    files = [path for path in directory.iterdir() if path.is_file()]
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in files if word in path.read_text()}


def children(pid: int) -> list[int]:
    """The processes that this one started."""
    return [
        child
        for task in Path(f"/proc/{pid}/task").iterdir()
        for child in map(int, (task / "children").read_text().split())
    ]
