"""Words for the log and for those who wait: notes, impact, status updates and their snooze."""

from datetime import datetime, timedelta
from typing import assert_never

from bot.domain.commands import DescribeImpact, Note, PostUpdate, SnoozeUpdate
from bot.domain.events import Event, ImpactDescribed, Noted, UpdatePosted, UpdateSnoozed
from bot.domain.incident import Incident
from bot.domain.rejections import AlreadyClosed, NothingSaid, Rejection, SnoozeOutOfRange, TooLong
from bot.domain.rules import Rules
from bot.domain.timers import UPDATE, due, update_every

TEXT_LIMIT = 3000
"""Characters of a note or an update: what fits a Telegram message (4096) with its heading around it."""


def speak(
    incident: Incident, command: Note | DescribeImpact | PostUpdate, now: datetime
) -> tuple[Event, ...] | Rejection:
    """Keep what was said. A note may follow even after the end; an update may not."""
    text = command.text.strip()
    if not text:
        return NothingSaid()
    if len(text) > TEXT_LIMIT:
        return TooLong(TEXT_LIMIT)
    match command:
        case Note():
            return (Noted(at=now, by=command.by, text=text),)
        case DescribeImpact():
            return (ImpactDescribed(at=now, by=command.by, text=text),)
        case PostUpdate():
            if not incident.is_open:
                return AlreadyClosed(incident.merged_into)
            return (UpdatePosted(at=now, by=command.by, text=text, privately=command.privately),)
        case _:
            assert_never(command)


def snooze(rules: Rules, incident: Incident, command: SnoozeUpdate, now: datetime) -> tuple[Event, ...] | Rejection:
    """Put the reminder off, by a minute at least and by the cadence at most; never nearer than it was."""
    if not incident.is_open:
        return AlreadyClosed(incident.merged_into)
    limit = update_every(rules, incident) or timedelta(0)
    length = min(rules.plan.updates.snooze, limit) if command.length is None else command.length
    if not timedelta(minutes=1) <= length <= limit:
        return SnoozeOutOfRange(int(limit.total_seconds()))
    until = max(now + length, due(rules, incident).get(UPDATE, now))
    return (UpdateSnoozed(at=now, by=command.by, until=until, reason=command.reason),)
