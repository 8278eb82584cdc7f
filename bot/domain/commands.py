"""What can be asked of an incident. Everything that changes one is a command with an actor, and takes the same way."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from bot.domain.acting import Acting
from bot.domain.acting_commands import ActingCommand
from bot.domain.actors import Actor
from bot.domain.alerts import Alert
from bot.domain.assessment_commands import Assess
from bot.domain.chasing_commands import ExplainSnooze
from bot.domain.checklist_commands import ChecklistCommand
from bot.domain.crew_commands import GiveRole
from bot.domain.draft_commands import DraftCommand
from bot.domain.looking_commands import LookingCommand
from bot.domain.plan_communication import Moment
from bot.domain.presence_commands import GiveSign
from bot.domain.resolving_commands import ObserveFix, ResolvingCommand
from bot.domain.review_commands import ReviewCommand


@dataclass(frozen=True, slots=True)
class Declare:
    """Open an incident. Without a severity the plan's classification decides by the alerts.

    A `drill` is an exercise: it runs like any other among the responders, and leaves the world outside alone.
    """

    by: Actor
    title: str
    description: str = ""
    severity: str | None = None
    alerts: tuple[Alert, ...] = ()
    truncated: int = 0
    group: str | None = None
    follows: str | None = None
    url: str | None = None
    drill: bool = False


@dataclass(frozen=True, slots=True)
class TakeAlerts:
    """The source says how the alerts of a group stand now."""

    by: Actor
    alerts: tuple[Alert, ...]
    truncated: int = 0


@dataclass(frozen=True, slots=True)
class Retitle:
    """The source changed the title."""

    by: Actor
    title: str


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """I have it. A source that acknowledges for somebody outside the roster names them by `on_behalf_of`.

    `together`: one press takes many, and this is one of them.
    """

    by: Actor
    on_behalf_of: str | None = None
    together: bool = False


@dataclass(frozen=True, slots=True)
class Assign:
    """This person has it."""

    by: Actor
    person: str


@dataclass(frozen=True, slots=True)
class ChangeSeverity:
    """Another severity. A milder one must be `confirmed`; `seen` is the severity that the confirming person saw."""

    by: Actor
    severity: str
    reason: str = ""
    confirmed: bool = False
    seen: str | None = None


@dataclass(frozen=True, slots=True)
class Escalate:
    """Ask for more authority: `role`, or the next one above those already told."""

    by: Actor
    role: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """For the log."""

    by: Actor
    text: str


@dataclass(frozen=True, slots=True)
class DescribeImpact:
    """What users and the business notice."""

    by: Actor
    text: str


@dataclass(frozen=True, slots=True)
class PostUpdate:
    """News for those who wait. `privately`: written where the responders don't see it."""

    by: Actor
    text: str
    privately: bool = False


@dataclass(frozen=True, slots=True)
class SnoozeUpdate:
    """Ask for the update later; without a length the plan's `updates.snooze` counts."""

    by: Actor
    length: timedelta | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Resolve:
    """It is over; `at_once` for a reason, without the watch over the fix."""

    by: Actor
    reason: str = ""
    at_once: bool = False


@dataclass(frozen=True, slots=True)
class Reopen:
    """It is not over."""

    by: Actor
    reason: str = ""


@dataclass(frozen=True, slots=True)
class MergeInto:
    """This incident is part of `incident`, which is a `drill` or not. `together`: one of many that one press merges."""

    by: Actor
    incident: str
    drill: bool = False
    together: bool = False


@dataclass(frozen=True, slots=True)
class Absorb:
    """Take over another incident's alerts: the other half of a merge, in the same commit.

    `severity` is that of the other; a worse one is taken over too, so that no merge makes a bad incident milder.
    `acting` is where its decisions stand: the open ones are asked anew, and what was decided is not asked again.
    `drill`: the other is an exercise.
    """

    by: Actor
    incident: str
    title: str
    alerts: tuple[Alert, ...]
    groups: tuple[str, ...]
    severity: str | None = None
    acting: Acting | None = None
    told: Mapping[str, Moment] = field(default_factory=dict[str, Moment])
    drill: bool = False


@dataclass(frozen=True, slots=True)
class FireTimer:
    """The timer `key` fell due. One that has been re-planned since changes nothing."""

    by: Actor
    key: str


@dataclass(frozen=True, slots=True)
class ReportUnreachable:
    """A page could not be delivered: `person` can't be written to."""

    by: Actor
    person: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReportReachable:
    """A person who could not be written to has pressed Start."""

    by: Actor
    person: str


@dataclass(frozen=True, slots=True)
class HandPageOver:
    """The page of `person`, which event `number` asked for, was not sent before on-call changed."""

    by: Actor
    person: str
    number: int


Command = (
    Declare
    | TakeAlerts
    | Retitle
    | Acknowledge
    | Assign
    | ChangeSeverity
    | Escalate
    | Note
    | DescribeImpact
    | PostUpdate
    | SnoozeUpdate
    | LookingCommand
    | ExplainSnooze
    | ReviewCommand
    | Assess
    | ChecklistCommand
    | ResolvingCommand
    | DraftCommand
    | GiveRole
    | GiveSign
    | ObserveFix
    | Resolve
    | Reopen
    | MergeInto
    | Absorb
    | FireTimer
    | ReportUnreachable
    | ReportReachable
    | HandPageOver
    | ActingCommand
)
