"""What can be asked about the roles inside an incident."""

from dataclasses import dataclass

from bot.domain.actors import Actor
from bot.domain.crew_events import IncidentRole


@dataclass(frozen=True, slots=True)
class GiveRole:
    """This person has the role from now on; None: nobody has."""

    by: Actor
    role: IncidentRole
    person: str | None
