"""`/beta on|off|status` and `/digest`: the stricter rules of a launch, and how everything is."""

from bot.domain.durations import ALLOWED_PLAIN, parse_timedelta
from bot.domain.team_beta import SwitchOff, SwitchOn
from bot.engine.team_desk import TeamDone
from bot.views import answers
from bot.views.beta import BetaView, digest_sent, status
from bot.views.refusals import refused
from bot.views.rendered import Rendered
from handlers.room import Asked, Room, said

_ON, _OFF, _STATUS = "on", "off", "status"


async def switch(room: Room, asked: Asked) -> Rendered | None:
    """Launch now, for so long; end it; or say what is on. Without a word it says what is on."""
    word, _, length = asked.text.casefold().partition(" ")
    match word, length.strip():
        case (_, "") if word in {_STATUS, ""}:
            return _status(room, asked)
        case (_, "") if word == _OFF:
            return await _carry_out(room, asked, SwitchOff(asked.asker.actor))
        case (_, "") if word == _ON:
            return await _carry_out(room, asked, SwitchOn(asked.asker.actor))
        case (_, lasts) if word == _ON:
            return await _switch_on(room, asked, lasts)
        case _:
            return said(answers.usage(asked.words, asked.verb))


async def digest(room: Room, asked: Asked) -> Rendered:
    """Look around now, and send what is found to those who wait for news."""
    outcome = await room.beta.digest(asked.asker.actor, asked.operation)
    if not isinstance(outcome, TeamDone):
        return said(refused(asked.words, room.rules, outcome.reason))
    return said(digest_sent(asked.words, room.rules))


async def _switch_on(room: Room, asked: Asked, lasts: str) -> Rendered | None:
    try:
        length = parse_timedelta(lasts)
    except ValueError:
        return said(answers.no_length(asked.words, lasts, ALLOWED_PLAIN))
    return await _carry_out(room, asked, SwitchOn(asked.asker.actor, length))


async def _carry_out(room: Room, asked: Asked, command: SwitchOn | SwitchOff) -> Rendered | None:
    outcome = await room.team.handle(command, asked.operation, answers=asked.in_thread)
    if not isinstance(outcome, TeamDone):
        return said(refused(asked.words, room.rules, outcome.reason))
    return None if outcome.answered else _status(room, asked)


def _status(room: Room, asked: Asked) -> Rendered:
    return status(BetaView(room.rules, room.now(), asked.words), room.team.duty.beta)
