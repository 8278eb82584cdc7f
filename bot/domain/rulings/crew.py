"""Roles inside an incident: taken, given, and given up."""

from datetime import datetime

from bot.domain.crew_commands import GiveRole
from bot.domain.crew_events import RoleGiven
from bot.domain.events import Event
from bot.domain.incident import Incident
from bot.domain.rejections import AlreadyClosed, HasThatRole, Rejection, UnknownPerson
from bot.domain.rules import Rules


def give(rules: Rules, incident: Incident, command: GiveRole, now: datetime) -> tuple[Event, ...] | Rejection:
    """Give a role to somebody of the team, whoever has it now; one that is nobody's can't be given up."""
    if not incident.is_open:
        return AlreadyClosed(incident.merged_into)
    person = command.person
    if person is not None and person not in rules.roster.people:
        return UnknownPerson(person, tuple(rules.roster.people))
    seat = incident.crew.seats.get(command.role)
    if person is None and seat is None:
        return ()
    if person is not None and seat is not None and seat.person == person:
        return HasThatRole(command.role, person)
    before = incident.in_role(command.role)
    return (RoleGiven(at=now, by=command.by, role=command.role, person=person, before=before),)
