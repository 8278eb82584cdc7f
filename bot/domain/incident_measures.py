"""What the log of one incident measures: how soon it was seen, answered and over, and which deadlines held.

Written plan, "Metrics to monitor", Post-Incident. Each figure is None where the log can't tell it: never a guess.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from bot.domain.alerts import Alert, AlertStatus
from bot.domain.events import (
    Absorbed,
    Acknowledged,
    AlertsChanged,
    Assigned,
    Event,
    MergedInto,
    Reopened,
    ResolutionOverdue,
    Resolved,
    ResponseOverdue,
    SeverityChanged,
    UpdateOverdue,
    UpdatePosted,
)
from bot.domain.evolving import replay
from bot.domain.incident import Incident
from bot.domain.rules import Rules
from bot.domain.timers import deadlines

OLDEST_BELIEVED = timedelta(days=30)
"""An alert that claims to be older has a start its source made up, such as the year 1."""


class Promise(StrEnum):
    """What the plan promises of every incident."""

    RESPONSE = "response"
    """Somebody has it in time."""
    RESOLUTION = "resolution"
    """It is over in time."""
    UPDATE = "update"
    """Those who wait get news in time."""


@dataclass(frozen=True, slots=True)
class DeadlineOutcome:
    """A deadline that is settled: `due`, in UTC, and whether it held. `met_at` is None where it never came to that."""

    promise: Promise
    due: datetime
    met_at: datetime | None
    held: bool


@dataclass(frozen=True, slots=True)
class Span:
    """From one moment to another, in UTC; `end` is None while it goes on."""

    start: datetime
    end: datetime | None

    @property
    def length(self) -> timedelta | None:
        """How long it took; None while it goes on."""
        return None if self.end is None else self.end - self.start


def detection_time(history: Sequence[Event]) -> timedelta | None:
    """From the first alert's own start to the declaration (MTTD); None where no alert declared it.

    A source whose clock runs ahead has an alert start after its incident: that counts as seen at once.
    """
    began, declared = _began(history), _declared_at(history)
    if began is None:
        return None
    return max(declared - began, timedelta(0))


def acknowledgement_time(history: Sequence[Event]) -> timedelta | None:
    """From the declaration until somebody had it first (MTTA); None where nobody ever did."""
    answered = next((event.at for event in history if isinstance(event, Acknowledged | Assigned)), None)
    return None if answered is None else answered - _declared_at(history)


def recovery_time(history: Sequence[Event]) -> timedelta | None:
    """From the declaration until it was over for good (MTTR); None while it is open, and for one merged away."""
    end = resolved_at(history)
    return None if end is None else end - _declared_at(history)


def resolved_at(history: Sequence[Event]) -> datetime | None:
    """When it was over for good, in UTC: a resolution that was taken back does not count."""
    ends = (event for event in reversed(history) if isinstance(event, Resolved | Reopened | MergedInto))
    last = next(ends, None)
    return last.at.astimezone(UTC) if isinstance(last, Resolved) else None


def impact_span(history: Sequence[Event]) -> Span:
    """How long it was broken: from the first alert's start, else the declaration, to the last alert's end.

    Without alerts, or where one still fires, the resolution is the end: it is the only sign of it.
    """
    start = min((*_believed_starts(history), _declared_at(history)))
    over = resolved_at(history)
    ends = _alert_ends(history)
    if over is None or ends is None:
        return Span(start, over)
    return Span(start, max(start, ends))


def deadlines_of(rules: Rules, incident_id: str, history: Sequence[Event]) -> tuple[DeadlineOutcome, ...]:
    """Which of the plan's deadlines held and which were missed, in the order in which that was settled.

    One that was planned anew before its time, because the severity changed or it was merged, is none.
    """
    return tuple(_Watched(rules).watch(incident_id, history))


class _Watched:
    """Walks a log beside the state it amounts to; remembers what was missed since it was last planned."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._missed: set[tuple[Promise, datetime]] = set()

    def watch(self, incident_id: str, history: Sequence[Event]) -> Iterator[DeadlineOutcome]:
        incident = replay(incident_id, history[:1])
        for event in history[1:]:
            yield from self._settled(incident, event)
            incident = replay(incident_id, (event,), incident)

    def _settled(self, before: Incident, event: Event) -> Iterator[DeadlineOutcome]:
        """What this event settles. The log's own word that something was overdue goes before any calculation."""
        match event:
            case ResponseOverdue():
                yield from self._miss(Promise.RESPONSE, event.deadline)
            case ResolutionOverdue() if before.resolution_asked_at is None:
                yield from self._miss(Promise.RESOLUTION, event.deadline)
            case UpdateOverdue():
                yield from self._miss(Promise.UPDATE, event.due)
            case Acknowledged() | Assigned():
                yield from self._respond(before, event.at)
            case Resolved():
                yield from self._respond(before, event.at)
                yield from self._resolve(before, event.at)
            case SeverityChanged():
                yield from self._too_late(before, event.at)
            case UpdatePosted():
                yield from self._update(before, event.at)
            case _:
                return

    def _miss(self, promise: Promise, due: datetime) -> Iterator[DeadlineOutcome]:
        if (promise, due) not in self._missed:
            self._missed.add((promise, due))
            yield DeadlineOutcome(promise, due, None, held=False)

    def _respond(self, before: Incident, at: datetime) -> Iterator[DeadlineOutcome]:
        due = deadlines(self._rules, before).respond_by if before.is_open else None
        if due is not None and not before.response_overdue:
            yield DeadlineOutcome(Promise.RESPONSE, due, at, held=at <= due)

    def _resolve(self, before: Incident, at: datetime) -> Iterator[DeadlineOutcome]:
        due = deadlines(self._rules, before).resolve_by
        if before.resolution_asked_at is None:
            yield DeadlineOutcome(Promise.RESOLUTION, due, at, held=at <= due)

    def _too_late(self, before: Incident, at: datetime) -> Iterator[DeadlineOutcome]:
        """A deadline that passed unnoticed, while Nabat stood still, before it was planned anew."""
        if not before.is_open:
            return
        planned = deadlines(self._rules, before)
        if planned.respond_by is not None and planned.respond_by < at and not before.response_overdue:
            yield from self._miss(Promise.RESPONSE, planned.respond_by)
        if planned.resolve_by < at and before.resolution_asked_at is None:
            yield from self._miss(Promise.RESOLUTION, planned.resolve_by)

    def _update(self, before: Incident, at: datetime) -> Iterator[DeadlineOutcome]:
        """An update is late once it is overdue: those who wait for the reminder and answer it at once are in time."""
        due = deadlines(self._rules, before).update_by
        if due is None or before.overdue_pinged_at is not None:
            return
        yield DeadlineOutcome(Promise.UPDATE, due, at, held=at <= due + self._rules.plan.updates.overdue_after)


