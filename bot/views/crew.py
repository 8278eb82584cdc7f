"""Roles inside an incident: the panel on which they are taken and handed over, and their line on the card."""

from dataclasses import dataclass
from datetime import datetime
from zlib import crc32

from bot.domain.crew_events import IncidentRole, RoleGiven
from bot.domain.incident import Incident
from bot.domain.roster import Roster
from bot.domain.rules import Rules
from bot.views import naming
from bot.views.crew_presses import AskRole, HandRole, LeaveRole, ShowRoles, TakeRole
from bot.views.html import BLANK, Line, Piece, bold, italic, joined, message, text
from bot.views.keyboard import Row, pressing, signed
from bot.views.rendered import Rendered
from bot.views.tell_view import TellView
from bot.views.times import clock
from bot.views.translations import Words, mark

PEOPLE_OFFERED = 24
IN_A_ROW = 2
_NUMBERS = 1_000_000
"""A button carries six digits (`bot.views.callbacks`); a key's checksum outlives a change of the roster's order."""

_SIGNS = {IncidentRole.COMMANDER: "🎖", IncidentRole.COMMUNICATIONS: "📣", IncidentRole.SCRIBE: "✍️"}
_LABELS = {
    IncidentRole.COMMANDER: mark("Commander"),
    IncidentRole.COMMUNICATIONS: mark("Communications"),
    IncidentRole.SCRIBE: mark("Scribe"),
}
_NAMES = {
    IncidentRole.COMMANDER: mark("commander"),
    IncidentRole.COMMUNICATIONS: mark("communications lead"),
    IncidentRole.SCRIBE: mark("scribe"),
}


@dataclass(frozen=True, slots=True)
class CrewView:
    """All that the panel is made of."""

    rules: Rules
    incident: Incident
    now: datetime
    words: Words


def name(words: Words, role: IncidentRole) -> Piece:
    """A role in a sentence."""
    return words(_NAMES[role])


def number_of(person: str) -> int:
    """What a button carries of a person's key."""
    return crc32(person.encode()) % _NUMBERS


def person_of(roster: Roster, number: int) -> str | None:
    """The person of that number; None where it is nobody's, or that of two."""
    fitting = [key for key in roster.people if number_of(key) == number]
    return fitting[0] if len(fitting) == 1 else None


def on_card(words: Words, rules: Rules, incident: Incident) -> Piece:
    """`👥 Commander: Anna · Scribe: Dan`; nothing while nobody took or was given a role: the first line says it all."""
    if not incident.crew.seats:
        return Piece()
    manned = joined(
        words("{role}: {who}", role=words(_LABELS[role]), who=naming.person(rules.roster, person))
        for role in IncidentRole
        if (person := incident.in_role(role)) is not None
    )
    return joined((text("👥"), manned), " ")


def panel(view: CrewView) -> Rendered:
    """Who does what, with a button each to take it and to hand it over."""
    words, incident = view.words, view.incident
    head = words("👥 {incident} · who does what", incident=incident.id)
    lines = [_role_line(view, role) for role in IncidentRole]
    how = words("Tap a role to take it, the arrow to hand it over.")
    if not incident.is_open:
        return Rendered(message([Line(bold(head)), *lines]))
    rows = tuple(_role_row(view, place, role) for place, role in enumerate(IncidentRole))
    return Rendered(message([Line(bold(head)), *lines, BLANK, Line(italic(how), 1)]), rows)


def choosing(view: CrewView, role: IncidentRole) -> Rendered:
    """Whom the role is handed to."""
    words, incident = view.words, view.incident
    place = list(IncidentRole).index(role)
    question = words(
        "{sign} {incident}: who is {role}?", sign=_SIGNS[role], incident=incident.id, role=name(words, role)
    )
    others = [key for key in view.rules.roster.people if key != incident.in_role(role)][:PEOPLE_OFFERED]
    people = [
        pressing(naming.person(view.rules.roster, key).plain, HandRole(incident.id, place, number_of(key)))
        for key in others
    ]
    rows = tuple(tuple(people[start : start + IN_A_ROW]) for start in range(0, len(people), IN_A_ROW))
    nobody = (pressing(words("Nobody").plain, LeaveRole(incident.id, place)),) if role in incident.crew.seats else ()
    back = pressing(signed("✖️", words("Cancel")), ShowRoles(incident.id))
    return Rendered(message([Line(bold(question))]), (*rows, (*nobody, back)))


def given(words: Words, roster: Roster, event: RoleGiven) -> Piece:
    """`Boris made Dan scribe`, for the timeline."""
    who = naming.actor(words, roster, event.by)
    role = name(words, event.role)
    if event.person is None:
        return words("{who}: nobody is {role} now", who=who, role=role)
    person = naming.person(roster, event.person)
    if person == who:
        return words("{who} is {role} now", who=who, role=role)
    return words("{who} made {person} {role}", who=who, person=person, role=role)


def told(view: TellView, event: RoleGiven) -> Rendered:
    """A private message to whoever was given the role, or has it no more."""
    words, roster = view.words, view.rules.roster
    head = words(
        "{sign} {incident}: {said}",
        sign=_SIGNS[event.role],
        incident=view.incident.id,
        said=given(words, roster, event),
    )
    return Rendered(message([Line(bold(head)), Line(text(view.incident.title), 1)]))


def _role_line(view: CrewView, role: IncidentRole) -> Line:
    words, incident = view.words, view.incident
    person = incident.in_role(role)
    seat = incident.crew.seats.get(role)
    label = joined((text(_SIGNS[role]), words(_LABELS[role])), " ")
    if person is None:
        return Line(words("{role}: {who}", role=label, who=words("nobody")))
    who = naming.person(view.rules.roster, person)
    when = words("has the incident")
    if seat is not None:
        when = words("since {time}", time=clock(words, seat.since, view.now))
    return Line(joined((words("{role}: {who}", role=label, who=who), italic(when))))


def _role_row(view: CrewView, place: int, role: IncidentRole) -> Row:
    words, incident = view.words, view.incident
    take = pressing(signed(_SIGNS[role], words(_LABELS[role])), TakeRole(incident.id, place))
    return take, pressing(signed("➡️", words("Hand over")), AskRole(incident.id, place))
