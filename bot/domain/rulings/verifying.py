"""The end of an incident and the watch over its fix: begun, broken, skipped, or come to its end. Written plan, Phase 4.

While a fix is watched no resolution is asked for, and no status update within the watch's time: it has an end that
everybody was told. Only a watch that is longer than the cadence of updates owes them.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.acting_events import ActionStarted
from bot.domain.actors import Responder, System
from bot.domain.commands import Reopen, Resolve
from bot.domain.events import Acknowledged, Event, Resolved
from bot.domain.evolving import replay
from bot.domain.incident import Incident, Status
from bot.domain.measures import Verdict
from bot.domain.rejections import AlreadyClosed, Rejection, SayWhyNow, UnderVerification
from bot.domain.resolving import Verification
from bot.domain.resolving_commands import MetricLook, ObserveFix
from bot.domain.resolving_events import (
    MetricSeen,
    Unverified,
    VerificationBroken,
    VerificationStarted,
    WhyBroken,
    WhyUnverified,
)
from bot.domain.rules import Rules
from bot.domain.rulings.actions import busy, has_authority
from bot.domain.verifying_times import BROKEN, breakage, never_began, run_of, watch_of

SETTLES_IN = timedelta(minutes=2)
"""A rate over a minute still holds what was before the fix; after this a breach counts."""
ACTION_MARGIN = timedelta(minutes=1)
"""Beyond an action's own time limit."""
ALERTS_NAMED = 3
_NABAT = System()


@dataclass(frozen=True, slots=True)
class _Scope:
    """What can be watched here, what can be run, and what neither."""

    metrics: tuple[str, ...]
    action: str | None
    left: tuple[Unverified, ...]


def resolve(rules: Rules, incident: Incident, command: Resolve, now: datetime) -> tuple[Event, ...] | Rejection:
    """It is over, once the fix was watched; at once for a reason, or where nothing can be verified."""
    if not incident.is_open:
        return AlreadyClosed(incident.merged_into)
    watch = watch_of(incident)
    if command.at_once and not command.reason.strip():
        return SayWhyNow()
    if watch is not None:
        if not command.at_once:
            return UnderVerification()
        done, left = _outcome(rules, incident, watch, WhyUnverified.SKIPPED)
        return (Resolved(at=now, by=command.by, reason=command.reason, verified=done, unverified=left),)
    scope = _scope(rules)
    starts = _may_start(rules, command, scope.action)
    if command.at_once or not isinstance(command.by, Responder) or not (scope.metrics or starts):
        why = WhyUnverified.NOT_RUN if not command.at_once and not scope.metrics else WhyUnverified.SKIPPED
        skipped = tuple(Unverified(title=title, why=why) for title in _titles(rules, scope.metrics, scope.action))
        return (Resolved(at=now, by=command.by, reason=command.reason, unverified=(*scope.left, *skipped)),)
    return _begin(rules, incident, command, scope, now, starts=starts)


def _begin(
    rules: Rules, incident: Incident, command: Resolve, scope: _Scope, now: datetime, *, starts: bool
) -> tuple[Event, ...]:
    """Whoever says that it is over has it from now on, if nobody had."""
    events: tuple[Event, ...] = ()
    if incident.status is Status.UNANSWERED and isinstance(command.by, Responder):
        events = (Acknowledged(at=now, by=command.by, person=command.by.person),)
    begun = VerificationStarted(
        at=now,
        by=command.by,
        until=now + _length(rules, scope),
        metrics=scope.metrics,
        action=scope.action,
        unverified=scope.left,
        reason=command.reason,
    )
    events = (*events, begun)
    if starts and scope.action is not None:
        run = incident.version + len(events) + 1
        events = (*events, ActionStarted(at=now, by=command.by, run=run, action=scope.action))
    return events


def _length(rules: Rules, scope: _Scope) -> timedelta:
    """The plan's time; where there is only a test to wait for, that one's limit."""
    if scope.metrics or scope.action is None:
        return rules.plan.verification.watch_for
    return rules.plan.actions[scope.action].timeout + ACTION_MARGIN


def not_over(command: Reopen, now: datetime) -> tuple[Event, ...]:
    """Somebody saw that it is not over, before the watch did."""
    return (VerificationBroken(at=now, by=command.by, why=WhyBroken.BY_HAND, reason=command.reason),)


def observe(rules: Rules, incident: Incident, command: ObserveFix, now: datetime) -> tuple[Event, ...]:
    """The metrics were looked at: what changed is kept, a breach breaks the watch, and after its time it is over."""
    watch = watch_of(incident)
    if watch is None:
        return ()
    looks = tuple(look for look in command.looks if look.metric in watch.metrics)
    news = tuple(_seen(rules, look, now) for look in looks if watch.seen.get(look.metric) is not look.verdict)
    broken = next((look for look in looks if look.held and now >= watch.since + SETTLES_IN), None)
    if broken is not None:
        return (*news, _broken_by(rules, broken.metric, broken.value, now))
    after = replay(incident.id, news, incident) if news else incident
    if command.asked_at < watch.until or {look.metric for look in looks} != set(watch.metrics):
        return news
    if any(look.verdict is Verdict.BAD for look in looks) or _still_runs(after, watch):
        return news  # a breach that has not held yet, or a test that goes on: the next look, or the time limit, decides
    return (*news, _over(rules, after, now, WhyUnverified.NOT_RUN))


