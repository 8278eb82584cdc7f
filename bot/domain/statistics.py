"""What many incidents amount to over a period, beside the period before. Pure.

An incident belongs to the period in which it was declared, with everything that came of it later. Drills count nowhere.
One that was merged into another is that other's, but the pages it sent at night were sent.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from statistics import median
from types import MappingProxyType
from zoneinfo import ZoneInfo

from bot.domain.events import (
    Acknowledged,
    Assigned,
    Declared,
    Event,
    MergedInto,
    PageCause,
    Paged,
    Reopened,
    SeverityChanged,
)
from bot.domain.incident_measures import (
    Promise,
    acknowledgement_time,
    deadlines_of,
    detection_time,
    recovery_time,
)
from bot.domain.roster import Roster
from bot.domain.rules import Rules

NIGHT_BEGINS, NIGHT_ENDS = time(22), time(8)
"""Of a person's own wall clock, by the time zone of the roster."""

_DAY = timedelta(days=1)
_STEPS = ((_DAY, timedelta(hours=1)), (31 * _DAY, _DAY), (217 * _DAY, 7 * _DAY))
"""Up to so long a period is counted in steps of so much: about thirty columns of a picture."""
_LONGEST_STEP = 30 * _DAY

_ALWAYS_ASKS = frozenset({PageCause.ESCALATION, PageCause.ASSIGNED, PageCause.DECISION})
"""Causes of a page that wants an answer though somebody has the incident; any other page then only informs."""


@dataclass(frozen=True, slots=True)
class Kept:
    """How many deadlines held, of how many that were settled."""

    held: int
    settled: int

    @property
    def share(self) -> float | None:
        """From 0 to 1; None where none was settled."""
        return self.held / self.settled if self.settled else None

    def __add__(self, other: "Kept") -> "Kept":
        return Kept(self.held + other.held, self.settled + other.settled)


@dataclass(frozen=True, slots=True)
class Record:
    """What counts of one incident. `declared_at` is UTC; `night_pages` are by the roster's keys."""

    incident: str
    declared_at: datetime
    severity: str
    merged: bool
    detection: timedelta | None
    acknowledgement: timedelta | None
    recovery: timedelta | None
    kept: Mapping[Promise, Kept]
    night_pages: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Spread:
    """Lengths of time, of `count` incidents: half of them took at most `middle`, one took `worst`."""

    middle: timedelta
    worst: timedelta
    count: int


@dataclass(frozen=True, slots=True)
class Column:
    """A part of the period, from `start` on (UTC), with the incidents of each severity that began in it."""

    start: datetime
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Statistics:
    """A period from `start` until before `end`, in UTC. `severities` holds those that occurred."""

    start: datetime
    end: datetime
    incidents: int
    severities: Mapping[str, int]
    detection: Spread | None
    acknowledgement: Spread | None
    recovery: Spread | None
    kept: Mapping[Promise, Kept]
    night_pages: Mapping[str, int]


def record_of(rules: Rules, incident_id: str, history: Sequence[Event]) -> Record | None:
    """What a log tells for the statistics; None for a drill, and for a log that begins with no declaration."""
    first = history[0] if history else None
    if not isinstance(first, Declared) or first.drill:
        return None
    outcomes = deadlines_of(rules, incident_id, history)
    kept = {promise: Kept(0, 0) for promise in Promise}
    for outcome in outcomes:
        kept[outcome.promise] += Kept(int(outcome.held), 1)
    severities = [event.severity for event in history if isinstance(event, SeverityChanged)]
    return Record(
        incident=incident_id,
        declared_at=first.at,
        severity=(first.severity, *severities)[-1],
        merged=any(isinstance(event, MergedInto) for event in history),
        detection=detection_time(history),
        acknowledgement=acknowledgement_time(history),
        recovery=recovery_time(history),
        kept=MappingProxyType(kept),
        night_pages=MappingProxyType(_night_pages(rules.roster, history)),
    )


def statistics(records: Iterable[Record], start: datetime, end: datetime) -> Statistics:
    """The figures of the incidents that were declared from `start` until before `end`."""
    within = [record for record in records if start <= record.declared_at < end]
    counted = [record for record in within if not record.merged]
    nights: Counter[str] = Counter()
    for record in within:
        nights.update(record.night_pages)
    return Statistics(
        start=start,
        end=end,
        incidents=len(counted),
        severities=MappingProxyType(Counter(record.severity for record in counted)),
        detection=_spread(record.detection for record in counted),
        acknowledgement=_spread(record.acknowledgement for record in counted),
        recovery=_spread(record.recovery for record in counted),
        kept=MappingProxyType({promise: _kept(counted, promise) for promise in Promise}),
        night_pages=MappingProxyType(dict(sorted(nights.items(), key=lambda pair: (-pair[1], pair[0])))),
    )


def columns(records: Iterable[Record], start: datetime, end: datetime, zone: ZoneInfo) -> tuple[Column, ...]:
    """The incidents over time: by the hour, by the days of the zone's calendar, or by several of them."""
    edges = _edges(start, end, zone)
    counts = [Counter[str]() for _ in edges]
    for record in records:
        if start <= record.declared_at < end and not record.merged:
            counts[bisect_right(edges, record.declared_at) - 1][record.severity] += 1
    return tuple(Column(edge, MappingProxyType(count)) for edge, count in zip(edges, counts, strict=True))


def is_night(at: datetime, zone: ZoneInfo) -> bool:
    """Whether somebody whose wall clock is this zone's would be asleep: from 22:00 until before 08:00."""
    wall = at.astimezone(zone).time()
    return wall >= NIGHT_BEGINS or wall < NIGHT_ENDS


def step_of(length: timedelta) -> timedelta:
    """How long a column of a period of this length is."""
    return next((step for longest, step in _STEPS if length <= longest), _LONGEST_STEP)


def _edges(start: datetime, end: datetime, zone: ZoneInfo) -> list[datetime]:
    """Where columns begin: the period's start, then whole hours or midnights of the zone's wall."""
    step = step_of(end - start)
    wall = start.astimezone(zone).replace(tzinfo=None)
    wall = wall.replace(hour=0 if step >= _DAY else wall.hour, minute=0, second=0, microsecond=0)
    edges = [start]
    while True:
        wall += step
        edge = wall.replace(tzinfo=zone).astimezone(start.tzinfo)
        if edge >= end:
            return edges
        if edge > edges[-1]:
            edges.append(edge)


def _night_pages(roster: Roster, history: Iterable[Event]) -> dict[str, int]:
    """Pages that asked for an answer at the night of whoever got them."""
    pages: Counter[str] = Counter()
    in_hand = False
    for event in history:
        match event:
            case Acknowledged() | Assigned():
                in_hand = True
            case Reopened():
                in_hand = False
            case Paged() if not in_hand or event.cause in _ALWAYS_ASKS:
                pages.update(person for person in event.people if _asleep(roster, person, event.at))
            case _:
                continue
    return dict(pages)


def _asleep(roster: Roster, person: str, at: datetime) -> bool:
    member = roster.people.get(person)
    return member is not None and is_night(at, member.timezone)


def _spread(lengths: Iterable[timedelta | None]) -> Spread | None:
    known = [length for length in lengths if length is not None]
    if not known:
        return None
    middle = timedelta(seconds=median(length.total_seconds() for length in known))
    return Spread(middle, max(known), len(known))


def _kept(records: Iterable[Record], promise: Promise) -> Kept:
    whole = Kept(0, 0)
    for record in records:
        whole += record.kept[promise]
    return whole
