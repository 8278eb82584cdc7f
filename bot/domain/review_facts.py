"""What the log says for the post-incident document: who was called and answered, who had it, what held and what failed.

Facts alone, each with where it comes from; how they are said is a matter of `bot.views.postmortem`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.acting import Run
from bot.domain.actors import Responder
from bot.domain.events import (
    Acknowledged,
    Assigned,
    Event,
    MergedInto,
    Paged,
    PageFailed,
    ReachableAgain,
    Reopened,
    Resolved,
    SeverityChanged,
)
from bot.domain.incident import Incident
from bot.domain.incident_measures import (
    DeadlineOutcome,
    Promise,
    Span,
    acknowledgement_time,
    deadlines_of,
    detection_time,
    impact_span,
    recovery_time,
)
from bot.domain.rules import Rules

DETECTED_WITHIN = timedelta(minutes=5)
"""Written plan, "Phase 1: Detection (0-5 minutes)"."""


@dataclass(frozen=True, slots=True)
class Called:
    """Somebody who was paged or told: how often, when first, and when they took it, if they did. Times are UTC."""

    person: str
    pages: int
    first_at: datetime
    answered_at: datetime | None
    reached: bool


@dataclass(frozen=True, slots=True)
class Hold:
    """Who had it, from when to when, UTC; `end` is None while they have it."""

    person: str
    start: datetime
    end: datetime | None


class Finding(StrEnum):
    """What the log itself says went well, or could be better."""

    DETECTED_SOON = "detected_soon"
    ANSWERED_IN_TIME = "answered_in_time"
    RESOLVED_IN_TIME = "resolved_in_time"
    UPDATES_IN_TIME = "updates_in_time"
    ACTIONS_WORKED = "actions_worked"

    DETECTED_LATE = "detected_late"
    NOT_DETECTED = "not_detected"
    """No alert told of it."""
    ANSWERED_LATE = "answered_late"
    RESOLVED_LATE = "resolved_late"
    UPDATES_LATE = "updates_late"
    ACTIONS_FAILED = "actions_failed"
    NOT_REACHED = "not_reached"
    """People whom Nabat could not write to."""
    RATED_TOO_MILD = "rated_too_mild"
    REOPENED = "reopened"


WENT_WELL = frozenset(
    {
        Finding.DETECTED_SOON,
        Finding.ANSWERED_IN_TIME,
        Finding.RESOLVED_IN_TIME,
        Finding.UPDATES_IN_TIME,
        Finding.ACTIONS_WORKED,
    }
)
"""The findings that are good news."""


@dataclass(frozen=True, slots=True)
class ReviewFacts:
    """Everything that is calculated for the document."""

    detection: timedelta | None
    acknowledgement: timedelta | None
    recovery: timedelta | None
    impact: Span
    deadlines: tuple[DeadlineOutcome, ...]
    called: tuple[Called, ...]
    holders: tuple[Hold, ...]
    findings: tuple[Finding, ...]

    def of(self, promise: Promise) -> tuple[DeadlineOutcome, ...]:
        """The settled deadlines of one kind."""
        return tuple(outcome for outcome in self.deadlines if outcome.promise is promise)

    def held(self, promise: Promise) -> bool | None:
        """Whether every deadline of a kind held; None where none was settled."""
        outcomes = self.of(promise)
        return all(outcome.held for outcome in outcomes) if outcomes else None


def facts_of(rules: Rules, incident: Incident, history: Sequence[Event]) -> ReviewFacts:
    """What the log of an incident, which made it what it is, says."""
    deadlines = deadlines_of(rules, incident.id, history)
    return ReviewFacts(
        detection=detection_time(history),
        acknowledgement=acknowledgement_time(history),
        recovery=recovery_time(history),
        impact=impact_span(history),
        deadlines=deadlines,
        called=tuple(_called(history)),
        holders=tuple(_holders(history)),
        findings=tuple(_findings(rules, incident, history, deadlines)),
    )


def _called(history: Sequence[Event]) -> Iterator[Called]:
    pages: dict[str, list[datetime]] = {}
    for event in history:
        for person in event.people if isinstance(event, Paged) else ():
            pages.setdefault(person, []).append(event.at)
    answers: dict[str, datetime] = {}
    unreachable: set[str] = set()
    for event in history:
        match event:
            case Acknowledged():
                answers.setdefault(event.person, event.at)
            case PageFailed():
                unreachable.add(event.person)
            case ReachableAgain():
                unreachable.discard(event.person)
            case _:
                continue
    for person, times in pages.items():
        answered = answers.get(person)
        yield Called(person, len(times), times[0], answered, reached=person not in unreachable or answered is not None)


def _holders(history: Sequence[Event]) -> Iterator[Hold]:
    holder: Hold | None = None
    for event in history:
        match event:
            case Acknowledged() | Assigned():
                if holder is not None and holder.person == event.person:
                    continue
                if holder is not None:
                    yield Hold(holder.person, holder.start, event.at)
                holder = Hold(event.person, event.at, None)
            case Resolved() | Reopened() | MergedInto() if holder is not None:
                yield Hold(holder.person, holder.start, event.at)
                holder = None
            case _:
                continue
    if holder is not None:
        yield holder


def _findings(
    rules: Rules, incident: Incident, history: Sequence[Event], deadlines: Sequence[DeadlineOutcome]
) -> Iterator[Finding]:
    yield from _detected(incident, history)
    for promise, well, late in (
        (Promise.RESPONSE, Finding.ANSWERED_IN_TIME, Finding.ANSWERED_LATE),
        (Promise.RESOLUTION, Finding.RESOLVED_IN_TIME, Finding.RESOLVED_LATE),
        (Promise.UPDATE, Finding.UPDATES_IN_TIME, Finding.UPDATES_LATE),
    ):
        outcomes = [outcome.held for outcome in deadlines if outcome.promise is promise]
        if outcomes:
            yield well if all(outcomes) else late
    if worked(incident):
        yield Finding.ACTIONS_WORKED
    if failed(incident):
        yield Finding.ACTIONS_FAILED
    if not_reached(history):
        yield Finding.NOT_REACHED
    if first_severity(rules, history) is not None:
        yield Finding.RATED_TOO_MILD
    if any(isinstance(event, Reopened) for event in history):
        yield Finding.REOPENED


def _detected(incident: Incident, history: Sequence[Event]) -> Iterator[Finding]:
    took = detection_time(history)
    if took is not None:
        yield Finding.DETECTED_SOON if took <= DETECTED_WITHIN else Finding.DETECTED_LATE
    elif isinstance(incident.declared_by, Responder) and not incident.alerts:
        yield Finding.NOT_DETECTED


def worked(incident: Incident) -> tuple[Run, ...]:
    """The actions that ran and ended well."""
    return tuple(run for run in incident.acting.runs if run.ok)


def failed(incident: Incident) -> tuple[Run, ...]:
    """The actions that ran and did not end well, or of which nobody knows."""
    return tuple(run for run in incident.acting.runs if run.ended is not None and not run.ok)


def not_reached(history: Sequence[Event]) -> tuple[str, ...]:
    """The people whom no page ever reached."""
    return tuple(called.person for called in _called(history) if not called.reached)


def first_severity(rules: Rules, history: Sequence[Event]) -> str | None:
    """The severity that was made worse first; None where none was."""
    for event in history:
        if isinstance(event, SeverityChanged) and _in_plan(rules, event) and rules.milder(event.before, event.severity):
            return event.before
    return None


def _in_plan(rules: Rules, event: SeverityChanged) -> bool:
    return {event.before, event.severity} <= set(rules.plan.severities)
