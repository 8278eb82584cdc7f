"""What was wrong and what mended it, as far as it is written down, and whether the fix is being watched."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType

from bot.domain.actors import Actor
from bot.domain.looking import Tick
from bot.domain.measures import Verdict
from bot.domain.resolving_events import (
    CauseFound,
    FixDescribed,
    MetricSeen,
    Unverified,
    VerificationBroken,
    VerificationStarted,
    WhyUnverified,
)

ResolvingEvent = CauseFound | FixDescribed | VerificationStarted | MetricSeen | VerificationBroken


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody wrote down, and when."""

    text: str
    by: Actor
    at: datetime


@dataclass(frozen=True, slots=True)
class Verification:
    """A fix under watch, by whoever called it one.

    `seen` is how each metric stood at the last change, `blind` those that could not be read for a while. `fired_before`
    are alerts that fire since before the watch; `tripped` is a row of the rollback matrix that fired during it.
    """

    since: datetime
    until: datetime
    by: Actor
    reason: str
    metrics: tuple[str, ...]
    action: str | None
    unverified: tuple[Unverified, ...]
    fired_before: frozenset[str]
    seen: Mapping[str, Verdict] = field(default_factory=lambda: MappingProxyType({}))
    blind: frozenset[str] = frozenset()
    tripped: str | None = None


@dataclass(frozen=True, slots=True)
class Resolution:
    """The root cause and the fix; a fix that did not hold is to be described anew.

    `unverified` is what the last resolution could not verify, `verified` who has a fix that was verified whole.
    """

    cause: Written | None = None
    fix: Written | None = None
    verification: Verification | None = None
    verified: Tick | None = None
    unverified: tuple[Unverified, ...] = ()


def after_resolving(resolution: Resolution, event: ResolvingEvent, firing: frozenset[str]) -> Resolution:
    """Where things stand after one more event; `firing` are the fingerprints of the alerts that fire."""
    match event:
        case CauseFound():
            return replace(resolution, cause=Written(event.text, event.by, event.at))
        case FixDescribed():
            return replace(resolution, fix=Written(event.text, event.by, event.at))
        case VerificationStarted():
            begun = Verification(
                since=event.at,
                until=event.until,
                by=event.by,
                reason=event.reason,
                metrics=event.metrics,
                action=event.action,
                unverified=event.unverified,
                fired_before=firing,
            )
            return replace(resolution, verification=begun)
        case MetricSeen():
            return _seen(resolution, event)
        case _:
            return replace(resolution, verification=None)


def _seen(resolution: Resolution, event: MetricSeen) -> Resolution:
    watch = resolution.verification
    if watch is None:
        return resolution
    seen = MappingProxyType({**watch.seen, event.metric: event.verdict})
    unread = {event.metric} if event.verdict is Verdict.UNKNOWN else set[str]()
    return replace(resolution, verification=replace(watch, seen=seen, blind=watch.blind | unread))


def with_alerts(resolution: Resolution, firing: frozenset[str]) -> Resolution:
    """Alerts changed: one that ended during the watch and fires once more fires anew."""
    watch = resolution.verification
    if watch is None:
        return resolution
    return replace(resolution, verification=replace(watch, fired_before=watch.fired_before & firing))


def with_trigger(resolution: Resolution, trigger: str) -> Resolution:
    """A row of the rollback matrix fired."""
    watch = resolution.verification
    return resolution if watch is None else replace(resolution, verification=replace(watch, tripped=trigger))


def at_the_end(
    resolution: Resolution, tick: Tick, verified: tuple[str, ...], left: tuple[Unverified, ...]
) -> Resolution:
    """The resolution of an incident that is over now. What a drill simulated was done as far as a drill does it."""
    simulated = tuple(each for each in left if each.why is WhyUnverified.SIMULATED)
    whole = tick if (verified or simulated) and left == simulated else None
    return replace(resolution, verification=None, verified=whole, unverified=left)


def reopened(resolution: Resolution) -> Resolution:
    """The resolution of an incident that is open again: what was called the fix was none."""
    return Resolution(cause=resolution.cause)
