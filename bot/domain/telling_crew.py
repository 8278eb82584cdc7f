"""Who of those who work on an incident is told in private: of a change among them, or of an update that is late."""

from datetime import datetime

from bot.domain.actors import Responder
from bot.domain.crew_events import IncidentRole, RoleGiven
from bot.domain.incident import Incident
from bot.domain.paging import answerable, responsible
from bot.domain.presence_events import HolderAsked
from bot.domain.rules import Rules


def concerned(rules: Rules, incident: Incident, event: RoleGiven | HolderAsked) -> tuple[str, ...]:
    """The holder who is asked; or who has a role from now on and who had it, unless they did it themselves."""
    if isinstance(event, HolderAsked):
        return answerable(rules, incident, (event.person,))
    by = event.by.person if isinstance(event.by, Responder) else None
    named = dict.fromkeys(filter(None, (event.person, event.before)))
    return answerable(rules, incident, (person for person in named if person != by))


def owes_updates(rules: Rules, incident: Incident, now: datetime) -> tuple[str, ...]:
    """Who is pinged for a status update: whoever has communications, as it is their job, and who answers for it all."""
    speaker = incident.in_role(IncidentRole.COMMUNICATIONS)
    speakers = () if speaker is None else answerable(rules, incident, (speaker,))
    return tuple(dict.fromkeys((*speakers, *responsible(rules, incident, now))))
