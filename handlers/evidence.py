"""`/metrics`, `/chart`, `/health`, and the Charts button: what can be looked at."""

from bot.delivery.outcome import MessageGone
from bot.domain.durations import parse_timedelta
from bot.domain.incident import Incident
from bot.domain.measures import Verdict, compare
from bot.domain.plan import Plan
from bot.engine.charting import Wanted
from bot.engine.evidence import Known
from bot.engine.health import check_health
from bot.store.records import MessageRef
from bot.views import answers, evidence
from bot.views.browsing_presses import ShowChart
from bot.views.charts.process import ChartUnavailableError
from bot.views.evidence import RANGE_NAMES, RANGES, USUAL_RANGE, Check, Figure
from bot.views.rendered import Rendered
from handlers.addressing import incident_answered
from handlers.askers import Asker
from handlers.room import Asked, Room, said
from handlers.surfaces import card_in_chat

_OF_AN_INCIDENT = 2
"""Metrics of an incident's picture when none is outside its target: the first of the plan."""


async def metrics(room: Room, asked: Asked) -> Rendered:
    """Every metric of the plan, read now."""
    return evidence.metrics(asked.words, await figures_now(room), room.now())


async def figures_now(room: Room) -> tuple[Figure, ...]:
    """Every metric of the plan, read now."""
    found = await room.looking.readings.look()
    known = room.rules.plan.metrics
    return tuple(
        Figure(known[name], reading.value, room.looking.readings.trend(name))
        if isinstance(reading, Known)
        else Figure(known[name], None, reason=reading.detail)
        for name, reading in found.items()
    )


async def health(room: Room, asked: Asked) -> Rendered:
    """The plan's health checks, made now."""
    results = await check_health(room.looking.http, room.rules.plan.health_checks)
    checks = [Check(result.name, result.ok, result.took, result.reason) for result in results]
    return evidence.health(asked.words, checks, room.now())


async def chart(room: Room, asked: Asked) -> Rendered | None:
    """A picture of one metric, or of those that matter; it follows by itself."""
    metric, span = None, USUAL_RANGE
    plan = room.rules.plan
    for word in asked.text.split():
        if word in plan.metrics:
            metric = list(plan.metrics).index(word)
        elif word[0].isdigit():
            span = _span(word)
            if span is None:
                return said(answers.no_such_span(asked.words, word, RANGE_NAMES))
        else:
            return said(answers.unknown_metric(asked.words, word, tuple(plan.metrics)))
    incident = await _meant(room, asked)
    press = ShowChart(incident.id if incident else None, metric, span)
    room.looking.errands.run(send_chart(room, asked.asker, press, reply_to=asked.ref))
    return None


def _span(written: str) -> int | None:
    """Which of the ranges is as long as that, in whatever unit; None: none is."""
    try:
        length = parse_timedelta(written)
    except ValueError:
        return None
    return RANGES.index(length) if length in RANGES else None


async def send_chart(
    room: Room, asker: Asker, press: ShowChart, *, reply_to: MessageRef | None = None, instead: MessageRef | None = None
) -> None:
    """Draw, and send a new picture, or put it in the place of the one under the button."""
    rendered = await _drawn(room, asker, press)
    if instead is not None and not isinstance(await room.direct.show(instead, rendered), MessageGone):
        return
    await room.direct.say(asker.chat, rendered, reply_to=reply_to)


async def send_chart_to_thread(room: Room, asker: Asker, incident: Incident) -> None:
    """The picture behind the card's Charts button, as an answer to the card."""
    reply_to = await card_in_chat(room, asker, incident)
    await send_chart(room, asker, ShowChart(incident.id, None, USUAL_RANGE), reply_to=reply_to)


async def _drawn(room: Room, asker: Asker, press: ShowChart) -> Rendered:
    incident = await room.desk.incident(press.incident) if press.incident else None
    plan = room.rules.plan
    every = tuple(plan.metrics)
    known = press.metric is not None and press.metric < len(every)
    names = (every[press.metric or 0],) if known else names_of_interest(room, plan)
    span = press.span if press.span < len(RANGES) else USUAL_RANGE
    try:
        picture = await room.looking.charting.picture(plan, Wanted(names, RANGES[span], incident), asker.words)
    except ChartUnavailableError as error:
        return evidence.no_chart(asker.words, str(error))
    return evidence.chart(asker.words, plan, names, span, incident, picture)


def names_of_interest(room: Room, plan: Plan) -> tuple[str, ...]:
    """The metrics outside their targets, and the first of the plan."""
    every = tuple(plan.metrics)
    measured = {reading.metric: reading.value for reading in room.looking.readings.measured()}
    broken = tuple(name for name in every if compare(measured.get(name), plan.metrics[name].target) is Verdict.BAD)
    return tuple(dict.fromkeys((*broken, *every[:_OF_AN_INCIDENT])))[: max(_OF_AN_INCIDENT, len(broken))]


async def _meant(room: Room, asked: Asked) -> Incident | None:
    """The incident whose card or thread is answered, else the only open one, else none: a chart needs none."""
    answered = await incident_answered(room, asked.message)
    if answered is not None:
        return await room.desk.incident(answered[0])
    open_ones = await room.desk.open_incidents()
    return open_ones[0] if len(open_ones) == 1 else None
