"""What happened between two moments, over all incidents: for digests and for reviews of a beta launch. Pure.

Drills are left out everywhere: they are no incidents.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from unicodedata import normalize

from bot.domain.alerts import AlertStatus, service_of
from bot.domain.events import AlertsChanged, Event
from bot.domain.incident import Incident, Status
from bot.domain.incident_measures import Promise, acknowledgement_time, deadlines_of, recovery_time
from bot.domain.resolving import Written
from bot.domain.review import ActionItem
from bot.domain.review_times import day_of
from bot.domain.rules import Rules

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class History:
    """An incident with the rules it keeps, and its log."""

    rules: Rules
    incident: Incident
    events: Sequence[Event]


@dataclass(frozen=True, slots=True)
class Kept:
    """How many of the deadlines that were settled held; `typical` is the median time it took, None without any."""

    held: int
    settled: int
    typical: timedelta | None


@dataclass(frozen=True, slots=True)
class Cause:
    """A root cause that people wrote down, as it was worded last, of how many incidents, and where they were."""

    text: str
    count: int
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ToDo:
    """An action item that is open, and of which incident; `overdue`: its day is over where its owner is."""

    of: History
    item: ActionItem
    overdue: bool


@dataclass(frozen=True, slots=True)
class Lookback:
    """From `since` until before `until`, in UTC.

    `alerts` counts by name how often one began to fire. `declared` and `resolved` lie in this time; `still_open` are
    those open now. `answered` are the times it took to answer those declared. `causes` were written down in this time,
    the most frequent first; `without_cause` are how many ended in it and have none. `places` counts those declared by
    the service that they struck, or by the alert where none is named, the most frequent first. `to_do` is open at its
    end, of incidents of any age, the longest due first.
    """

    since: datetime
    until: datetime
    alerts: Mapping[str, int]
    declared: tuple[History, ...]
    resolved: tuple[History, ...]
    still_open: tuple[History, ...]
    answered: tuple[timedelta, ...]
    response: Kept
    resolution: Kept
    causes: tuple[Cause, ...] = ()
    without_cause: int = 0
    places: tuple[tuple[str, int], ...] = ()
    to_do: tuple[ToDo, ...] = ()

    @property
    def alert_count(self) -> int:
        """How many alerts began to fire."""
        return sum(self.alerts.values())

    @property
    def recurring(self) -> tuple[tuple[str, int], ...]:
        """The alerts that began to fire more than once, the most frequent first."""
        often = ((name, count) for name, count in self.alerts.items() if count > 1)
        return tuple(sorted(often, key=lambda each: (-each[1], each[0])))

    @property
    def unanswered(self) -> int:
        """How many of those declared nobody has answered."""
        return sum(each.incident.status is Status.UNANSWERED for each in self.declared)

    @property
    def overdue(self) -> int:
        """How many of the open action items should have been done."""
        return sum(each.overdue for each in self.to_do)


def look_back(histories: Iterable[History], since: datetime, until: datetime) -> Lookback:
    """What the logs say of a time."""
    known = [each for each in histories if not each.incident.drill]
    declared = tuple(each for each in known if since <= each.incident.declared_at < until)
    over = ((each, each.incident.resolved_at) for each in known)
    resolved = tuple(each for each, at in over if at is not None and since <= at < until)
    answered = (acknowledgement_time(each.events) for each in declared)
    recovered = (recovery_time(each.events) for each in resolved)
    times = tuple(time for time in answered if time is not None)
    return Lookback(
        since,
        until,
        _alerts(known, since, until),
        declared,
        resolved,
        tuple(each for each in known if each.incident.is_open),
        times,
        _kept(known, Promise.RESPONSE, since, until, times),
        _kept(known, Promise.RESOLUTION, since, until, tuple(time for time in recovered if time is not None)),
        _causes(known, since, until),
        sum(each.incident.status is Status.RESOLVED and each.incident.resolution.cause is None for each in resolved),
        _most_frequent(place for each in declared for place in places_of(each.incident)),
        _to_do(known, until),
    )


def _causes(histories: Iterable[History], since: datetime, until: datetime) -> tuple[Cause, ...]:
    """The same words are the same cause, whatever their case, their spaces and their punctuation."""
    known = (each.incident for each in histories if each.incident.status is not Status.MERGED)
    found = ((incident.resolution.cause, incident) for incident in known)
    written = [(cause, incident) for cause, incident in found if cause is not None and since <= cause.at < until]
    written.sort(key=lambda pair: pair[0].at)
    newest = {_essence(cause): cause.text for cause, _ in written}
    often = _most_frequent(_essence(cause) for cause, _ in written)
    struck: dict[str, dict[str, None]] = {essence: {} for essence in newest}
    for cause, incident in written:
        struck[_essence(cause)].update(dict.fromkeys(places_of(incident)))
    return tuple(Cause(newest[essence], count, tuple(struck[essence])) for essence, count in often)


def places_of(incident: Incident) -> tuple[str, ...]:
    """The services that its alerts are about, each once; of an alert that names none, the alert's name."""
    found = (service_of(alert.labels) or alert.name for alert in incident.alerts.values())
    return tuple(dict.fromkeys(found))


def _most_frequent(names: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """By name among equals, so that the same week reads the same."""
    return tuple(sorted(Counter(names).items(), key=lambda each: (-each[1], each[0])))


def _essence(cause: Written) -> str:
    return " ".join(_WORD.findall(normalize("NFKC", cause.text).casefold())) or cause.text


def _to_do(histories: Iterable[History], at: datetime) -> tuple[ToDo, ...]:
    every = (
        ToDo(each, item, overdue=item.due < day_of(each.rules, item.owner, at))
        for each in histories
        for item in each.incident.review.open_items
    )
    return tuple(sorted(every, key=lambda one: one.item.due))


def _alerts(histories: Iterable[History], since: datetime, until: datetime) -> Mapping[str, int]:
    """Each time an alert began to fire counts once, however often its source repeats it."""
    fired = {
        (alert.fingerprint, alert.starts_at): alert.name
        for each in histories
        for event in each.events
        if isinstance(event, AlertsChanged) and since <= event.at < until
        for alert in event.alerts
        if alert.status is AlertStatus.FIRING
    }
    return Counter(fired.values())


def _kept(
    histories: Iterable[History], promise: Promise, since: datetime, until: datetime, times: Sequence[timedelta]
) -> Kept:
    settled = [
        outcome
        for each in histories
        for outcome in deadlines_of(each.rules, each.incident.id, each.events)
        if outcome.promise is promise and since <= (outcome.met_at or outcome.due) < until
    ]
    return Kept(sum(outcome.held for outcome in settled), len(settled), _typical(times))


def _typical(times: Sequence[timedelta]) -> timedelta | None:
    return timedelta(seconds=median(time.total_seconds() for time in times)) if times else None
