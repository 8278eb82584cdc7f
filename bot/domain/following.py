"""Which beta launch an incident follows: its deadlines are the stricter ones of the launch and of its severity."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.following_events import BetaFollowed


@dataclass(frozen=True, slots=True)
class Following:
    """`since` is when the launch that it follows began, None where it follows none; as it stood at `seen_at`.

    `told_at` is when those were told last whom a launch tells of every issue.
    """

    since: datetime | None = None
    seen_at: datetime | None = None
    told_at: datetime | None = None


def after_following(part: Following, event: BetaFollowed) -> Following:
    """The part after an event."""
    return replace(part, since=event.since, seen_at=event.at)
