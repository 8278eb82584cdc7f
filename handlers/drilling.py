"""`/drill` and `/drill SEV-2 TITLE`: an exercise, through everything but the outside world."""

from bot.domain.commands import Declare
from bot.domain.drill import Scenario, by_turns
from bot.views.rendered import Rendered
from handlers.holding import severity_named
from handlers.room import Asked, Room, said


async def drill(room: Room, asked: Asked) -> Rendered:
    """Open it: as it was asked for, or else a scenario of the plan, by turns."""
    scenario = _given(room, asked.text) if asked.text else by_turns(room.rules.plan, await room.store.highest_number())
    command = Declare(asked.asker.actor, scenario.title, severity=scenario.severity, drill=True)
    return said(await room.sentence(asked.asker, await room.desk.declare(command, asked.operation)))


def _given(room: Room, text: str) -> Scenario:
    """A severity and a title; a severity alone takes the plan's own words for it, a title alone the usual severity."""
    plan = room.rules.plan
    first, _, rest = text.partition(" ")
    severity = severity_named(room.rules, first)
    if severity not in plan.severities:
        return Scenario(text, plan.classification.default)
    known = plan.severities[severity]
    return Scenario(rest.strip() or next(iter(known.examples), known.impact), severity)
