"""A program that ends with its parent, however that ends: the kernel sees to it (Linux; elsewhere it just runs)."""

import os
import signal
import sys
from collections.abc import Sequence
from typing import Final

_LAUNCHER: Final = """
import ctypes, os, sys
parent, number, *command = sys.argv[1:]
if sys.platform == "linux":
    PR_SET_PDEATHSIG = 1
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(number))
    if os.getppid() != int(parent):
        sys.exit("The parent ended before this began.")
os.execvp(command[0], command)
"""
"""Runs in the child and then becomes the program.

Only the child itself can ask the kernel for that (prctl(2), PR_SET_PDEATHSIG; it survives execve). `preexec_fn` would
do it between fork and exec, where Python code can deadlock once the parent has threads; this little program (about
20 ms) can't.
"""


def ending_with_parent(command: Sequence[str], number: signal.Signals) -> tuple[str, ...]:
    """The command that runs `command` and sends it this signal when the *thread* that started it ends.

    Start it from the thread of the event loop, which lives as long as the process.
    """
    return (sys.executable, "-I", "-S", "-c", _LAUNCHER, str(os.getpid()), str(int(number)), *command)
