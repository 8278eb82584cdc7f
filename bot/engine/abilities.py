"""What can be run where Nabat runs, told without running it."""

import shutil
from pathlib import Path

from bot.domain.plan import Action, Plan
from bot.domain.rules import Verifiable

_READS_A_SCRIPT = frozenset({"bash", "sh", "dash", "zsh", "python", "python3"})


def verifiable(plan: Plan, folder: Path, *, has_metrics: bool) -> Verifiable:
    """What can bear a fix out: commands are looked for from `folder`, the one that Nabat was started in."""
    wanted = plan.verification.action
    runnable = wanted is not None and can_run(plan.actions[wanted], folder)
    return Verifiable(has_metrics, frozenset({wanted}) if runnable and wanted is not None else frozenset())


def can_run(action: Action, folder: Path) -> bool:
    """Whether the program of an action is there, and the script that a shell is to read; a request always may be."""
    if action.run is None:
        return True
    program, *arguments = action.run
    place = folder / (action.cwd or ".")
    found = shutil.which(program) is not None if "/" not in program else (place / program).is_file()
    script = arguments[0] if arguments and Path(program).name in _READS_A_SCRIPT else "-"
    return found and (script.startswith("-") or (place / script).is_file())
