"""Lives of a bot that begin quickly: a process that has imported everything forks one for each.

A fresh `python -m bot run` spends a second or more on imports, which hundreds of kills would pay each time; from the
settings on, a life here is the same. It has no budgets: the more is on its way to Telegram, the more a kill can break.

`Nursery` is the handle that tests hold. The process takes commands as lines on its standard input and answers each by a
line: to `{"log": …, "environment": {…}, "lease_s": …}` with the process id of a new life, to `end PID` with `ended`,
once that life was killed with SIGKILL and is gone.
"""

import json
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import uvloop

from bot.app import running
from bot.cli import configuration
from bot.delivery.budgets import Budgets, Limits
from bot.delivery.flight import Pace
from bot.engine.singles import TTL
from bot.logs import set_up_logging
from bot.settings import load_settings

_BROKE = 3
"""The exit status of a life that ended by itself."""


class Nursery:
    """Begins lives and ends them."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def start(self, environment: Mapping[str, str], log: Path, lease_for: timedelta = TTL) -> int:
        """Begins a life with these settings; its process id. What it logs is added to `log`."""
        command = {"log": str(log), "environment": dict(environment), "lease_s": lease_for.total_seconds()}
        return int(self._ask(json.dumps(command)))

    def end(self, pid: int) -> None:
        """Ends a life as a power cut would, and waits until it is gone."""
        answer = self._ask(f"end {pid}")
        assert answer == "ended", answer

    def _ask(self, command: str) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{command}\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()


@contextmanager
def nursery() -> Generator[Nursery]:
    """The process, for as long as the block runs."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("NABAT_", "COV_"))}
    with subprocess.Popen(
        [sys.executable, "-m", "tests.faults.nursery"],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Nursery(process)
        assert process.stdin is not None
        process.stdin.close()


async def _live(lease_for: timedelta) -> None:
    """`nabat run` without budgets, until it is killed."""
    settings = load_settings(needs_telegram=True)
    set_up_logging(settings)
    pace = Pace(budgets=Budgets(Limits.none()))
    async with running(configuration(settings), pace=pace, lease_for=lease_for) as bot:
        await bot.work


def _start(log: str, environment: Mapping[str, str], lease_s: float) -> int:
    pid = os.fork()
    if pid:
        return pid
    try:
        os.environ.update(environment)
        os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), sys.stderr.fileno())
        uvloop.run(_live(timedelta(seconds=lease_s)))
    except BaseException:  # noqa: BLE001 - nothing of the child may run on into the parent's code
        traceback.print_exc()
    os._exit(_BROKE)


def _end(pid: int) -> str:
    os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    return "ended" if os.WIFSIGNALED(status) else f"had ended by itself with {os.waitstatus_to_exitcode(status)}"


def _main() -> None:
    begun: set[int] = set()
    for line in sys.stdin:
        command, _, pid = line.strip().partition(" ")
        if command == "end":
            answer = _end(int(pid))
            begun.discard(int(pid))
        else:
            answer = _start(**json.loads(line))
            begun.add(answer)
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()
    # Whoever asked is gone, in order or not: a test that failed half-way leaves no bot behind.
    for life in begun:
        _end(life)


if __name__ == "__main__":
    _main()
