"""Everything that can have happened to an incident: its log is a sequence of these.

An event once released stays readable: fields are only added, with a default. A change of meaning gets a new schema
version and an upcast in `bot.store.codec`. Every event says when (`at`, UTC) and by whom.
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from bot.domain.acting_events import (
    ActionFinished,
    ActionLost,
    ActionRefused,
    ActionStarted,
    DecisionApproved,
    DecisionExpired,
    DecisionRefused,
    DecisionRejected,
    DecisionRepeated,
    Flagged,
    TriggerCleared,
    TriggerFired,
    TriggerReadable,
    TriggerUnclear,
)
from bot.domain.alerts import Alert
from bot.domain.assessment_events import Assessed
from bot.domain.chasing_events import SnoozeExplained, UpdateEscalated
from bot.domain.chat_event import ChatEvent
from bot.domain.checklist_events import ChecklistTicked, EvidenceAdded
from bot.domain.crew_events import RoleGiven
from bot.domain.draft_events import (
    DraftApproved,
    DraftDiscarded,
    DraftEdited,
    DraftOffered,
    DraftRefused,
    DraftsAwaited,
    DraftSent,
)
from bot.domain.following_events import BetaFollowed
from bot.domain.looking_events import InformationGathered, RunbookStepTicked, Silenced, Unsilenced
from bot.domain.plan_communication import Moment
from bot.domain.presence_events import HolderAsked, HolderSilent, HolderThere
from bot.domain.resolving_events import (
    CauseFound,
    FixDescribed,
    MetricSeen,
    Unverified,
    VerificationBroken,
    VerificationStarted,
)
from bot.domain.review_events import (
    ActionItemCreated,
    ActionItemReminded,
    ActionItemSettled,
    DocumentationTicked,
    FollowedUp,
    LessonLearned,
    LessonSorted,
    ReviewClosed,
    ReviewOverdue,
    ReviewReminded,
    ReviewScheduled,
)


class PageCause(StrEnum):
    """Why somebody was paged or told."""

    STEP = "step"
    """A notify step of the severity fell due."""
    REPEAT = "repeat"
    """Nobody acknowledged, so the page is repeated."""
    HANDOVER = "handover"
    """On-call changed before a page was sent, so whoever is on call now is paged instead."""
    ESCALATION = "escalation"
    """Somebody asked for more authority."""
    UNANSWERED = "unanswered"
    """The time to respond ran out, so the next authority is paged."""
    UNREACHABLE = "unreachable"
    """Somebody paged before cannot be written to, so the next one is paged at once."""
    ASSIGNED = "assigned"
    """Somebody was made the holder by another."""
    DECISION = "decision"
    """Somebody's authority is asked whether to act."""
    BETA = "beta"
    """A beta launch is on, in which some are told of every issue at once."""


class Declared(ChatEvent):
    """An incident began. `plan` is the digest of the plan it keeps for life; `group` the alert group it came from."""

    kind: Literal["declared"] = "declared"
    title: str
    description: str = ""
    severity: str
    plan: str
    group: str | None = None
    follows: str | None = None
    url: str | None = None
    drill: bool = False


class AlertsChanged(ChatEvent):
    """Alerts joined, resolved or fired again; only those that changed. `truncated` is what the source left out."""

    kind: Literal["alerts_changed"] = "alerts_changed"
    alerts: tuple[Alert, ...]
    truncated: int = 0


class Retitled(ChatEvent):
    """The source gave the incident another title."""

    kind: Literal["retitled"] = "retitled"
    title: str


class Paged(ChatEvent):
    """People were told, each by a private message. `step` is the index of the notify step, if one fell due."""

    kind: Literal["paged"] = "paged"
    cause: PageCause
    people: tuple[str, ...]
    roles: tuple[str, ...] = ()
    step: int | None = None


class PageHandedOver(ChatEvent):
    """A page waited to be sent while on-call changed: `person` is no longer on call, and asked no more."""

    kind: Literal["page_handed_over"] = "page_handed_over"
    person: str


class PageFailed(ChatEvent):
    """A person can't be written to by the bot: never pressed Start, or blocked it."""

    kind: Literal["page_failed"] = "page_failed"
    person: str
    reason: str


class ReachableAgain(ChatEvent):
    """A person whom a page could not reach has pressed Start since."""

    kind: Literal["reachable_again"] = "reachable_again"
    person: str


class Acknowledged(ChatEvent):
    """Somebody has it now. `together`: one press took many, and this was one of them."""

    kind: Literal["acknowledged"] = "acknowledged"
    person: str
    together: bool = False


class Assigned(ChatEvent):
    """Somebody was made the holder by another person."""

    kind: Literal["assigned"] = "assigned"
    person: str


