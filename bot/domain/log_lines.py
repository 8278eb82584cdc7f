"""Log output read as a person skims it: how many lines tell of an error, and which actions of a plan read logs."""

import re
from collections.abc import Sequence

from bot.domain.plan import Action, Plan

_TELLS_OF_ERROR = re.compile(r"\b(?:error|fatal|critical|panic|exception|traceback|segfault)\b", re.IGNORECASE)
_WHOLE_WORDS = re.compile(r"(?:^|[_.\- ])logs?(?:$|[_.\- ])", re.IGNORECASE)
USUAL = "logs"


def errors_among(lines: Sequence[str]) -> tuple[str, ...]:
    """The lines that tell of an error, in their order."""
    return tuple(line for line in lines if _TELLS_OF_ERROR.search(line))


def log_actions(plan: Plan) -> dict[str, Action]:
    """The actions that read logs, the usual one first."""
    named = {name: action for name, action in plan.actions.items() if _WHOLE_WORDS.search(name)}
    return dict(sorted(named.items(), key=lambda item: item[0] != USUAL))


def log_action(plan: Plan, kind: str = "") -> tuple[str, Action] | None:
    """The log action of a kind (`errors` means `error_logs`), or the usual one; None where the plan has none."""
    wanted = kind.casefold().removesuffix("s")
    return next((item for item in log_actions(plan).items() if wanted in item[0].casefold()), None)
