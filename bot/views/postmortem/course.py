"""The timeline of a post-incident document: what happened, without what only kept people reminded."""

from collections.abc import Sequence

from bot.domain.acting_events import DecisionRepeated, TriggerReadable
from bot.domain.draft_events import DraftEdited, DraftOffered
from bot.domain.events import (
    Acknowledged,
    Assigned,
    Declared,
    Event,
    ImpactDescribed,
    Noted,
    PageCause,
    Paged,
    PageHandedOver,
    ReachableAgain,
    Reopened,
    Resolved,
    UpdatePosted,
    UpdateReminded,
)
from bot.domain.incident import Incident
from bot.domain.looking_events import InformationGathered
from bot.domain.review import ReviewEvent
from bot.domain.review_events import ReviewClosed
from bot.domain.roster import Roster
from bot.views import naming
from bot.views.html import Piece, text
from bot.views.postmortem.document import Mark, Moment
from bot.views.timeline import line
from bot.views.times import clock
from bot.views.translations import Words

TEXT_LIMIT = 1000
_TURNS = (Declared, Acknowledged, Assigned, Resolved, Reopened)
_REMINDERS = (
    DraftOffered,
    DraftEdited,
    ReachableAgain,
    PageHandedOver,
    UpdateReminded,
    DecisionRepeated,
    TriggerReadable,
)


def moments(words: Words, roster: Roster, incident: Incident, history: Sequence[Event]) -> tuple[Moment, ...]:
    """What a reader of the document wants to know of, the first first."""
    return tuple(
        Moment(
            event.at,
            clock(words, event.at, incident.declared_at).plain,
            _said(words, roster, event).plain,
            Mark.TURN if isinstance(event, _TURNS) else Mark.PLAIN,
        )
        for event in history
        if _matters(event)
    )


def _matters(event: Event) -> bool:
    match event:
        case Paged():
            return event.cause is not PageCause.REPEAT and bool(event.people)
        case ReviewClosed():
            return True
        case _:
            return not isinstance(event, (*_REMINDERS, ReviewEvent))


def _said(words: Words, roster: Roster, event: Event) -> Piece:
    """As in the chat's timeline, but whole: what people wrote is what a document is read for."""
    who = naming.actor(words, roster, event.by)
    match event:
        case Noted():
            return words("{who} noted: {text}", who=who, text=text(event.text, TEXT_LIMIT))
        case ImpactDescribed():
            return words("{who} on the impact: {text}", who=who, text=text(event.text, TEXT_LIMIT))
        case UpdatePosted():
            return words("{who} posted an update: {text}", who=who, text=text(event.text, TEXT_LIMIT))
        case InformationGathered():
            return words("{who} gathered information: {text}", who=who, text=text(event.text, TEXT_LIMIT))
        case _:
            return line(words, roster, event, event.at)