class SeverityChanged(ChatEvent):
    """The severity changed, and every deadline, cadence and audience with it."""

    kind: Literal["severity_changed"] = "severity_changed"
    before: str
    severity: str
    reason: str = ""


class Escalated(ChatEvent):
    """More authority was asked for; pages to `role` are repeated until one of them answers."""

    kind: Literal["escalated"] = "escalated"
    role: str
    reason: str = ""


class ResponseOverdue(ChatEvent):
    """Nobody acknowledged by `deadline`."""

    kind: Literal["response_overdue"] = "response_overdue"
    deadline: AwareDatetime


class ResolutionOverdue(ChatEvent):
    """Not resolved by `deadline`."""

    kind: Literal["resolution_overdue"] = "resolution_overdue"
    deadline: AwareDatetime


class Noted(ChatEvent):
    """A note for the log."""

    kind: Literal["noted"] = "noted"
    text: str


class ImpactDescribed(ChatEvent):
    """What users and the business notice, in a person's words."""

    kind: Literal["impact_described"] = "impact_described"
    text: str


class UpdatePosted(ChatEvent):
    """A status update for those who wait for news. `privately`: the responders have not seen it being written."""

    kind: Literal["update_posted"] = "update_posted"
    text: str
    privately: bool = False


class UpdateReminded(ChatEvent):
    """An update was asked for when it fell due at `due`."""

    kind: Literal["update_reminded"] = "update_reminded"
    due: AwareDatetime


class UpdateOverdue(ChatEvent):
    """An update due at `due` did not come; the holder was pinged."""

    kind: Literal["update_overdue"] = "update_overdue"
    due: AwareDatetime


class UpdateSnoozed(ChatEvent):
    """The next reminder was put off until `until`."""

    kind: Literal["update_snoozed"] = "update_snoozed"
    until: AwareDatetime
    reason: str = ""


class Resolved(ChatEvent):
    """The incident is over. `verified` are titles of metrics and of the action that bear the fix out."""

    kind: Literal["resolved"] = "resolved"
    reason: str = ""
    verified: tuple[str, ...] = ()
    unverified: tuple[Unverified, ...] = ()


class Reopened(ChatEvent):
    """It was not over after all."""

    kind: Literal["reopened"] = "reopened"
    reason: str = ""


class MergedInto(ChatEvent):
    """This incident is part of another, which carries it on. `together`: one press merged many, and said so once."""

    kind: Literal["merged_into"] = "merged_into"
    incident: str
    together: bool = False


class Absorbed(ChatEvent):
    """Another incident was merged into this one, with its alerts and groups.

    `told` are the audiences outside that were told of it, with the moment of the last word to each. `episodes` are the
    rows of the rollback matrix that had fired there and whose breach goes on, `unclear` those that could not be read:
    they are this incident's from now on, decided ones too.
    """

    kind: Literal["absorbed"] = "absorbed"
    incident: str
    title: str
    alerts: tuple[Alert, ...] = ()
    groups: tuple[str, ...] = ()
    told: dict[str, Moment] = Field({})
    episodes: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()


Event = Annotated[
    Declared
    | AlertsChanged
    | Retitled
    | Paged
    | PageHandedOver
    | PageFailed
    | ReachableAgain
    | Acknowledged
    | Assigned
    | SeverityChanged
    | Escalated
    | ResponseOverdue
    | ResolutionOverdue
    | Noted
    | ImpactDescribed
    | UpdatePosted
    | UpdateReminded
    | UpdateOverdue
    | UpdateSnoozed
    | InformationGathered
    | RunbookStepTicked
    | Silenced
    | Unsilenced
    | UpdateEscalated
    | SnoozeExplained
    | Assessed
    | ChecklistTicked
    | EvidenceAdded
    | CauseFound
    | FixDescribed
    | DraftOffered
    | DraftEdited
    | DraftApproved
    | DraftDiscarded
    | DraftRefused
    | DraftSent
    | DraftsAwaited
    | RoleGiven
    | HolderAsked
    | HolderSilent
    | HolderThere
    | VerificationStarted
    | MetricSeen
    | VerificationBroken
    | Resolved
    | Reopened
    | MergedInto
    | Absorbed
    | ReviewScheduled
    | ReviewReminded
    | ReviewOverdue
    | ReviewClosed
    | FollowedUp
    | LessonLearned
    | LessonSorted
    | ActionItemCreated
    | ActionItemReminded
    | ActionItemSettled
    | DocumentationTicked
    | Flagged
    | TriggerFired
    | DecisionRepeated
    | DecisionApproved
    | DecisionRejected
    | DecisionRefused
    | DecisionExpired
    | TriggerCleared
    | TriggerUnclear
    | TriggerReadable
    | ActionStarted
    | ActionFinished
    | ActionLost
    | ActionRefused
    | BetaFollowed,
    Field(discriminator="kind"),
]