def fall_due(rules: Rules, incident: Incident, key: str, now: datetime) -> tuple[Event, ...]:
    """What the verification's timer `key`, which is due, leads to."""
    watch = watch_of(incident)
    if watch is None:
        return ()
    found = breakage(rules, incident, watch)
    if key == BROKEN and found is not None:
        return (VerificationBroken(at=now, by=_NABAT, why=found.why, what=found.what),)
    bad = next((metric for metric in watch.metrics if watch.seen.get(metric) is Verdict.BAD), None)
    if bad is not None:
        return (_broken_by(rules, bad, None, now),)
    return (_over(rules, incident, now, WhyUnverified.NOT_WATCHED),)


def _scope(rules: Rules) -> _Scope:
    wanted = rules.plan.verification
    named = tuple(name for name in wanted.metrics if rules.plan.metrics[name].target is not None)
    left: tuple[Unverified, ...] = ()
    metrics = named if rules.verifiable.has_metrics and wanted.watch_for else ()
    if not metrics:
        why = WhyUnverified.NO_METRICS
        left = tuple(Unverified(title=title, why=why) for title in _titles(rules, named, None))
    action = wanted.action if wanted.action in rules.verifiable.runnable else None
    if action is None and wanted.action is not None:
        title = rules.plan.actions[wanted.action].title
        left = (*left, Unverified(title=title, why=WhyUnverified.CANNOT_RUN))
    return _Scope(metrics, action, left)


def _may_start(rules: Rules, command: Resolve, action: str | None) -> bool:
    """Whoever says that it is over starts the test, if they may; else anybody who may does with /run."""
    if action is None or busy(rules, action) is not None:
        return False
    return has_authority(rules, command.by, rules.plan.actions[action].authority)


def _titles(rules: Rules, metrics: tuple[str, ...], action: str | None) -> tuple[str, ...]:
    titles = tuple(rules.plan.metrics[name].title for name in metrics)
    return titles if action is None else (*titles, rules.plan.actions[action].title)


def _seen(rules: Rules, look: MetricLook, now: datetime) -> MetricSeen:
    title = rules.plan.metrics[look.metric].title
    return MetricSeen(at=now, by=_NABAT, metric=look.metric, title=title, verdict=look.verdict, value=look.value)


def _broken_by(rules: Rules, metric: str, value: float | None, now: datetime) -> VerificationBroken:
    title = rules.plan.metrics[metric].title
    return VerificationBroken(at=now, by=_NABAT, why=WhyBroken.METRIC, what=title, metric=metric, value=value)


def _still_runs(incident: Incident, watch: Verification) -> bool:
    run = run_of(incident, watch)
    return run is not None and run.ended is None


def _over(rules: Rules, incident: Incident, now: datetime, why: WhyUnverified) -> Event:
    watch = watch_of(incident)
    assert watch is not None, "only a watch comes to its end"  # noqa: S101 - both callers have just looked
    done, left = _outcome(rules, incident, watch, why)
    return Resolved(at=now, by=watch.by, reason=watch.reason, verified=done, unverified=left)


def _outcome(
    rules: Rules, incident: Incident, watch: Verification, why: WhyUnverified
) -> tuple[tuple[str, ...], tuple[Unverified, ...]]:
    """What the watch has verified, and what it has not: `why` is said of what nobody waited for."""
    early = why is not WhyUnverified.NOT_RUN
    done: list[str] = []
    left = list(watch.unverified)
    for name in watch.metrics:
        title, unread = rules.plan.metrics[name].title, name in watch.blind or name not in watch.seen
        if early or unread:
            left.append(Unverified(title=title, why=WhyUnverified.UNREADABLE if unread and not early else why))
        else:
            done.append(title)
    if watch.action is not None:
        title, missing = rules.plan.actions[watch.action].title, _missing(incident, watch, why)
        if missing is None:
            done.append(title)
        else:
            left.append(Unverified(title=title, why=missing))
    firing = [alert.name for alert in incident.firing if alert.fingerprint in watch.fired_before][:ALERTS_NAMED]
    left.extend(Unverified(title=name, why=WhyUnverified.STILL_FIRING) for name in dict.fromkeys(firing))
    return tuple(done), tuple(left)


def _missing(incident: Incident, watch: Verification, why: WhyUnverified) -> WhyUnverified | None:
    """Why the action verified nothing; None: it did."""
    run = run_of(incident, watch)
    skipped = WhyUnverified.SKIPPED if why is WhyUnverified.SKIPPED else None
    if run is None:
        return skipped or WhyUnverified.NOT_RUN
    if run.ended is None:
        return skipped or WhyUnverified.UNKNOWN_END
    if run.simulated:
        return WhyUnverified.SIMULATED
    if run.ok:
        return None
    return WhyUnverified.CANNOT_RUN if never_began(run) else WhyUnverified.UNKNOWN_END
