"""When a launch is looked at and told of: health checks and digests by its rhythm, and what was missed once."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.beta import Period, beta_schedule
from bot.domain.beta_events import BetaLooked
from bot.domain.beta_state import TeamBeta
from bot.domain.plan import Plan

CATCHES_UP = 3 / 4
"""Of the time between two digests: one that was missed is sent within it; later the next tells of that time, too."""


@dataclass(frozen=True, slots=True)
class Look:
    """What is due by the launch's rhythm: the health checks, a digest, or both. UTC; None: not that."""

    health_for: datetime | None
    digest_for: datetime | None


def look_due(plan: Plan, beta: TeamBeta, now: datetime) -> Look | None:
    """What is to be looked at now: of several times that were missed the newest; None: nothing.

    Health is looked at from the first moment of the launch, digests come from the first interval on; the last one comes
    as the launch ends, unless its hour has passed, too.
    """
    launch = beta_schedule(plan, beta.switches).last_launch(now)
    if launch is None:
        return None
    health, digest = plan.beta.health_check_every, plan.beta.digest_every
    look = Look(
        _newest(_latest(launch.since, health, now), beta.health_for) if launch.covers(now) else None,
        _newest(_digest_due(launch, digest, now), beta.digest_for),
    )
    return None if look == Look(None, None) else look


def next_look(plan: Plan, beta: TeamBeta, now: datetime) -> datetime | None:
    """When next something is to be looked at, in UTC; None where no launch is in sight."""
    schedule = beta_schedule(plan, beta.switches)
    launch = schedule.launch_at(now)
    if launch is None:
        following = schedule.next_launch(now)
        return following.since if following else None
    every = (plan.beta.health_check_every, plan.beta.digest_every)
    return min(*(_latest(launch.since, each, now) + each for each in every), launch.until)


def next_digest(plan: Plan, launch: Period, after: datetime) -> datetime | None:
    """When the next digest of a launch comes, in UTC; None after the last."""
    following = _latest(launch.since, plan.beta.digest_every, after) + plan.beta.digest_every
    return following if following <= launch.until else None


def told_from(plan: Plan, before: TeamBeta, event: BetaLooked) -> datetime:
    """From when a digest tells, in UTC: from where the last one of its launch ended, else from the launch's beginning.

    So one that was skipped leaves no time untold. One that somebody asked for tells of the usual time. `before` is how
    the launch stood before the look.
    """
    usual = event.at - plan.beta.digest_every
    if event.digest_for is None:
        return usual
    launch = beta_schedule(plan, before.switches).last_launch(event.digest_for)
    begun = usual if launch is None else launch.since
    return begun if before.digest_at is None else max(begun, before.digest_at)


def _latest(since: datetime, every: timedelta, now: datetime) -> datetime:
    """The last time by a rhythm, counted from `since`, that is not after `now`."""
    return since + (now - since) // every * every


def _digest_due(launch: Period, every: timedelta, now: datetime) -> datetime | None:
    """None, too, where the next one comes shortly: two digests within minutes say the same twice."""
    latest = _latest(launch.since, every, min(now, launch.until))
    is_last = latest + every > launch.until
    in_time = now < latest + every * (1 if is_last else CATCHES_UP)
    return latest if latest > launch.since and in_time else None


def _newest(due: datetime | None, done: datetime | None) -> datetime | None:
    return due if due is not None and (done is None or due > done) else None
