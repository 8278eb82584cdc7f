"""`/drill` and `/drill SEV-2 TITLE`: an exercise, through everything but the outside world."""

from collections.abc import Callable

from bot.domain.commands import Declare
from bot.domain.drill import Scenario, by_turns
from bot.views.drill import marked
from bot.views.rendered import Rendered
from handlers.askers import Asker
from handlers.holding import severity_named
from handlers.room import Asked, Room, said


async def drill(room: Room, asked: Asked) -> Rendered:
    """Open it: as it was asked for, or else a scenario of the plan, by turns."""
    scenario = _given(room, asked.text) if asked.text else by_turns(room.rules.plan, await room.store.highest_number())
    command = Declare(asked.asker.actor, scenario.title, severity=scenario.severity, drill=True)
    return said(await room.sentence(asked.asker, await room.desk.declare(command, asked.operation)))


async def marking_of(room: Room, incident_id: str, asker: Asker) -> Callable[[Rendered], Rendered]:
    """What puts the mark of a drill on answers about an incident. It is asked for before what they answer is done."""
    incident = await room.desk.casebook.get(incident_id)

    def mark(answer: Rendered) -> Rendered:
        return answer if incident is None else marked(asker.words, incident, answer)

    return mark


def _given(room: Room, text: str) -> Scenario:
    """A severity and a title; a severity alone takes the plan's own words for it, a title alone the usual severity."""
    plan = room.rules.plan
    first, _, rest = text.partition(" ")
    severity = severity_named(room.rules, first)
    if severity not in plan.severities:
        return Scenario(text, plan.classification.default)
    known = plan.severities[severity]
    return Scenario(rest.strip() or next(iter(known.examples), known.impact), severity)
