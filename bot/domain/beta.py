"""When the beta launch has its stricter rules, and its phase its reviews: by the plan's dates, and by hand. Pure.

Written plan, "Beta Launch Specific Procedures": launch days with a 5-minute response, and two weeks of reviews.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple

from pydantic import AwareDatetime, BaseModel, ConfigDict

from bot.domain.plan import Plan
from bot.domain.wall_clock import first_at, later_on_the_wall

USUAL_LENGTH = timedelta(days=2)
"""Of a launch that is switched on without saying for how long, where the plan has no launch: the written plan's is two
days."""


class Period(BaseModel):
    """From `since` until before `until`, in UTC."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    since: AwareDatetime
    until: AwareDatetime

    def covers(self, at: datetime) -> bool:
        """Whether a moment lies in it."""
        return self.since <= at < self.until

    @property
    def length(self) -> timedelta:
        """How long it lasts."""
        return self.until - self.since


@dataclass(frozen=True, slots=True)
class Switches:
    """What people have switched: the launch asked for by hand and still standing, and when beta was last ended."""

    on: Period | None = None
    off_at: datetime | None = None


class Standing(NamedTuple):
    """The launch and the phase that cover a moment; None where none does."""

    launch: Period | None = None
    phase: Period | None = None


@dataclass(frozen=True, slots=True)
class BetaSchedule:
    """All that is known of launches, with their stricter rules, and of phases, with their reviews; each in order."""

    launches: tuple[Period, ...] = ()
    phases: tuple[Period, ...] = ()

    def launch_at(self, at: datetime) -> Period | None:
        """The launch that is on at a moment."""
        return _covering(self.launches, at)

    def phase_at(self, at: datetime) -> Period | None:
        """The phase that is on at a moment."""
        return _covering(self.phases, at)

    def standing_at(self, at: datetime) -> Standing:
        """Both."""
        return Standing(self.launch_at(at), self.phase_at(at))

    def launch_change_after(self, at: datetime) -> datetime | None:
        """When next a launch begins or ends, in UTC."""
        return _boundary_after(self.launches, at)

    def change_after(self, at: datetime) -> datetime | None:
        """When next a launch or a phase begins or ends, in UTC."""
        return _boundary_after((*self.launches, *self.phases), at)

    def next_launch(self, at: datetime) -> Period | None:
        """The first launch that begins after a moment."""
        return next((launch for launch in self.launches if launch.since > at), None)

    def last_launch(self, at: datetime) -> Period | None:
        """The launch that is on at a moment, or else the last before it."""
        return next((launch for launch in reversed(self.launches) if launch.since <= at), None)


def beta_schedule(plan: Plan, switches: Switches) -> BetaSchedule:
    """The plan's launch, up to where people ended it, and the one they switched on."""
    planned, asked = _planned(plan), switches.on
    launches = [_cut(planned, switches.off_at), asked]
    phases = [_cut(_phase_of(plan, planned), switches.off_at), _phase_of(plan, asked)]
    return BetaSchedule(_merged(launches), _merged(phases))


def usual_length(plan: Plan) -> timedelta:
    """How long a launch lasts that is switched on without saying for how long: as long as the plan's own."""
    return plan.beta.launch.length if plan.beta.launch else USUAL_LENGTH


def _planned(plan: Plan) -> Period | None:
    launch = plan.beta.launch
    if launch is None:
        return None
    since, until = (
        first_at(datetime.combine(day, time.min), plan.timezone)
        for day in (launch.from_, launch.to + timedelta(days=1))
    )
    return Period(since=since, until=until)


def _phase_of(plan: Plan, launch: Period | None) -> Period | None:
    """So long from the launch's beginning by the wall's clock, and at least as long as the launch itself."""
    if launch is None:
        return None
    until = later_on_the_wall(launch.since, plan.beta.phase, plan.timezone)
    return Period(since=launch.since, until=max(until, launch.until))


def _cut(period: Period | None, at: datetime | None) -> Period | None:
    """What is left of a period that was ended at a moment within it."""
    if period is None or at is None or not period.covers(at):
        return period
    return Period(since=period.since, until=at.astimezone(UTC)) if at > period.since else None


def _merged(periods: Iterable[Period | None]) -> tuple[Period, ...]:
    """Those that overlap or touch are one."""
    merged: list[Period] = []
    for period in sorted((period for period in periods if period is not None), key=lambda period: period.since):
        if merged and period.since <= merged[-1].until:
            merged[-1] = Period(since=merged[-1].since, until=max(merged[-1].until, period.until))
        else:
            merged.append(period)
    return tuple(merged)


def _covering(periods: tuple[Period, ...], at: datetime) -> Period | None:
    return next((period for period in periods if period.covers(at)), None)


def _boundary_after(periods: Iterable[Period], at: datetime) -> datetime | None:
    boundaries = (moment for period in periods for moment in (period.since, period.until))
    return min((moment for moment in boundaries if moment > at), default=None)
