"""Actions that run a command, and what this process holds open."""

import sys
from datetime import timedelta
from pathlib import Path

from bot.domain.plan import Action


def command(*arguments: str, timeout_s: float = 30, cwd: str | None = None) -> Action:
    """An action that runs these arguments."""
    return Action(title="A", run=arguments, timeout=timedelta(seconds=timeout_s), authority="on_call", cwd=cwd)


def python(code: str, timeout_s: float = 30) -> Action:
    """An action that runs Python code."""
    return command(sys.executable, "-u", "-c", code, timeout_s=timeout_s)


def shell(script: str, timeout_s: float = 30) -> Action:
    """An action that runs a shell script, as the plan's own do."""
    return command("bash", "-c", script, timeout_s=timeout_s)


def open_files() -> int:
    """How many descriptors this process holds."""
    return len(list(Path("/proc/self/fd").iterdir()))
