"""Processes that an action started and that left its process group, by a session of their own or as a daemon.

They are known by a mark in the environment that they inherited (proc(5), environ): Linux alone has that. Whoever throws
its environment away is not found.
"""

import os
import signal
from pathlib import Path
from secrets import token_hex

import structlog

MARK = "NABAT_RUN"
"""The variable that holds the mark."""
MOST_ROUNDS = 20
"""Of looking again: what is being ended may just have started another one."""

_PROCESSES = Path("/proc")

log = structlog.get_logger(__name__)


def new_mark() -> str:
    """A mark that no other run has."""
    return token_hex(16)


def end_marked(mark: str) -> int:
    """Kill every process with that mark; how many there were. Takes some milliseconds: not for the event loop."""
    ended = 0
    for _ in range(MOST_ROUNDS):
        found = [pid for pid in _pids() if _has(pid, mark) and _killed(pid, mark)]
        if not found:
            break
        ended += len(found)
    return ended


def _pids() -> list[int]:
    try:
        return [int(entry.name) for entry in _PROCESSES.iterdir() if entry.name.isdigit()]
    except FileNotFoundError:
        return []  # Not Linux.


def _has(pid: int, mark: str) -> bool:
    try:
        variables = (_PROCESSES / str(pid) / "environ").read_bytes().split(b"\0")
    except OSError:
        return False  # It is gone, or somebody else's.
    return f"{MARK}={mark}".encode() in variables


def _killed(pid: int, mark: str) -> bool:
    """Through a descriptor, so that a number which was given anew meanwhile ends nobody else."""
    try:
        process = os.pidfd_open(pid)
        try:
            if _has(pid, mark):
                signal.pidfd_send_signal(process, signal.SIGKILL)
                return True
        finally:
            os.close(process)
    except ProcessLookupError:
        return False
    except OSError as error:
        # An old kernel, a container's filter, no descriptor left: how the action ended must be told all the same.
        log.warning("a process that an action left behind can't be ended", pid=pid, reason=str(error))
    return False
