"""The Roles button: who commands, who speaks, who writes down; and whether the holder is still on it."""

from bot.delivery.slots import ROLES_SLOT
from bot.domain.actors import Responder
from bot.domain.crew_commands import GiveRole
from bot.domain.crew_events import IncidentRole
from bot.domain.incident import Incident
from bot.domain.presence_commands import GiveSign
from bot.domain.rulings.presence import is_wanted
from bot.engine.outcomes import Refused
from bot.views import answers, crew, presence
from bot.views.crew import CrewView
from bot.views.crew_presses import AskRole, HandRole, LeaveRole, OnCrew, ShowRoles, StillOnIt, TakeRole
from handlers import surfaces
from handlers.askers import Asker
from handlers.pressed import Pressed, Reaction
from handlers.room import Room

_ROLES = tuple(IncidentRole)


def open_roles(room: Room, pressed: Pressed, incident: Incident) -> Reaction:
    """The panel as an answer to the card."""
    if not pressed.asker.on_team:
        return Reaction(room.for_the_team_only(pressed.asker))
    return Reaction("", lambda: _open(room, pressed, incident))


async def chosen(room: Room, pressed: Pressed, press: OnCrew, incident: Incident) -> Reaction:  # noqa: PLR0911 - one flat table of presses
    """What was pressed on the panel, or on the question to the holder."""
    actor = pressed.asker.actor
    if not isinstance(actor, Responder):
        return Reaction(room.for_the_team_only(pressed.asker))
    match press:
        case StillOnIt():
            return await _still_on_it(room, pressed, incident)
        case ShowRoles():
            return Reaction("", lambda: _show(room, pressed, incident))
        case AskRole() | TakeRole() | HandRole() | LeaveRole() if press.role >= len(_ROLES):
            return Reaction(answers.stale_button(pressed.asker.words))
        case AskRole():
            return Reaction("", lambda: _ask(room, pressed, incident, _ROLES[press.role]))
        case TakeRole():
            return await _give(room, pressed, incident, GiveRole(actor, _ROLES[press.role], actor.person))
        case LeaveRole():
            return await _give(room, pressed, incident, GiveRole(actor, _ROLES[press.role], None))
        case HandRole():
            person = crew.person_of(room.rules.roster, press.person)
            if person is None:
                return Reaction(answers.stale_button(pressed.asker.words))
            return await _give(room, pressed, incident, GiveRole(actor, _ROLES[press.role], person))


async def notice(room: Room, asker: Asker, incident_id: str, operation: str) -> None:
    """What the holder does in an incident is a sign of them, also where nothing else keeps it: a chart, a list."""
    incident = await room.desk.casebook.get(incident_id)
    if incident is None or not isinstance(asker.actor, Responder) or incident.holder != asker.actor.person:
        return
    rules = await room.desk.rulebook.rules_for(incident.plan)
    if is_wanted(rules, incident, room.now()):
        await room.desk.handle(incident_id, GiveSign(asker.actor), f"{operation}:sign")


async def _still_on_it(room: Room, pressed: Pressed, incident: Incident) -> Reaction:
    outcome = await room.desk.handle(incident.id, GiveSign(pressed.asker.actor), pressed.operation)
    toast = await room.sentence(pressed.asker, outcome)
    if isinstance(outcome, Refused):
        return Reaction(toast)

    async def show() -> None:
        confirmed = presence.confirmed(pressed.asker.words, incident, room.now())
        await surfaces.show_instead(room, pressed, incident, confirmed)

    return Reaction(toast, show)


async def _give(room: Room, pressed: Pressed, incident: Incident, command: GiveRole) -> Reaction:
    outcome = await room.desk.handle(incident.id, command, pressed.operation)
    return Reaction(await room.sentence(pressed.asker, outcome), lambda: _show(room, pressed, incident))


async def _open(room: Room, pressed: Pressed, incident: Incident) -> None:
    shown = crew.panel(await _view(room, pressed, incident))
    await surfaces.open_panel(room, pressed.asker, incident, ROLES_SLOT, shown)


async def _show(room: Room, pressed: Pressed, incident: Incident) -> None:
    await surfaces.show_instead(room, pressed, incident, crew.panel(await _view(room, pressed, incident)))


async def _ask(room: Room, pressed: Pressed, incident: Incident, role: IncidentRole) -> None:
    await surfaces.show_instead(room, pressed, incident, crew.choosing(await _view(room, pressed, incident), role))


async def _view(room: Room, pressed: Pressed, incident: Incident) -> CrewView:
    current = await room.desk.incident(incident.id) or incident
    rules = await room.desk.rulebook.rules_for(current.plan)
    return CrewView(rules, current, room.now(), pressed.asker.words)
