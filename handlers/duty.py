"""`/oncall` and `/override`: who is on call now and next, and who stands in."""

from bot.domain.durations import ALLOWED_PLAIN, parse_timedelta
from bot.domain.team import EndOverride, SetOverride
from bot.domain.team_events import OverrideEnded, OverrideSet
from bot.engine.team_desk import UNREACHABLE, TeamDone
from bot.views import answers
from bot.views import duty as views
from bot.views.refusals import refused
from bot.views.rendered import Rendered
from handlers.holding import person_named
from handlers.room import Asked, Room, said

_OFF = "off"


async def on_call(room: Room, asked: Asked) -> Rendered:
    """Who is on call now and next, and who can't be written to."""
    facts = await room.store.facts(UNREACHABLE)
    unreachable = [name.removeprefix(UNREACHABLE) for name in facts]
    return views.on_call(asked.words, room.rules, room.team.duty, room.now(), unreachable)


async def override(room: Room, asked: Asked) -> Rendered:
    """Somebody stands in for so long, or nobody does any more."""
    name, _, length = asked.text.rpartition(" ")
    if asked.text.casefold() == _OFF:
        return await _carry_out(room, asked, EndOverride(asked.asker.actor))
    if not name.strip():
        return said(answers.usage(asked.words, asked.verb))
    try:
        lasts = parse_timedelta(length)
    except ValueError:
        return said(answers.no_length(asked.words, length, ALLOWED_PLAIN))
    return await _carry_out(room, asked, SetOverride(asked.asker.actor, person_named(room.rules.roster, name), lasts))


async def _carry_out(room: Room, asked: Asked, command: SetOverride | EndOverride) -> Rendered:
    outcome = await room.team.handle(command, asked.operation)
    if not isinstance(outcome, TeamDone):
        return said(refused(asked.words, room.rules, outcome.reason))
    roster, now = room.rules.roster, room.now()
    match outcome.events[:1]:
        case (OverrideSet() as event,):
            silent = bool(await room.store.facts(UNREACHABLE + event.person))
            return said(views.override_set(asked.words, roster, event, now, unreachable=silent))
        case (OverrideEnded(),):
            return said(views.override_ended(asked.words, room.team.duty.schedule, now))
        case _:
            return said(views.override_stands(asked.words, room.team.duty.schedule, now))
