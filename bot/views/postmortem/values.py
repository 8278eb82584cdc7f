"""The smallest parts of the document for programs: times, durations, people, and by whom something was settled."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.domain.actors import Actor, Responder
from bot.domain.resolving import Written
from bot.domain.review import Settled
from bot.views import naming
from bot.views.postmortem.view import PostmortemView
from bot.views.times import iso

Values = dict[str, object]
"""A JSON object."""


def time(at: datetime | None) -> str | None:
    """ISO 8601 in UTC."""
    return None if at is None else iso(at)


def seconds(length: timedelta | None) -> float | None:
    """To the millisecond."""
    return None if length is None else round(length.total_seconds(), 3)


def person(view: PostmortemView, key: str) -> dict[str, str]:
    """Somebody of the roster."""
    return {"id": key, "name": view.rules.roster.name_of(key)}


def actor(view: PostmortemView, who: Actor | None) -> Mapping[str, str | None] | None:
    """Whoever did something."""
    if who is None:
        return None
    key = who.person if isinstance(who, Responder) else None
    return {"kind": who.kind, "id": key, "name": naming.actor(view.words, view.rules.roster, who).plain}


def settled(view: PostmortemView, name: str, by: Settled | None) -> Values:
    """When it was and by whom: `done_at` and `done_by` for the name `done`."""
    return {f"{name}_at": time(by.at if by else None), f"{name}_by": actor(view, by.by if by else None)}


def written(view: PostmortemView, text: Written | None) -> Values | None:
    """What somebody wrote down."""
    return None if text is None else {"text": text.text, "by": actor(view, text.by), "at": iso(text.at)}
