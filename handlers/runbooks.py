"""`/runbook`, the Runbook button, and the steps that are ticked on it."""

from bot.domain.incident import Incident
from bot.domain.log_lines import log_actions
from bot.domain.looking_commands import TickRunbookStep
from bot.domain.plan import Plan
from bot.domain.runbooks import addresses, fitting
from bot.engine.outcomes import Done, Refused
from bot.views import answers
from bot.views.lookup_presses import ShowRunbook, TickStep
from bot.views.rendered import Rendered
from bot.views.runbook import RunbookView, runbook
from bot.views.translations import Words
from handlers import surfaces
from handlers.pressed import Pressed, Reaction
from handlers.room import Asked, Room, said


async def show_runbook(room: Room, asked: Asked, incident_id: str) -> Rendered:
    """The runbook that fits the incident, or that none does."""
    incident = await room.desk.incident(incident_id)
    if incident is None:
        return said(answers.unknown_incident(asked.words, incident_id))
    return await rendered(room, asked.words, incident)


async def open_runbook(room: Room, pressed: Pressed, incident: Incident) -> None:
    """The runbook as an answer to the card."""
    await surfaces.say_in_thread(room, pressed.asker, incident, await rendered(room, pressed.asker.words, incident))


async def another(room: Room, pressed: Pressed, press: ShowRunbook, incident: Incident) -> None:
    """Another runbook in the place of the one under the finger."""
    shown = await rendered(room, pressed.asker.words, incident, press.runbook)
    await surfaces.show_instead(room, pressed, incident, shown)


async def tick(room: Room, pressed: Pressed, press: TickStep, incident: Incident) -> Reaction:
    """Tick a step, or take it back; the message shows how it stands now, also when somebody else was faster."""
    command = TickRunbookStep(pressed.asker.actor, press.runbook, press.step, bool(press.done))
    outcome = await room.desk.handle(incident.id, command, pressed.operation)
    now = outcome.incident if isinstance(outcome, Done | Refused) else None

    async def show() -> None:
        current = now or await room.desk.incident(incident.id) or incident
        shown = await rendered(room, pressed.asker.words, current, press.runbook)
        await surfaces.show_instead(room, pressed, current, shown)

    return Reaction(await room.sentence(pressed.asker, outcome), show)


async def rendered(room: Room, words: Words, incident: Incident, chosen: int | None = None) -> Rendered:
    """The runbook at `chosen`, or the first that fits."""
    rules = await room.desk.rulebook.rules_for(incident.plan)
    fit = fitting(rules.plan, incident)
    known = chosen is not None and chosen < len(rules.plan.runbooks)
    shown = chosen if known else next(iter(fit), None)
    named = rules.plan.runbooks[shown].actions if shown is not None else ()
    return runbook(
        RunbookView(
            rules,
            incident,
            shown,
            fit,
            addresses(incident),
            room.now(),
            words,
            _log_actions(room.rules.plan, named),
            _other_actions(rules.plan, named),
        )
    )


def _log_actions(plan: Plan, named: tuple[str, ...]) -> dict[str, int]:
    """Those of a runbook's actions that read logs, as today's plan has them: title to index."""
    every = list(plan.actions)
    return {action.title: every.index(name) for name, action in log_actions(plan).items() if name in named}


def _other_actions(plan: Plan, named: tuple[str, ...]) -> dict[str, int]:
    """Those of a runbook's actions that change something, as the incident's plan has them: title to index."""
    every, logs = list(plan.actions), log_actions(plan)
    return {plan.actions[name].title: every.index(name) for name in named if name not in logs}
