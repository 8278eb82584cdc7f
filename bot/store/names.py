"""Names of logs: `INC-<n>` for incidents, anything else for what the engine keeps besides."""

import re
from typing import Final

_INCIDENT: Final = re.compile(r"INC-([1-9][0-9]{0,14})")


def number_of(log: str) -> int:
    """The n of `INC-<n>`; 0 for a log with another name."""
    match = _INCIDENT.fullmatch(log)
    return int(match[1]) if match else 0


def check_name(log: str) -> str:
    """The name itself, if a log may have it: members of the timers are split at spaces.

    Raises:
        ValueError: The name is empty or holds white space.
    """
    if not log or any(character.isspace() for character in log):
        raise ValueError(f"A log can't be named {log!r}: the name is empty or holds white space.")
    return log
