"""What was wrong and what mended it: written down by people, before and after the end (written plan, Phase 4)."""

from datetime import datetime

from bot.domain.events import Event
from bot.domain.incident import Incident, Status
from bot.domain.rejections import AlreadyClosed, NothingSaid, Rejection, TooLong
from bot.domain.resolving_commands import NameCause, ResolvingCommand
from bot.domain.resolving_events import CauseFound, FixDescribed

TEXT_LIMIT = 1000
"""Characters of a cause or a fix: a paragraph."""


def write_down(incident: Incident, command: ResolvingCommand, now: datetime) -> tuple[Event, ...] | Rejection:
    """Keep the root cause or the fix; the same once more changes nothing."""
    if incident.status is Status.MERGED:
        return AlreadyClosed(incident.merged_into)
    text = command.text.strip()
    if not text:
        return NothingSaid()
    if len(text) > TEXT_LIMIT:
        return TooLong(TEXT_LIMIT)
    is_cause = isinstance(command, NameCause)
    known = incident.resolution.cause if is_cause else incident.resolution.fix
    if known is not None and known.text == text:
        return ()
    return ((CauseFound if is_cause else FixDescribed)(at=now, by=command.by, text=text),)
