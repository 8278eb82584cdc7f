"""The beta launch in the team's own state: who switched it, how it stands, what was looked at, reviews. Pure.

What fell due during a stop is done once: the newest of several looks, one review over all that was missed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import assert_never

from bot.domain.actors import Actor
from bot.domain.beta import Period, Standing, Switches, beta_schedule, usual_length
from bot.domain.beta_events import (
    BetaChanged,
    BetaEvent,
    BetaLooked,
    BetaReviewed,
    BetaSet,
    BetaStopped,
    CheckSeen,
    FigureSeen,
)
from bot.domain.beta_looks import Look, look_due
from bot.domain.beta_state import TeamBeta
from bot.domain.plan import Plan
from bot.domain.rejections import BetaIsOff, BetaOutOfRange, Rejection
from bot.domain.wall_clock import next_time_of_day, next_time_of_week

SHORTEST_LAUNCH = timedelta(minutes=1)
LONGEST_LAUNCH = timedelta(days=28)
"""Twice the written plan's whole phase: beyond that the stricter rules are to be those of the severities."""

BETA = "beta"
DAILY = "daily_review"
WEEKLY = "weekly_review"


@dataclass(frozen=True, slots=True)
class SwitchOn:
    """Launch now, for a length of time; without one for as long as the plan's own launch."""

    by: Actor
    length: timedelta | None = None


@dataclass(frozen=True, slots=True)
class SwitchOff:
    """End the launch and the phase."""

    by: Actor


@dataclass(frozen=True, slots=True)
class NoteLook:
    """What was found when it was looked at. `look` is what was due; None where somebody asked for a digest."""

    by: Actor
    look: Look | None
    checks: tuple[CheckSeen, ...]
    figures: tuple[FigureSeen, ...] = ()


BetaCommand = SwitchOn | SwitchOff | NoteLook


WORTH_A_CLOSING_REVIEW = timedelta(days=1)
"""A phase that somebody ended sooner has brought nothing that its digests did not tell."""


def rule_on_beta(plan: Plan, beta: TeamBeta, command: BetaCommand, now: datetime) -> tuple[BetaEvent, ...] | Rejection:
    """What a command leads to; who may give it is decided elsewhere."""
    standing = beta_schedule(plan, beta.switches).standing_at(now)
    match command:
        case SwitchOn(length=None) if standing.launch is not None:
            return ()
        case SwitchOn():
            length = usual_length(plan) if command.length is None else command.length
            if not SHORTEST_LAUNCH <= length <= LONGEST_LAUNCH:
                return BetaOutOfRange(int(LONGEST_LAUNCH.total_seconds()))
            on = beta.switches.on
            since = on.since if on is not None and on.covers(now) else now
            return (BetaSet(at=now, by=command.by, since=since, until=now + length),)
        case SwitchOff():
            return BetaIsOff() if standing == Standing() else (BetaStopped(at=now, by=command.by),)
        case NoteLook():
            return _noted(plan, beta, command, now)
        case _:
            assert_never(command)


def due_beta(plan: Plan, beta: TeamBeta) -> dict[str, datetime]:
    """When the team is to be looked at for its launch: key -> time, in UTC. Nothing before the first look."""
    if beta.seen_at is None:
        return {}
    schedule = beta_schedule(plan, beta.switches)
    timers: dict[str, datetime] = {}
    if schedule.standing_at(beta.seen_at) != beta.standing:
        timers[BETA] = beta.seen_at
    elif change := schedule.change_after(beta.seen_at):
        timers[BETA] = change
    for weekly, key in ((False, DAILY), (True, WEEKLY)):
        review = _next_review(plan, beta, weekly=weekly)
        if review is not None:
            timers[key] = review
    return timers


def look_at_beta(plan: Plan, beta: TeamBeta, by: Actor, now: datetime) -> tuple[BetaEvent, ...]:
    """Reviews that are due, and how the launch stands now if that is news."""
    timers = due_beta(plan, beta)
    events: list[BetaEvent] = []
    for weekly, key in ((False, DAILY), (True, WEEKLY)):
        if key in timers and timers[key] <= now:
            since, until = _reviewed_until(beta, weekly=weekly), min(now, _end_of_phase(beta))
            events.append(BetaReviewed(at=now, by=by, weekly=weekly, since=since, until=until))
    standing = beta_schedule(plan, beta.switches).standing_at(now)
    if standing.phase is None:
        events.extend(_closing_review(plan, beta, by, now))
    if beta.seen_at is None or standing != beta.standing or timers.get(BETA, now + timedelta.resolution) <= now:
        events.append(
            BetaChanged(
                at=now,
                by=by,
                launch_before=beta.standing.launch,
                phase_before=beta.standing.phase,
                launch=standing.launch,
                phase=standing.phase,
            )
        )
    return tuple(events)


