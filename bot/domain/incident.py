"""The state of an incident: what its log of events amounts to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from bot.domain.acting import Acting
from bot.domain.actors import Actor
from bot.domain.alerts import Alert, AlertStatus
from bot.domain.assessment import Assessment
from bot.domain.chasing import Chase
from bot.domain.checked import Checked
from bot.domain.crew import Crew
from bot.domain.crew_events import IncidentRole
from bot.domain.drafts import Drafts
from bot.domain.events import PageCause
from bot.domain.following import Following
from bot.domain.looking import Looked
from bot.domain.presence import Presence
from bot.domain.resolving import Resolution
from bot.domain.review import Review

OLDEST_BELIEVED = timedelta(days=30)
"""An alert that claims to be older has a start its source made up, such as the year 1."""


class Status(StrEnum):
    """Where an incident stands, as a person would say it."""

    UNANSWERED = "unanswered"
    """Open, and nobody has it."""
    IN_HAND = "in_hand"
    """Open, and somebody has it."""
    VERIFYING = "verifying"
    """Open; the fix is being watched, and somebody still has it."""
    RESOLVED = "resolved"
    """Over."""
    MERGED = "merged"
    """Carried on by another incident."""


@dataclass(frozen=True, slots=True)
class Escalation:
    """A call for more authority that nobody of `role` has answered yet."""

    role: str
    reason: str
    people: tuple[str, ...]
    last_paged_at: datetime


@dataclass(frozen=True, slots=True)
class Update:
    """The last real status update."""

    text: str
    at: datetime
    by: Actor


@dataclass(frozen=True, slots=True)
class PageRecord:
    """What a person was last told, and how often: `event` is the number of the event that did it."""

    cause: PageCause
    event: int
    count: int
    first_at: datetime


@dataclass(frozen=True)
class Incident:
    """An incident as it stands. All times are UTC; people are keys of the roster.

    `severity_since` is the declaration or the last change of severity: notify steps and deadlines count from it.
    `steps_done` are the notify steps of this severity that have been carried out. `told_at` is everybody who was ever
    paged or told of it, and when last. Of this severity alone: `paged` are those whose answer is waited for, and
    `unreachable` those who could not be written to.
    `update_base` is what the next update counts from. `response_overdue_for` is the deadline by which nobody answered.
    `taken_along`: one press took it together with others, and nobody has done anything in it since.
    """

    id: str
    version: int
    plan: str
    title: str
    description: str
    url: str | None
    drill: bool
    group: str | None
    follows: str | None
    declared_at: datetime
    declared_by: Actor
    severity: str
    severity_since: datetime
    severity_by: Actor
    severity_before: str | None
    update_base: datetime
    status: Status = Status.UNANSWERED
    holder: str | None = None
    taken_along: bool = False
    acknowledged_at: datetime | None = None
    first_acknowledged_at: datetime | None = None
    alerts: Mapping[str, Alert] = field(default_factory=lambda: MappingProxyType({}))
    truncated: int = 0
    groups: tuple[str, ...] = ()
    steps_done: frozenset[int] = frozenset()
    told_at: Mapping[str, datetime] = field(default_factory=lambda: MappingProxyType({}))
    paged: tuple[str, ...] = ()
    pages: Mapping[str, PageRecord] = field(default_factory=lambda: MappingProxyType({}))
    unreachable: frozenset[str] = frozenset()
    last_paged_at: datetime | None = None
    escalation: Escalation | None = None
    response_overdue_for: datetime | None = None
    resolution_asked_at: datetime | None = None
    last_update: Update | None = None
    updates_posted: int = 0
    reminded_for: datetime | None = None
    overdue_pinged_at: datetime | None = None
    snoozed_until: datetime | None = None
    impact: str | None = None
    last_note: Update | None = None
    resolved_at: datetime | None = None
    resolved_by: Actor | None = None
    merged_into: str | None = None
    absorbed: tuple[str, ...] = ()
    looked: Looked = field(default_factory=Looked)
    review: Review = field(default_factory=Review)
    acting: Acting = field(default_factory=Acting)
    chase: Chase = field(default_factory=Chase)
    assessment: Assessment = field(default_factory=Assessment)
    checked: Checked = field(default_factory=Checked)
    resolution: Resolution = field(default_factory=Resolution)
    drafts: Drafts = field(default_factory=Drafts)
    following: Following = field(default_factory=Following)

    @property
    def began_at(self) -> datetime:
        """When it broke: the first alert's own start where that can be believed, else the declaration. UTC."""
        oldest = self.declared_at - OLDEST_BELIEVED
        starts = [alert.starts_at for alert in self.alerts.values() if oldest < alert.starts_at]
        return min((*starts, self.declared_at)).astimezone(UTC)

    crew: Crew = field(default_factory=Crew)
    presence: Presence = field(default_factory=Presence)

    @property
    def response_overdue(self) -> bool:
        """Whether nobody acknowledged in time."""
        return self.response_overdue_for is not None

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self.status in {Status.UNANSWERED, Status.IN_HAND, Status.VERIFYING}

    @property
    def impact_assessed(self) -> bool:
        """Whether the impact is known: described in a person's words, or answered question by question."""
        return self.impact is not None or self.assessment.impact_known

    def in_role(self, role: IncidentRole) -> str | None:
        """Who has a role in it; the holder commands unless somebody else was named."""
        seat = self.crew.seats.get(role)
        if seat is not None:
            return seat.person
        return self.holder if role is IncidentRole.COMMANDER else None

    @property
    def firing(self) -> tuple[Alert, ...]:
        """The alerts their sources still see."""
        return tuple(alert for alert in self.alerts.values() if alert.status is AlertStatus.FIRING)

    @property
    def all_alerts_resolved(self) -> bool:
        """Whether it had alerts and none fires any more."""
        return bool(self.alerts) and not self.firing
