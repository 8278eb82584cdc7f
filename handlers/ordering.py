"""Presses that ask for a change: the command behind each, and what it shows afterwards."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import assert_never

from bot.domain.acting_commands import Decide, StartAction
from bot.domain.chasing_commands import ExplainSnooze
from bot.domain.chasing_events import SnoozeExplained
from bot.domain.commands import Acknowledge, ChangeSeverity, Command, Escalate, Reopen, Resolve, SnoozeUpdate
from bot.domain.incident import Incident
from bot.domain.rejections import ConfirmLowerSeverity
from bot.domain.rules import Rules
from bot.engine.outcomes import Done, DoneBefore, Outcome, Refused
from bot.views import action_presses, answers, incident_presses
from bot.views.callbacks import Order
from bot.views.card import ConfirmingSeverity, Normal
from bot.views.snoozing import ready_reason
from handlers import snoozing, surfaces
from handlers.pressed import Pressed, Reaction
from handlers.room import Room

_CHOICES = (incident_presses.ChooseSeverity, incident_presses.ConfirmSeverity, action_presses.RunAction)
"""Presses on a card that shows choices: whatever comes of them, it shows itself again."""


async def carry_out(room: Room, pressed: Pressed, press: Order, incident: Incident) -> Reaction:
    """Hand the order to the desk; the answer is what came of it."""
    command = _command(await room.desk.rulebook.rules_for(incident.plan), pressed, press)
    if command is None:
        return Reaction(answers.stale_button(pressed.asker.words))
    outcome = await room.desk.handle(incident.id, command, pressed.operation)
    return Reaction(await room.sentence(pressed.asker, outcome), _afterwards(room, pressed, press, outcome))


def _command(rules: Rules, pressed: Pressed, press: Order) -> Command | None:  # noqa: C901, PLR0911, PLR0912 - one flat table of presses
    """The command behind a press; None where it names a severity or a role that the plan does not have."""
    by = pressed.asker.actor
    severities, roles = tuple(rules.plan.severities), rules.plan.roles
    match press:
        case incident_presses.Ack():
            return Acknowledge(by)
        case incident_presses.EscalateTo(role=role):
            if role is None:
                return Escalate(by)
            return Escalate(by, roles[role]) if role < len(roles) else None
        case incident_presses.ChooseSeverity() | incident_presses.ConfirmSeverity():
            if max(press.severity, press.seen) >= len(severities):
                return None
            confirmed = isinstance(press, incident_presses.ConfirmSeverity)
            return ChangeSeverity(by, severities[press.severity], confirmed=confirmed, seen=severities[press.seen])
        case incident_presses.Snooze():
            return SnoozeUpdate(by, timedelta(minutes=press.minutes))
        case incident_presses.ExplainSnooze():
            reason = ready_reason(pressed.asker.words, press.reason)
            return None if reason is None else ExplainSnooze(by, reason)
        case incident_presses.Resolve():
            return Resolve(by)
        case incident_presses.Reopen():
            return Reopen(by)
        case action_presses.Approve() | action_presses.Reject():
            return Decide(by, press.decision, approve=isinstance(press, action_presses.Approve))
        case action_presses.RunAction():
            actions = tuple(rules.plan.actions)
            if press.action >= len(actions):
                return None
            return StartAction(by, actions[press.action], confirmed=True, seen=press.seen)
        case _:
            assert_never(press)


def _afterwards(room: Room, pressed: Pressed, press: Order, outcome: Outcome) -> Callable[[], Awaitable[None]] | None:
    """The card asks for a confirmation, or stops asking; a copy of it that nobody knows is retired."""
    match outcome:
        case Done(incident=incident) if isinstance(press, incident_presses.Snooze):
            return lambda: snoozing.ask_why(room, pressed.asker, incident)
        case Done(incident=incident, events=(SnoozeExplained(reason=reason),)):
            return lambda: snoozing.show_reason(room, pressed.asker, incident, reason, pressed.ref)
        case Refused(reason=ConfirmLowerSeverity() as reason, incident=Incident() as incident):
            mode = ConfirmingSeverity(reason.severity)
            return lambda: surfaces.show_mode(room, pressed.ref, incident, mode)
        case Refused(incident=Incident() as incident) if isinstance(press, _CHOICES):
            return lambda: surfaces.show_mode(room, pressed.ref, incident, Normal())
        case Refused(incident=Incident() as incident) | Done(incident=incident) | DoneBefore(incident=incident):
            return lambda: surfaces.tidy_up(room, pressed.ref, incident)
        case _:
            return None
