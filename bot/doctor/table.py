"""The doctor's table: what was looked at, how it is, what was found; 80 columns wide."""

from collections.abc import Callable, Iterable
from textwrap import wrap

from bot.doctor.findings import Broken, Doubtful, Finding, Findings, NotSetUp, Well

COLUMNS = 80
_SUBJECT = 14
_STATE = 12
_LONGEST = 400
"""Characters of a sentence; what others said may be long."""

_STATES: dict[type[Finding], str] = {Well: "ok", Doubtful: "warning", Broken: "BROKEN", NotSetUp: "not set up"}


def section(subject: str, findings: Findings, mask: Callable[[str], str]) -> str:
    """The lines of one subject, which is named once. Each sentence is masked whole, before it is cut into lines."""
    lines: list[str] = []
    for number, finding in enumerate(findings):
        lines += _lines(subject if number == 0 else "", finding, mask)
    return "\n".join(lines)


def summary(findings: Iterable[Finding]) -> str:
    """The last line: how much is broken, and how much is doubtful."""
    every = tuple(findings)
    broken = sum(isinstance(finding, Broken) for finding in every)
    doubtful = sum(isinstance(finding, Doubtful) for finding in every)
    counted = [f"{broken} broken"] * bool(broken) + [f"{doubtful} to look at"] * bool(doubtful)
    return ", ".join(counted).capitalize() + "." if counted else "All is well."


def _lines(subject: str, finding: Finding, mask: Callable[[str], str]) -> list[str]:
    lead = f"{subject:<{_SUBJECT}}{_STATES[type(finding)]:<{_STATE}}"
    first, *more = _wrapped(mask(finding.said), "", "")
    advice = [] if isinstance(finding, Well) else _wrapped(mask(finding.advice), "-> ", "   ")
    return [lead + first, *(" " * (_SUBJECT + _STATE) + line for line in (*more, *advice))]


def _wrapped(sentence: str, lead: str, indent: str) -> list[str]:
    """Text from outside may hold anything: what is no visible character becomes a space."""
    visible = "".join(character if character.isprintable() else " " for character in sentence)
    bounded = visible if len(visible) <= _LONGEST else visible[: _LONGEST - 1] + "…"
    width = COLUMNS - _SUBJECT - _STATE
    return wrap(bounded, width, initial_indent=lead, subsequent_indent=indent) or [lead]
