"""What became of a command."""

from dataclasses import dataclass

from bot.domain.events import Event
from bot.domain.incident import Incident
from bot.domain.rejections import Rejection


@dataclass(frozen=True, slots=True)
class Done:
    """It is committed. No events: rightly nothing changed.

    `answered`: what the thread is told of it answers the message that asked for it.
    """

    incident: Incident
    events: tuple[Event, ...]
    answered: bool = False


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


def is_answered(outcome: "Outcome") -> bool:
    """Whether what the thread is told of it answers whoever asked."""
    return isinstance(outcome, Done) and outcome.answered


Outcome = Done | Refused | DoneBefore | NoSuchIncident
AlertOutcome = Outcome | NothingToDo
