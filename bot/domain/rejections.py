"""Why a command was refused. A refusal is an answer for a person, never an exception; nothing changed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NotOnTheTeam:
    """Strangers may read, and change nothing."""


@dataclass(frozen=True, slots=True)
class AlreadyAcknowledged:
    """Somebody else has it."""

    holder: str


@dataclass(frozen=True, slots=True)
class AlreadyYours:
    """The asking person has it already."""


@dataclass(frozen=True, slots=True)
class AlreadyClosed:
    """Resolved, or merged into `merged_into`."""

    merged_into: str | None = None


@dataclass(frozen=True, slots=True)
class StillOpen:
    """It can't be reopened: it is open."""


@dataclass(frozen=True, slots=True)
class AlreadyThatSeverity:
    """It has that severity."""

    severity: str


@dataclass(frozen=True, slots=True)
class ConfirmLowerSeverity:
    """A milder severity waits for a confirmation."""

    before: str
    severity: str


@dataclass(frozen=True, slots=True)
class SeenAnother:
    """What was confirmed is not what stands now."""

    severity: str


@dataclass(frozen=True, slots=True)
class UnknownSeverity:
    """Not in the plan."""

    severity: str
    allowed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnknownPerson:
    """Not on the roster."""

    person: str
    allowed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnknownRole:
    """Not in the plan."""

    role: str
    allowed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NobodyAbove:
    """Nobody is left to escalate to, or nobody has the role."""

    role: str | None = None


@dataclass(frozen=True, slots=True)
class NothingSaid:
    """A text is needed."""


@dataclass(frozen=True, slots=True)
class TooLong:
    """A text is longer than is kept."""

    limit: int


@dataclass(frozen=True, slots=True)
class SnoozeOutOfRange:
    """A snooze is longer than a minute and at most the cadence of updates; or this severity has no cadence."""

    limit_s: int


@dataclass(frozen=True, slots=True)
class CannotMergeItself:
    """An incident can't be part of itself."""


@dataclass(frozen=True, slots=True)
class OverrideOutOfRange:
    """An override is shorter than a minute, or longer than the limit."""

    limit_s: int


@dataclass(frozen=True, slots=True)
class NoOverride:
    """Nobody stands in for anybody, so nothing can be ended."""


Rejection = (
    NotOnTheTeam
    | AlreadyAcknowledged
    | AlreadyYours
    | AlreadyClosed
    | StillOpen
    | AlreadyThatSeverity
    | ConfirmLowerSeverity
    | SeenAnother
    | UnknownSeverity
    | UnknownPerson
    | UnknownRole
    | NobodyAbove
    | NothingSaid
    | TooLong
    | SnoozeOutOfRange
    | CannotMergeItself
    | OverrideOutOfRange
    | NoOverride
)
