"""What the review makes us say, and to whom."""

from collections.abc import Iterator
from datetime import datetime

from bot.domain.actors import Responder
from bot.domain.crew_events import IncidentRole
from bot.domain.events import Event
from bot.domain.incident import Incident
from bot.domain.intents import Intent, Ping
from bot.domain.review_events import (
    ActionItemCreated,
    ActionItemReminded,
    FollowedUp,
    ReviewClosed,
    ReviewOverdue,
    ReviewReminded,
)
from bot.domain.rules import ON_CALL, Rules

IN_THREAD = (ReviewReminded, ReviewOverdue, ReviewClosed, FollowedUp)
"""What the thread hears of a review, after the end of the incident."""


def pings(rules: Rules, incident: Incident, event: Event, number: int) -> Iterator[Intent]:
    """Private messages about an event of the review: to those who owe it, or to the owner of an action item."""
    for person in _concerned(rules, incident, event):
        if person in rules.roster.people:
            yield Ping(incident=incident.id, person=person, number=number)


def owed_by(rules: Rules, incident: Incident, now: datetime) -> tuple[str, ...]:
    """Who owes the review: the commander, else the holder, else whoever resolved it, else those on call now."""
    resolver = incident.resolved_by.person if isinstance(incident.resolved_by, Responder) else None
    for person in (incident.in_role(IncidentRole.COMMANDER), incident.holder, resolver):
        if person is not None and person in rules.roster.people:
            return (person,)
    return rules.people_with(ON_CALL, now)


def still_true(incident: Incident, event: Event) -> bool:
    """Whether a message about the review that waited is not yet overtaken by events."""
    review = incident.review
    match event:
        case ReviewReminded():
            return review.under_way and review.due == event.due and review.overdue_at is None
        case ReviewOverdue():
            return review.under_way and review.overdue_at == event.at
        case ActionItemCreated() | ActionItemReminded():
            item = review.item(event.item)
            return item is not None and item.done is None
        case FollowedUp():
            return review.followed_up
        case _:
            return True


def _concerned(rules: Rules, incident: Incident, event: Event) -> tuple[str, ...]:
    match event:
        case ReviewReminded():
            return owed_by(rules, incident, event.at)
        case ReviewOverdue():
            higher = rules.people_with(event.role, event.at) if event.role else ()
            return tuple(dict.fromkeys((*owed_by(rules, incident, event.at), *higher)))
        case ActionItemReminded():
            item = incident.review.item(event.item)
            return (item.owner,) if item else ()
        case ActionItemCreated() if event.by != Responder(person=event.owner):
            return (event.owner,)
        case _:
            return ()
