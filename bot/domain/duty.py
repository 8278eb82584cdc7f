"""Who is on call at a time, until when, and who is next: rotations, a calendar's shifts, and overrides. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import AwareDatetime, BaseModel, ConfigDict

from bot.domain.roster import Roster, Rotation
from bot.domain.rules import ON_CALL
from bot.domain.wall_clock import first_at, wall

_BOUNDARIES_LOOKED_AT = 1000
"""Beginnings and ends that a search for the next change passes: years of weekly turns, and an end to the search."""


class Shift(BaseModel):
    """Somebody's time on call by a calendar: a key of the roster, from `start` until before `end`."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    person: str
    start: AwareDatetime
    end: AwareDatetime


@dataclass(frozen=True, slots=True)
class Override:
    """Somebody stands in for whoever would be first, from `start` until before `until`, set by `by` (a roster key)."""

    person: str
    start: datetime
    until: datetime
    by: str

    def covers(self, at: datetime) -> bool:
        """Whether it is in force at a time."""
        return self.start <= at < self.until


@dataclass(frozen=True, slots=True)
class Watch:
    """Who is on call, the first to be asked first, and until when (UTC); None: no change is in sight."""

    people: tuple[str, ...]
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Schedule:
    """All that is written about who is on call.

    An override wins over everything and stands in for the first; those behind the first stay. During a shift the
    calendar alone says who is on call. Else each rotation gives one, the first rotation the first to be asked. Where
    neither says anybody, it is everybody with the role on_call. Whoever has left the roster is passed over.
    """

    roster: Roster
    overrides: tuple[Override, ...] = ()
    shifts: tuple[Shift, ...] = ()

    def on_call(self, at: datetime) -> tuple[str, ...]:
        """Keys of the people on call at `at`, the first to be asked first."""
        ranks = self._planned(at)
        override = self.override_at(at)
        if override is not None:
            ranks = ((override.person,), *ranks[1:])
        return tuple(dict.fromkeys(person for rank in ranks for person in rank))

    def override_at(self, at: datetime) -> Override | None:
        """The override in force: of several the one set last."""
        in_force = (known for known in reversed(self.overrides) if known.covers(at))
        return next((known for known in in_force if known.person in self.roster.people), None)

    def watch(self, at: datetime) -> Watch:
        """Who is on call at `at`, and until when."""
        return Watch(self.on_call(at), self.change_after(at))

    def change_after(self, at: datetime) -> datetime | None:
        """When others than at `at` will be on call, in UTC; None when no change is in sight."""
        people, moment = self.on_call(at), at
        for _ in range(_BOUNDARIES_LOOKED_AT):
            later = min((boundary for boundary in self._boundaries(moment) if boundary > moment), default=None)
            if later is None:
                return None
            if self.on_call(later) != people:
                return later.astimezone(UTC)
            moment = later
        return None

    def _planned(self, at: datetime) -> tuple[tuple[str, ...], ...]:
        """Who is on call but for overrides, rank by rank."""
        shifts = tuple(shift.person for shift in self.shifts if shift.start <= at < shift.end)
        known = tuple(person for person in shifts if person in self.roster.people)
        if known:
            return (known,)
        turns = tuple(turn_of(rotation, self.roster, at) for rotation in self._rotations)
        return tuple((person,) for person in turns if person is not None) or (self.roster.with_role(ON_CALL),)

    def _boundaries(self, at: datetime) -> Iterator[datetime]:
        """Beginnings and ends that may be the next after `at`; every one that is the next is among them."""
        for override in self.overrides:
            yield from (override.start, override.until)
        for shift in self.shifts:
            yield from (shift.start, shift.end)
        for rotation in self._rotations:
            if len({person for person in rotation.people if person in self.roster.people}) > 1:
                yield handover(rotation, number_at(rotation, at) + 1)

    @property
    def _rotations(self) -> tuple[Rotation, ...]:
        return self.roster.on_call.rotations if self.roster.on_call else ()


def turn_of(rotation: Rotation, roster: Roster, at: datetime) -> str | None:
    """Whose turn it is; the turn of somebody who left the roster falls to the next. None: all have left.

    The pattern goes on before `starts` too, so that there is no time with nobody.
    """
    number, count = number_at(rotation, at), len(rotation.people)
    in_order = (rotation.people[(number + step) % count] for step in range(count))
    return next((person for person in in_order if person in roster.people), None)


def number_at(rotation: Rotation, at: datetime) -> int:
    """The number of the turn at `at`: 0 begins at `starts`, those before it are below zero."""
    number = (wall(at, rotation.timezone) - rotation.starts) // rotation.every
    # In an hour that comes twice, the wall's clock falls behind what was handed over in its first pass.
    while handover(rotation, number + 1) <= at:
        number += 1
    return number


def handover(rotation: Rotation, number: int) -> datetime:
    """When a turn begins, in UTC: at its time of day on the wall, whatever daylight saving has done meanwhile."""
    return first_at(rotation.starts + number * rotation.every, rotation.timezone)
