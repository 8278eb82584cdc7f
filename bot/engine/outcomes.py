"""What became of a command."""

from dataclasses import dataclass

from bot.domain.events import Event
from bot.domain.incident import Incident
from bot.domain.rejections import Rejection


@dataclass(frozen=True, slots=True)
class Done:
    """It is committed. No events: rightly nothing changed."""

    incident: Incident
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing changed, for this reason. `incident` is as it stands; None where there is none."""

    reason: Rejection
    incident: Incident | None


@dataclass(frozen=True, slots=True)
class DoneBefore:
    """The same operation was committed earlier, and is not done twice; `incident` is as it stands now."""

    incident: Incident


@dataclass(frozen=True, slots=True)
class NoSuchIncident:
    """There is no incident of that name."""

    incident_id: str


@dataclass(frozen=True, slots=True)
class NothingToDo:
    """Alerts that resolved without an incident: nothing was opened."""


Outcome = Done | Refused | DoneBefore | NoSuchIncident
AlertOutcome = Outcome | NothingToDo