def _declared_at(history: Sequence[Event]) -> datetime:
    return history[0].at.astimezone(UTC)


def _began(history: Sequence[Event]) -> datetime | None:
    """The first start, in UTC, of the alerts that declared it: those that came with the declaration."""
    with_it = [event for event in history[:2] if event.at == history[0].at]
    return min(_believed_starts(with_it), default=None)


def _believed_starts(history: Sequence[Event]) -> list[datetime]:
    oldest = history[0].at - OLDEST_BELIEVED
    return [alert.starts_at.astimezone(UTC) for _, alert in _alerts(history) if alert.starts_at > oldest]


def _alerts(history: Iterable[Event]) -> Iterator[tuple[datetime, Alert]]:
    """Every word about an alert, its own or of an incident that was merged into this one, and when it was heard."""
    for event in history:
        if isinstance(event, AlertsChanged | Absorbed):
            yield from ((event.at, alert) for alert in event.alerts)


def _alert_ends(history: Iterable[Event]) -> datetime | None:
    """When the last alert ended, in UTC; None without alerts, and where one still fires."""
    ends = {alert.fingerprint: _end_of(alert, heard_at) for heard_at, alert in _alerts(history)}
    known = [end for end in ends.values() if end is not None]
    return max(known) if known and len(known) == len(ends) else None


def _end_of(alert: Alert, heard_at: datetime) -> datetime | None:
    """The source's own word, where it is one: an end before the start, or in the future, is not."""
    if alert.status is AlertStatus.FIRING:
        return None
    end = alert.ends_at
    believed = end if end is not None and alert.starts_at <= end <= heard_at else heard_at
    return believed.astimezone(UTC)
