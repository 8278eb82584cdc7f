"""`/rollback`, `/run`, `/approve`, `/reject`, `/flag`: what is done about it, and who decides."""

from dataclasses import replace

from bot.domain.acting_commands import Decide, Flag, StartAction
from bot.domain.acting_rejections import ConfirmAction
from bot.domain.incident import Incident
from bot.domain.plan import Plan
from bot.engine.outcomes import Outcome, Refused
from bot.views import answers
from bot.views.action_presses import AskAction
from bot.views.keyboard import confirm_action_rows
from bot.views.rendered import Rendered
from handlers import surfaces
from handlers.holding import carry_out
from handlers.pressed import Pressed, Reaction
from handlers.room import Asked, Room, said


async def roll_back(room: Room, asked: Asked, incident_id: str) -> Rendered:
    """The plan's rollback, once it is confirmed."""
    rollback = room.rules.plan.rollback
    if rollback is None:
        return said(answers.not_set_up(asked.words))
    return await _start(room, asked, incident_id, rollback.action)


async def run(room: Room, asked: Asked, incident_id: str) -> Rendered:
    """An action of the plan, once it is confirmed."""
    if not asked.text:
        return said(answers.usage(asked.words, asked.verb))
    return await _start(room, asked, incident_id, action_named(room.rules.plan, asked.text))


async def approve(room: Room, asked: Asked, incident_id: str) -> Rendered | None:
    """Yes to the decision that waits; the text is the reason."""
    return await carry_out(room, asked, incident_id, Decide(asked.asker.actor, None, approve=True, reason=asked.text))


async def reject(room: Room, asked: Asked, incident_id: str) -> Rendered | None:
    """No to the decision that waits; the text is the reason."""
    return await carry_out(room, asked, incident_id, Decide(asked.asker.actor, None, approve=False, reason=asked.text))


async def flag(room: Room, asked: Asked, incident_id: str) -> Rendered | None:
    """Set a flag that rows of the rollback matrix watch."""
    if not asked.text:
        return said(answers.usage(asked.words, asked.verb))
    name = asked.text.strip().casefold().replace("-", "_").replace(" ", "_")
    return await carry_out(room, asked, incident_id, Flag(asked.asker.actor, name))


async def ask(room: Room, pressed: Pressed, press: AskAction, incident: Incident) -> Reaction:
    """A button that names an action asks in the thread whether to run it."""
    rules = await room.desk.rulebook.rules_for(incident.plan)
    if press.action >= len(rules.plan.actions):
        return Reaction(answers.stale_button(pressed.asker.words))
    words, action = pressed.asker.words, list(rules.plan.actions)[press.action]
    outcome = await room.desk.handle(incident.id, StartAction(pressed.asker.actor, action), pressed.operation)
    sentence = await room.sentence(pressed.asker, outcome)
    if not _asks(outcome):
        return Reaction(sentence)
    question = replace(said(sentence), buttons=confirm_action_rows(words, rules, incident, action))
    return Reaction("", lambda: surfaces.say_in_thread(room, pressed.asker, incident, question))


def action_named(plan: Plan, text: str) -> str:
    """The action of that name or title; else the text itself, which the desk will refuse."""
    wanted = text.strip().casefold()
    for name, action in plan.actions.items():
        if wanted in {name.casefold(), action.title.casefold()}:
            return name
    return text.strip()


async def _start(room: Room, asked: Asked, incident_id: str, action: str) -> Rendered:
    outcome = await room.desk.handle(incident_id, StartAction(asked.asker.actor, action), asked.operation)
    sentence = said(await room.sentence(asked.asker, outcome))
    if isinstance(outcome, Refused) and _asks(outcome) and outcome.incident:
        rules = await room.desk.rulebook.rules_for(outcome.incident.plan)
        return replace(sentence, buttons=confirm_action_rows(asked.words, rules, outcome.incident, action))
    return sentence


def _asks(outcome: Outcome) -> bool:
    return isinstance(outcome, Refused) and isinstance(outcome.reason, ConfirmAction)
