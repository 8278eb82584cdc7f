"""The watch over a fix: how far it is, what it saw, and what could not be verified."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.incident import Incident
from bot.domain.measures import Verdict, compare, format_measured
from bot.domain.plan import Metric
from bot.domain.resolving import Verification
from bot.domain.resolving_events import (
    MetricSeen,
    Unverified,
    VerificationBroken,
    VerificationStarted,
    WhyBroken,
    WhyUnverified,
)
from bot.domain.roster import Roster
from bot.domain.rules import Rules
from bot.domain.verifying_times import failed, run_of, watch_of
from bot.views import naming
from bot.views.damage import Reading
from bot.views.html import Piece, joined, text
from bot.views.plan_words import of_plan
from bot.views.times import clock
from bot.views.translations import Words, listed, mark

TITLE_LIMIT, REASON_LIMIT = 60, 200
_MINUTE = timedelta(minutes=1)
_MARKS = {Verdict.GOOD: "✓", Verdict.BAD: "✗"}
_WHY_UNVERIFIED = {
    WhyUnverified.NO_METRICS: mark("{what} (no Prometheus)"),
    WhyUnverified.UNREADABLE: mark("{what} (could not be read)"),
    WhyUnverified.NOT_WATCHED: mark("{what} (not watched to the end)"),
    WhyUnverified.CANNOT_RUN: mark("{what} (can't be run here)"),
    WhyUnverified.NOT_RUN: mark("{what} (not run)"),
    WhyUnverified.UNKNOWN_END: mark("{what} (nobody knows how it ended)"),
    WhyUnverified.STILL_FIRING: mark("{what} (the alert still fires)"),
    WhyUnverified.SIMULATED: mark("{what} (simulated: it is a drill)"),
    WhyUnverified.SKIPPED: mark("{what} (skipped)"),
}
READY_REASONS: Sequence[str] = (
    mark("Seen to work by hand"),
    mark("It was a false alarm"),
    mark("It can't be measured"),
)
"""Why a fix is not watched to the end. A button carries a reason's index, so a new one is added at the end."""


def on_card(
    words: Words, rules: Rules, incident: Incident, readings: tuple[Reading, ...], now: datetime
) -> tuple[Piece, ...]:
    """`Verifying: 12 of 30 min, Error rate 0.02 % ✓` and until when; nothing without a watch."""
    watch = watch_of(incident)
    if watch is None:
        return ()
    whole, gone = (watch.until - watch.since) // _MINUTE, (now - watch.since) // _MINUTE
    far = words("🧪 Verifying: {done} of {all} min", done=max(0, min(gone, whole)), all=whole)
    measured = {reading.metric: reading.value for reading in readings}
    seen = [_metric(words, rules.plan.metrics[name], watch, name, measured.get(name)) for name in watch.metrics]
    until = clock(words, watch.until, now)
    end = words("Resolved at {time} if it stays well; a breach or a new alert takes it back.", time=until)
    left = unverified(words, watch.unverified)
    return (joined((far, *seen, _action(words, rules, incident, watch))), end, left)


def verified(words: Words, titles: tuple[str, ...]) -> Piece:
    """`Verified: Error rate, Smoke tests`."""
    return words("✅ Verified: {what}", what=listed(text(each, TITLE_LIMIT) for each in titles)) if titles else Piece()


def unverified(words: Words, left: tuple[Unverified, ...]) -> Piece:
    """`Not verified: Error rate, Latency P95 (no Prometheus), Smoke tests (can't be run here)`."""
    if not left:
        return Piece()
    grouped: dict[WhyUnverified, list[Piece]] = {}
    for each in left:
        grouped.setdefault(each.why, []).append(of_plan(words, each.title, TITLE_LIMIT))
    named = [words(_WHY_UNVERIFIED[why], what=listed(titles)) for why, titles in grouped.items()]
    return words("⚪️ Not verified: {what}", what=listed(named))


def verification_line(
    words: Words, roster: Roster, event: VerificationStarted | MetricSeen | VerificationBroken, now: datetime
) -> Piece:
    """One event in words, with who did it and without its time."""
    who = naming.actor(words, roster, event.by)
    match event:
        case VerificationStarted():
            begun = words("{who} called it fixed, watched until {time}", who=who, time=clock(words, event.until, now))
            return joined((begun, text(event.reason, REASON_LIMIT)), ": ")
        case MetricSeen():
            return _seen(words, event)
        case VerificationBroken():
            return joined((broken(words, roster, event), text(event.reason, REASON_LIMIT)), ": ")


def broken(words: Words, roster: Roster, event: VerificationBroken, metric: Metric | None = None) -> Piece:
    """Why it is not over."""
    what = text(event.what, TITLE_LIMIT)
    match event.why:
        case WhyBroken.METRIC if metric is not None and event.value is not None:
            value = text(format_measured(metric, event.value, words.language))
            return words("it is not over: {what} is at {value}, outside of its target", what=what, value=value)
        case WhyBroken.METRIC:
            return words("it is not over: {what} is outside of its target", what=what)
        case WhyBroken.ALERT:
            return words("it is not over: {what} fires", what=what)
        case WhyBroken.TRIGGER:
            return words("it is not over: the rollback rule {what} holds", what=what)
        case WhyBroken.ACTION:
            return words("it is not over: {what} failed", what=what)
        case WhyBroken.BY_HAND:
            return words("{who} says it is not over", who=naming.actor(words, roster, event.by))


def _seen(words: Words, event: MetricSeen) -> Piece:
    title = of_plan(words, event.title, TITLE_LIMIT)
    match event.verdict:
        case Verdict.GOOD:
            return words("{what} keeps its target", what=title)
        case Verdict.BAD:
            return words("{what} is outside of its target", what=title)
        case Verdict.UNKNOWN:
            return words("{what} can't be read", what=title)


def _metric(words: Words, metric: Metric, watch: Verification, name: str, value: float | None) -> Piece:
    title = of_plan(words, metric.title, TITLE_LIMIT)
    if value is not None:
        sign = _MARKS.get(compare(value, metric.target), "")
        return joined((title, text(format_measured(metric, value, words.language)), text(sign)), " ")
    if watch.seen.get(name) is Verdict.UNKNOWN:
        return words("{what} can't be read", what=title)
    return joined((title, text("…")), " ")


def _action(words: Words, rules: Rules, incident: Incident, watch: Verification) -> Piece:
    if watch.action is None:
        return Piece()
    title, run = of_plan(words, rules.plan.actions[watch.action].title, TITLE_LIMIT), run_of(incident, watch)
    if run is None:
        return words("{what} not run yet: /run {name}", what=title, name=watch.action)
    if run.ended is None:
        return joined((title, text("…")), " ")
    if run.simulated:
        return words("{what} simulated", what=title)
    return joined((title, text("✓" if run.ok else "✗" if failed(run) else "?")), " ")
