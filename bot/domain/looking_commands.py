"""What can be asked of an incident about looking at it: findings, steps of runbooks, silences."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.actors import Actor


@dataclass(frozen=True, slots=True)
class RecordFindings:
    """What a look at everything said."""

    by: Actor
    text: str


@dataclass(frozen=True, slots=True)
class TickRunbookStep:
    """A step of a runbook is done, or is not: both by their place in the plan that the incident keeps."""

    by: Actor
    runbook: int
    step: int
    done: bool


@dataclass(frozen=True, slots=True)
class RecordSilence:
    """Alertmanager took a silence. `what` it mutes in its own words, and how many alerts that is now."""

    by: Actor
    silence: str
    what: str
    until: datetime
    alerts: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RecordSilenceEnd:
    """Alertmanager ended a silence before its time."""

    by: Actor
    silence: str


LookingCommand = RecordFindings | TickRunbookStep | RecordSilence | RecordSilenceEnd
