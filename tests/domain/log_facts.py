"""What a log says of an incident, read without the code that evolves one."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from bot.domain.actors import Responder
from bot.domain.crew_events import IncidentRole, RoleGiven
from bot.domain.draft_events import DraftApproved
from bot.domain.events import (
    Absorbed,
    Acknowledged,
    Assigned,
    Declared,
    Event,
    Paged,
    PageFailed,
    PageHandedOver,
    ReachableAgain,
    Reopened,
    ResolutionOverdue,
    Resolved,
    SeverityChanged,
    UpdatePosted,
    UpdateReminded,
    UpdateSnoozed,
)
from bot.domain.resolving_events import VerificationBroken, VerificationStarted
from bot.domain.review_events import ActionItemCreated

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class Facts:
    """How things stand.

    `since` is when the plan's times began. Since then: `asked` are those whose answer is waited for, `lost` who can't
    be written to, `steps` the notify steps carried out; the resolution was asked for at `resolution_asked_at`, and
    `updates_moved` is whether anything but the plan moved the next update.
    `told_outside` are the audiences that were told, `crew` who has which role, `items` the owners of the action items.
    """

    severity: str = ""
    since: datetime = _NEVER
    drill: bool = False
    holder: str | None = None
    resolver: str | None = None
    asked: set[str] = field(default_factory=set[str])
    lost: set[str] = field(default_factory=set[str])
    steps: set[int] = field(default_factory=set[int])
    resolution_asked_at: datetime | None = None
    updates_moved: bool = False
    told_outside: set[str] = field(default_factory=set[str])
    crew: dict[IncidentRole, str | None] = field(default_factory=dict[IncidentRole, str | None])
    items: dict[int, str] = field(default_factory=dict[int, str])

    def begin_anew(self, at: datetime) -> None:
        """The plan's times count from here."""
        self.since, self.asked, self.lost, self.steps = at, set(), set(), set()
        self.resolution_asked_at, self.updates_moved = None, False


_READ: deque[tuple[tuple[Event, ...], Facts]] = deque(maxlen=4)
"""The logs read last: a life asks at each of its events, and to read all from the beginning takes most of the time."""


def facts_of(log: Iterable[Event]) -> Facts:
    """How things stand after a log."""
    whole = tuple(log)
    for read, known in reversed(_READ):
        if whole[: len(read)] == read:
            facts, new = _copy(known), whole[len(read) :]
            break
    else:
        facts, new = Facts(), whole
    for event in new:
        _take(facts, event)
    _READ.append((whole, facts))
    return _copy(facts)


def _copy(facts: Facts) -> Facts:
    sets = {name: {*getattr(facts, name)} for name in ("asked", "lost", "steps", "told_outside")}
    return replace(facts, crew={**facts.crew}, items={**facts.items}, **sets)


def _take(facts: Facts, event: Event) -> None:
    _take_course(facts, event)
    _take_people(facts, event)
    _take_words(facts, event)


def _take_course(facts: Facts, event: Event) -> None:
    match event:
        case Declared():
            facts.severity, facts.drill = event.severity, event.drill
            facts.begin_anew(event.at)
        case SeverityChanged():
            facts.severity = event.severity
            facts.begin_anew(event.at)
        case Reopened():
            facts.holder = facts.resolver = None
            facts.crew = {}
            facts.begin_anew(event.at)
        case ResolutionOverdue():
            facts.resolution_asked_at = event.at
        case Resolved():
            facts.resolver = event.by.person if isinstance(event.by, Responder) else None
        case _:
            return


def _take_people(facts: Facts, event: Event) -> None:
    match event:
        case Acknowledged() | Assigned():
            facts.holder = event.person
        case Paged():
            facts.asked |= {*event.people} if facts.holder is None else set()
            facts.steps |= set() if event.step is None else {event.step}
        case RoleGiven():
            facts.crew[event.role] = event.person
        case PageHandedOver():
            facts.asked -= {event.person}
        case PageFailed():
            facts.lost |= {event.person}
        case ReachableAgain():
            facts.lost -= {event.person}
        case _:
            return


def _take_words(facts: Facts, event: Event) -> None:
    match event:
        case UpdatePosted() | UpdateSnoozed() | UpdateReminded() | VerificationStarted() | VerificationBroken():
            facts.updates_moved = True
        case DraftApproved():
            facts.told_outside |= {event.audience}
        case Absorbed():
            facts.told_outside |= {*event.told}
        case ActionItemCreated():
            facts.items[event.item] = event.owner
        case _:
            return
