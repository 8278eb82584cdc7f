"""Why a command was refused. A refusal is an answer for a person, never an exception; nothing changed."""

from dataclasses import dataclass

from bot.domain.acting_rejections import ActingRejection
from bot.domain.crew_events import IncidentRole
from bot.domain.draft_rejections import DraftRejection
from bot.domain.review_rejections import ReviewRejection


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
class NothingSnoozed:
    """No update was put off since the last one, so there is nothing to explain."""


@dataclass(frozen=True, slots=True)
class CannotMergeItself:
    """An incident can't be part of itself."""


@dataclass(frozen=True, slots=True)
class NoSuchStep:
    """The runbook has no such step, or the plan no such runbook."""


@dataclass(frozen=True, slots=True)
class NoSuchAnswer:
    """The question of the assessment takes other answers."""


@dataclass(frozen=True, slots=True)
class UnderVerification:
    """The fix is being watched; only a reason ends that at once."""


@dataclass(frozen=True, slots=True)
class SayWhyNow:
    """Not to watch the fix takes a reason."""


@dataclass(frozen=True, slots=True)
class NoSuchItem:
    """The checklists have no such line."""


@dataclass(frozen=True, slots=True)
class TickedByItself:
    """What happened has ticked this line, so no person takes the tick back."""

    text: str


@dataclass(frozen=True, slots=True)
class HasThatRole:
    """The person has the role in the incident already."""

    role: IncidentRole
    person: str


@dataclass(frozen=True, slots=True)
class OverrideOutOfRange:
    """An override is shorter than a minute, or longer than the limit."""

    limit_s: int


@dataclass(frozen=True, slots=True)
class BetaIsOff:
    """There is no launch and no phase to end."""


@dataclass(frozen=True, slots=True)
class BetaOutOfRange:
    """A launch lasts a minute at least, and so many seconds at most."""

    at_most_s: int


@dataclass(frozen=True, slots=True)
class TeamLogUnreadable:
    """The log of overrides holds what this Nabat can't read, so nothing can be decided on it."""


@dataclass(frozen=True, slots=True)
class NoOverride:
    """Nobody stands in for anybody, so nothing can be ended."""


@dataclass(frozen=True, slots=True)
class DrillIsNotReal:
    """A drill and a real incident are never one."""


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
    | NothingSnoozed
    | CannotMergeItself
    | DrillIsNotReal
    | NoSuchStep
    | NoSuchAnswer
    | UnderVerification
    | SayWhyNow
    | NoSuchItem
    | TickedByItself
    | HasThatRole
    | OverrideOutOfRange
    | BetaIsOff
    | BetaOutOfRange
    | NoOverride
    | TeamLogUnreadable
    | ReviewRejection
    | DraftRejection
    | ActingRejection
)
