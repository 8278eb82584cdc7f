"""`/stats [30d]`: what the incidents of a period amount to, and a picture that follows the text."""

import asyncio
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.delivery.outcome import Sent
from bot.domain.durations import ALLOWED_PLAIN, parse_timedelta
from bot.domain.statistics import columns, statistics
from bot.store.records import MessageRef, StoreUnavailableError
from bot.views import statistics as views
from bot.views.charts.process import ChartUnavailableError
from bot.views.rendered import Rendered
from handlers.askers import Asker
from handlers.room import Asked, Room, not_saved, said

USUAL: Final = timedelta(days=30)
SHORTEST: Final = timedelta(days=1)
LONGEST: Final = timedelta(days=366)

log = structlog.get_logger(__name__)


async def show(room: Room, asked: Asked) -> Rendered | None:
    """The answer follows by itself: thousands of incidents take a while to count."""
    given = asked.text.strip()
    try:
        length = parse_timedelta(given) if given else USUAL
    except ValueError:
        return views.no_period(asked.words, given, ALLOWED_PLAIN)
    if not SHORTEST <= length <= LONGEST:
        return views.no_period(asked.words, given, ALLOWED_PLAIN)
    room.looking.errands.run(_send(room, asked.asker, length, asked.ref))
    return None


async def _send(room: Room, asker: Asker, length: timedelta, reply_to: MessageRef) -> None:
    try:
        view = await gathered(room, length, room.now())
    except StoreUnavailableError as error:
        await room.direct.say(asker.chat, said(not_saved(asker.words, error)), reply_to=reply_to)
        return
    sent = await room.direct.say(asker.chat, views.statistics(asker.words, view), reply_to=reply_to)
    if not view.now.incidents and not view.now.night_pages:
        return  # a picture of nothing says no more than the text
    try:
        png = await room.looking.charting.board(views.board(asker.words, view))
    except ChartUnavailableError as error:
        log.info("statistics have no picture", reason=str(error))
        return
    below = MessageRef(sent.chat, sent.message) if isinstance(sent, Sent) else reply_to
    await room.direct.say(asker.chat, views.picture(asker.words, view, png), reply_to=below)


async def gathered(room: Room, length: timedelta, end: datetime) -> views.StatisticsView:
    """The figures of the time before `end`, and of as much time before that.

    Raises:
        StoreUnavailableError: Redis did not answer.
    """
    start = end - length
    records = await room.records.since(start - length)
    zone = room.rules.plan.timezone

    def counted() -> views.StatisticsView:
        return views.StatisticsView(
            room.rules,
            statistics(records, start, end),
            statistics(records, start - length, start),
            columns(records, start, end, zone),
        )

    return await asyncio.to_thread(counted)  # over thousands of records it takes longer than a press should wait