def _closing_review(plan: Plan, beta: TeamBeta, by: Actor, now: datetime) -> Iterator[BetaEvent]:
    """What the phase that has just ended brought; none by a plan that has no reviews."""
    phase, wanted = beta.standing.phase, plan.beta.daily_review_at or plan.beta.weekly_review
    if phase is None or wanted is None:
        return
    until = min(now, phase.until)
    if until - phase.since >= WORTH_A_CLOSING_REVIEW:
        yield BetaReviewed(at=now, by=by, weekly=True, closing=True, since=phase.since, until=until)


def beta_after(beta: TeamBeta, event: BetaEvent, number: int) -> TeamBeta:
    """The state after the event of that number."""
    match event:
        case BetaSet():
            on = Period(since=event.since, until=event.until)
            return replace(beta, switches=replace(beta.switches, on=on))
        case BetaStopped():
            return replace(beta, switches=Switches(None, event.at))
        case BetaChanged():
            standing = Standing(event.launch, event.phase)
            told = number if event.is_news else beta.told
            return replace(beta, standing=standing, seen_at=event.at, told=told)
        case BetaLooked():
            return replace(
                beta,
                health_for=event.health_for or beta.health_for,
                digest_for=event.digest_for or beta.digest_for,
                digest_at=event.at if event.digest_for is not None else beta.digest_at,
                failing=_failing(beta, event),
            )
        case BetaReviewed(weekly=True):
            return replace(beta, weekly_until=event.until)
        case BetaReviewed():
            return replace(beta, daily_until=event.until)
        case _:
            assert_never(event)


def news_of_health(before: TeamBeta, event: BetaLooked) -> tuple[tuple[CheckSeen, ...], tuple[CheckSeen, ...]]:
    """The checks that fail since this look, and those that are well again."""
    failed = tuple(check for check in event.checks if not check.ok and check.name not in before.failing)
    recovered = tuple(check for check in event.checks if check.ok and check.name in before.failing)
    return failed, recovered


def _noted(plan: Plan, beta: TeamBeta, command: NoteLook, now: datetime) -> tuple[BetaEvent, ...]:
    """Another replica may have been faster: what stands for a time that is done is not noted again."""
    if command.look is not None and command.look != look_due(plan, beta, now):
        return ()
    health_for, digest_for = (command.look.health_for, command.look.digest_for) if command.look else (None, None)
    return (
        BetaLooked(
            at=now,
            by=command.by,
            health_for=health_for,
            digest_for=digest_for,
            asked=command.look is None,
            checks=command.checks,
            figures=command.figures,
        ),
    )


def _failing(beta: TeamBeta, event: BetaLooked) -> Mapping[str, datetime]:
    failing = {check.name: beta.failing.get(check.name, event.at) for check in event.checks if not check.ok}
    return MappingProxyType(failing)


def _next_review(plan: Plan, beta: TeamBeta, *, weekly: bool) -> datetime | None:
    if beta.standing.phase is None:
        return None
    since = _reviewed_until(beta, weekly=weekly)
    if weekly:
        rhythm = plan.beta.weekly_review
        at = rhythm and next_time_of_week(since, rhythm.weekday, rhythm.at, plan.timezone)
    else:
        daily = plan.beta.daily_review_at
        at = daily and next_time_of_day(since, daily, plan.timezone)
    return at if at is not None and at < beta.standing.phase.until else None


def _reviewed_until(beta: TeamBeta, *, weekly: bool) -> datetime:
    """Up to where it has been reviewed: the phase's beginning before its first review."""
    until = beta.weekly_until if weekly else beta.daily_until
    since = beta.standing.phase.since if beta.standing.phase else None
    return max(moment for moment in (since, until) if moment is not None)


def _end_of_phase(beta: TeamBeta) -> datetime:
    assert beta.standing.phase is not None, "a review is due in a phase alone"  # noqa: S101 - what the caller has checked
    return beta.standing.phase.until
