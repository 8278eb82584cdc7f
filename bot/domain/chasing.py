"""How far the chase after a missed status update has gone."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.chasing_events import UpdateEscalated
from bot.domain.events import Event, Reopened, SeverityChanged, UpdateOverdue, UpdatePosted, UpdateSnoozed
from bot.domain.resolving_events import VerificationBroken, VerificationStarted


@dataclass(frozen=True, slots=True)
class Chase:
    """Who was called besides the holder since the last real update, and when since the holder's last ping.

    `snoozed`: it was put off since then, so there is something to explain.
    """

    called: tuple[str, ...] = ()
    called_at: datetime | None = None
    snoozed: bool = False


def after_chase(chase: Chase, event: Event) -> Chase:
    """The chase after one more event. Whatever plans the updates anew ends it."""
    match event:
        case UpdateEscalated():
            return replace(chase, called=tuple(dict.fromkeys((*chase.called, *event.people))), called_at=event.at)
        case UpdateOverdue():
            return replace(chase, called_at=None)
        case UpdateSnoozed():
            return Chase(snoozed=True)
        case UpdatePosted() | SeverityChanged() | Reopened() | VerificationStarted() | VerificationBroken():
            return Chase()
        case _:
            return chase
