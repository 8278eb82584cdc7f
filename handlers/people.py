"""`/whoami`, `/help`, and Start: who is who and what can be asked."""

from telegram import ChatMemberUpdated
from telegram.constants import ChatMemberStatus, ChatType

from bot.domain.actors import Responder, System
from bot.domain.commands import ReportReachable, ReportUnreachable
from bot.engine.team_desk import UNREACHABLE
from bot.views import about
from bot.views.rendered import Rendered
from handlers.room import Asked, Room


async def who_am_i(room: Room, asked: Asked) -> Rendered:
    """How Nabat knows the asking person."""
    return about.who_am_i(asked.words, room.rules, _person(asked), asked.asker.telegram, room.now())


async def show_help(_room: Room, asked: Asked) -> Rendered:
    """What can be asked."""
    return about.help_text(asked.words)


async def start(room: Room, asked: Asked) -> Rendered:
    """From now on this person can be written to; what could not reach them does so now."""
    person = _person(asked)
    if person is not None:
        await room.store.set_fact(UNREACHABLE + person, None)
        await reach_again(room, person)
    return about.welcome(asked.words, room.rules, person)


async def standing_changed(room: Room, change: ChatMemberUpdated) -> None:
    """Somebody blocked the bot, or took that back: whoever can't be written to is known before a page is due."""
    person = room.rules.roster.by_telegram(change.chat.id)
    if person is None or change.chat.type != ChatType.PRIVATE:
        return
    if change.new_chat_member.status == ChatMemberStatus.BANNED:
        await room.store.set_fact(UNREACHABLE + person, "blocked the bot")
        for incident in await room.desk.open_incidents():
            await room.desk.handle(incident.id, ReportUnreachable(System(), person, "blocked the bot"))
    else:
        await room.store.set_fact(UNREACHABLE + person, None)
        await reach_again(room, person)


async def reach_again(room: Room, person: str) -> None:
    """Page a person for every open incident that could not reach them before."""
    for incident in await room.desk.open_incidents():
        if person in incident.unreachable:
            await room.desk.handle(incident.id, ReportReachable(System(), person))


def _person(asked: Asked) -> str | None:
    return asked.asker.actor.person if isinstance(asked.asker.actor, Responder) else None
