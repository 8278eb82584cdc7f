"""Who does what inside an incident."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from bot.domain.crew_events import IncidentRole, RoleGiven
from bot.domain.events import Event, Reopened


@dataclass(frozen=True, slots=True)
class Seat:
    """Who has a role, and since when (UTC)."""

    person: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Crew:
    """The roles that were taken or given. A commander whom nobody named is the holder of the incident."""

    seats: Mapping[IncidentRole, Seat] = field(default_factory=lambda: MappingProxyType({}))


def after_crew(crew: Crew, event: Event) -> Crew:
    """The crew after one more event. What comes back after its end is manned anew."""
    match event:
        case RoleGiven():
            return _seated(crew, event)
        case Reopened():
            return Crew()
        case _:
            return crew


def _seated(crew: Crew, event: RoleGiven) -> Crew:
    others = {role: seat for role, seat in crew.seats.items() if role is not event.role}
    taken = {} if event.person is None else {event.role: Seat(event.person, event.at)}
    return Crew(MappingProxyType({**others, **taken}))
