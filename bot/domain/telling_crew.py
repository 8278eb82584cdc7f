"""Whom a change among those who work on an incident is told to in private."""

from bot.domain.actors import Responder
from bot.domain.crew_events import RoleGiven
from bot.domain.incident import Incident
from bot.domain.paging import answerable
from bot.domain.presence_events import HolderAsked
from bot.domain.rules import Rules


def concerned(rules: Rules, incident: Incident, event: RoleGiven | HolderAsked) -> tuple[str, ...]:
    """The holder who is asked; or who has a role from now on and who had it, unless they did it themselves."""
    if isinstance(event, HolderAsked):
        return answerable(rules, incident, (event.person,))
    by = event.by.person if isinstance(event.by, Responder) else None
    named = dict.fromkeys(filter(None, (event.person, event.before)))
    return answerable(rules, incident, (person for person in named if person != by))
