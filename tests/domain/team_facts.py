"""What the plan, the roster and the team's log say of a moment, read from their data alone.

Nothing here asks the code that decides, plans or tells for the team. So where that code is wrong, the two differ.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cached_property
from typing import TypeVar

from bot.domain.actors import Actor, Responder
from bot.domain.beta import Period
from bot.domain.beta_events import BetaChanged, BetaLooked, BetaReviewed, BetaSet, BetaStopped
from bot.domain.team import TeamRules
from bot.domain.team_events import HandedOver, OverrideEnded, OverrideSet, TeamEvent

DAY = timedelta(days=1)
Kind = TypeVar("Kind")


@dataclass(frozen=True)
class TeamFacts:
    """How things stand for the team after a log."""

    rules: TeamRules
    log: tuple[TeamEvent, ...]

    def every(self, kind: type[Kind]) -> tuple[Kind, ...]:
        """The events of a kind, in order."""
        return tuple(event for event in self.log if isinstance(event, kind))

    def last(self, kind: type[Kind]) -> Kind | None:
        """The last event of a kind."""
        return next((event for event in reversed(self.log) if isinstance(event, kind)), None)

    def is_member(self, actor: Actor) -> bool:
        """Whether somebody is on the roster."""
        return isinstance(actor, Responder) and actor.person in self.rules.roster.people

    # Who is on call: one rotation at most, in UTC, and whoever stands in.

    def on_call(self, at: datetime) -> tuple[str, ...]:
        """Whoever stands in, set last; else whose turn it is; else everybody with the role."""
        people = self.rules.roster.people
        for event, until in reversed(self.stand_ins):
            if event.at <= at < until and event.person in people:
                return (event.person,)
        rotation = self.rules.roster.on_call.rotations[0] if self.rules.roster.on_call else None
        if rotation is None:
            return tuple(name for name, it in people.items() if "on_call" in it.roles)
        number = (at - rotation.starts.replace(tzinfo=UTC)) // rotation.every
        turns = [rotation.people[(number + step) % len(rotation.people)] for step in range(len(rotation.people))]
        return next((person,) for person in turns if person in people)

    @cached_property
    def stand_ins(self) -> list[tuple[OverrideSet, datetime]]:
        """Each override, and when it ends, or was ended."""
        found: list[tuple[OverrideSet, datetime]] = []
        for event in self.log:
            if isinstance(event, OverrideSet):
                found.append((event, event.until))
            elif isinstance(event, OverrideEnded):
                found = [(it, min(until, event.at)) for it, until in found]
        return found

    def turns_after(self, at: datetime) -> Iterator[datetime]:
        """When somebody else may come on call, within three weeks."""
        yield from (moment for event, until in self.stand_ins for moment in (event.at, until))
        if self.rules.roster.on_call:
            rotation = self.rules.roster.on_call.rotations[0]
            start = rotation.starts.replace(tzinfo=UTC)
            number = (at - start) // rotation.every
            yield from (start + (number + step) * rotation.every for step in range(1, 21 * DAY // rotation.every))

    # When launches and phases are.

    def launch_at(self, at: datetime) -> Period | None:
        """The launch that is on."""
        return _covering(self._launches, at)

    def phase_at(self, at: datetime) -> Period | None:
        """The phase that is on."""
        return _covering(self._phases, at)

    def launch_until(self, at: datetime) -> Period | None:
        """The launch that is on, or the last before it."""
        begun = [launch for launch in _joined(self._launches) if launch.since <= at]
        return begun[-1] if begun else None

    def change_after(self, at: datetime) -> datetime | None:
        """When next a launch or a phase begins or ends."""
        known = (*_joined(self._launches), *_joined(self._phases))
        moments = (moment for period in known for moment in (period.since, period.until))
        return min((moment for moment in moments if moment > at), default=None)

    @cached_property
    def _launches(self) -> tuple[Period, ...]:
        """The plan's days and those asked for by hand, in so far as nobody ended them."""
        return tuple(filter(None, (self._cut(self._planned), self._asked)))

    @cached_property
    def _phases(self) -> tuple[Period, ...]:
        whole = (self._cut(self._phase(self._planned)), self._phase(self._asked))
        return tuple(filter(None, whole))

    @property
    def _planned(self) -> Period | None:
        days = self.rules.plan.beta.launch
        if days is None:
            return None
        return Period(since=self._on_the_wall(days.from_, time()), until=self._on_the_wall(days.to + DAY, time()))

    @property
    def _asked(self) -> Period | None:
        switch = next((it for it in reversed(self.log) if isinstance(it, BetaSet | BetaStopped)), None)
        return Period(since=switch.since, until=switch.until) if isinstance(switch, BetaSet) else None

    def _phase(self, launch: Period | None) -> Period | None:
        if launch is None:
            return None
        zone = self.rules.plan.timezone
        shown = launch.since.astimezone(zone).replace(tzinfo=None) + self.rules.plan.beta.phase
        return Period(since=launch.since, until=max(shown.replace(tzinfo=zone).astimezone(UTC), launch.until))

    def _cut(self, period: Period | None) -> Period | None:
        """What is left of what people ended while it was on."""
        stop = self.last(BetaStopped)
        if period is None or stop is None or not period.since <= stop.at < period.until:
            return period
        return Period(since=period.since, until=stop.at) if stop.at > period.since else None

    # What comes round.

    def opening_after(self, at: datetime) -> datetime:
        """When next the plan's business opens, on days off too."""
        return self._next(at, self.rules.plan.calendar.opens)

    def review_after(self, at: datetime, *, weekly: bool) -> datetime | None:
        """When next a day or a week is reviewed, if at all."""
        beta = self.rules.plan.beta
        if not weekly:
            return self._next(at, beta.daily_review_at) if beta.daily_review_at else None
        return self._next(at, beta.weekly_review.at, beta.weekly_review.weekday) if beta.weekly_review else None

    def reviewed_until(self, *, weekly: bool) -> datetime | None:
        """Up to where the phase that was last told of has been reviewed; None: there is none."""
        told = self.last(BetaChanged)
        if told is None or told.phase is None:
            return None
        done = [event.until for event in self.every(BetaReviewed) if event.weekly is weekly]
        return max([told.phase.since, *done])

    def failing(self) -> set[str]:
        """The health checks that failed at the last look."""
        look = self.last(BetaLooked)
        return {check.name for check in look.checks if not check.ok} if look else set()

    def handed_to(self) -> tuple[str, ...] | None:
        """Who was last known to be on call; None before the first look."""
        known = self.last(HandedOver)
        return known.people if known else None

    def _next(self, at: datetime, shown: time, weekday: int | None = None) -> datetime:
        first = at.astimezone(self.rules.plan.timezone).date()
        days = [first + ahead * DAY for ahead in range(9)]
        moments = [self._on_the_wall(day, shown) for day in days if weekday in (None, day.weekday())]
        return next(moment for moment in moments if moment > at)

    def _on_the_wall(self, day: object, shown: time) -> datetime:
        return datetime.fromisoformat(f"{day}T{shown}").replace(tzinfo=self.rules.plan.timezone).astimezone(UTC)


def _joined(periods: Iterable[Period]) -> list[Period]:
    """Those that overlap or touch are one."""
    joined: list[Period] = []
    for period in sorted(periods, key=lambda it: it.since):
        if joined and period.since <= joined[-1].until:
            joined[-1] = Period(since=joined[-1].since, until=max(joined[-1].until, period.until))
        else:
            joined.append(period)
    return joined


def _covering(periods: Iterable[Period], at: datetime) -> Period | None:
    return next((period for period in _joined(periods) if period.since <= at < period.until), None)
