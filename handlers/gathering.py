"""The Gather button: everything there is to look at, at once, in one summary."""

import asyncio
from datetime import timedelta

from bot.domain.incident import Incident
from bot.domain.log_lines import errors_among, log_action
from bot.domain.looking_commands import RecordFindings
from bot.domain.rulings.looking import FINDINGS_LIMIT
from bot.engine.charting import Wanted
from bot.engine.health import check_health
from bot.views import answers, gathered, logs
from bot.views.charts.process import ChartUnavailableError
from bot.views.drill import not_run
from bot.views.evidence import RANGES, USUAL_RANGE, Check
from bot.views.gathered import Findings, LogFound, Offered
from bot.views.rendered import Rendered
from handlers import surfaces
from handlers.evidence import figures_now, names_of_interest
from handlers.logs import may_run, tail_of
from handlers.pressed import Pressed, Reaction
from handlers.room import Room

LOG_PATIENCE = timedelta(seconds=20)
"""A summary is wanted now: a log that takes longer is left out of it, whatever its action may take."""
PICTURE_PATIENCE = timedelta(seconds=5)
"""How long a text that is ready waits to go as one with its picture."""


def begin(room: Room, pressed: Pressed, incident: Incident) -> Reaction:
    """Look at everything, once at a time for an incident; the summary follows."""
    words = pressed.asker.words
    if not pressed.asker.on_team:
        return Reaction(room.for_the_team_only(pressed.asker))
    if not room.looking.errands.run_once(f"gather:{incident.id}", lambda: _gather(room, pressed, incident)):
        return Reaction(answers.under_way(words))
    return Reaction(answers.looking(words))


async def _gather(room: Room, pressed: Pressed, incident: Incident) -> None:
    words = pressed.asker.words
    async with asyncio.TaskGroup() as looks:
        drawing = looks.create_task(_picture(room, pressed, incident))
        findings = await _findings(room, pressed, incident)
        record = RecordFindings(pressed.asker.actor, gathered.plain(words, findings, FINDINGS_LIMIT))
        await room.desk.handle(incident.id, record, f"{pressed.operation}:gathered")
        summary = gathered.summary(words, incident, findings, _offered(room, incident, findings), room.now())
        await asyncio.wait({drawing}, timeout=PICTURE_PATIENCE.total_seconds())
        if drawing.done():
            await _say(room, pressed, incident, summary, drawing.result())
            return
        await _say(room, pressed, incident, summary, None)
        late = await drawing
        if late is not None:
            await surfaces.say_in_thread(room, pressed.asker, incident, Rendered(incident.id, photo=late, silent=True))


async def _say(room: Room, pressed: Pressed, incident: Incident, summary: Rendered, picture: bytes | None) -> None:
    whole = Rendered(summary.text, summary.buttons, photo=picture)
    await surfaces.say_in_thread(room, pressed.asker, incident, whole)


async def _findings(room: Room, pressed: Pressed, incident: Incident) -> Findings:
    results, figures, log = await asyncio.gather(
        check_health(room.looking.http, room.rules.plan.health_checks), figures_now(room), _log(room, pressed, incident)
    )
    checks = tuple(Check(result.name, result.ok, result.took, result.reason) for result in results)
    return Findings(checks, figures, log)


async def _log(room: Room, pressed: Pressed, incident: Incident) -> LogFound | None:
    found = log_action(room.rules.plan)
    if found is None:
        return None
    words, (_, action) = pressed.asker.words, found
    if not may_run(room.rules, pressed.asker, action):
        return LogFound(action.title, trouble=logs.needs(words, action.authority))
    if incident.drill:
        return LogFound(action.title, trouble=not_run(words))
    try:
        async with asyncio.timeout(LOG_PATIENCE.total_seconds()):
            result = await room.looking.logs.read(action)
    except TimeoutError:
        return LogFound(action.title, trouble=logs.timed_out(words, LOG_PATIENCE))
    tail = tail_of(words, action, result)
    last = next((line for line in reversed(tail.lines) if line.strip()), "")
    count = len(tail.lines) + tail.omitted
    return LogFound(action.title, count, errors_among(tail.lines), last, tail.trouble)


async def _picture(room: Room, pressed: Pressed, incident: Incident) -> bytes | None:
    if not room.looking.has_metrics:
        return None
    plan = room.rules.plan
    names = names_of_interest(room, plan)
    try:
        return await room.looking.charting.picture(
            plan, Wanted(names, RANGES[USUAL_RANGE], incident), pressed.asker.words
        )
    except ChartUnavailableError:
        # The summary says of each metric why it is unknown.
        return None


def _offered(room: Room, incident: Incident, findings: Findings) -> Offered:
    rules = room.rules
    found = log_action(rules.plan)
    readable = found is not None and findings.log is not None and not findings.log.trouble
    return Offered(
        list(rules.plan.actions).index(found[0]) if found is not None and readable else None,
        room.looking.offering(rules, incident).runbook,
        room.looking.silences.are_possible and bool(incident.alerts),
    )
