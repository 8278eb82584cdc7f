"""What the thread and single people are told of a post-incident review."""

from bot.domain.review_events import (
    ActionItemCreated,
    ActionItemReminded,
    FollowedUp,
    ReviewClosed,
    ReviewOverdue,
    ReviewReminded,
)
from bot.domain.review_telling import owed_by
from bot.views import naming
from bot.views.html import Line, Piece, bold, joined, message, text
from bot.views.incident_presses import OpenPanel, Panel
from bot.views.keyboard import Row, pressing, signed
from bot.views.rendered import Rendered, Style
from bot.views.review import (
    ITEM_LIMIT,
    REASON_LIMIT,
    TITLE_LIMIT,
    ReviewView,
    due_day,
    item_line,
    not_done,
    settle_button,
)
from bot.views.tell_view import TellView
from bot.views.times import clock

ITEMS_SHOWN = 8
Told = ReviewReminded | ReviewOverdue | ReviewClosed | FollowedUp | ActionItemCreated | ActionItemReminded
"""The events of a review that somebody is told of."""


def in_thread(view: TellView, event: Told) -> Rendered:
    """For the responders: what is asked for, and what is still open."""
    lines = [Line(bold(_head(view, event))), *_more(view, event)]
    return Rendered(message(lines), (_row(view, event),))


def in_private(view: TellView, event: Told) -> Rendered:
    """For one person: the same, with what the incident was."""
    title = text(view.incident.title, TITLE_LIMIT)
    lines = [Line(bold(_head(view, event))), *_more(view, event), Line(title, 1)]
    return Rendered(message(lines), (_row(view, event),), silent=not view.rules.plan.calendar.is_open(view.now))


def _head(view: TellView, event: Told) -> Piece:
    words, incident = view.words, view.incident
    match event:
        case ReviewReminded():
            due = clock(words, event.due, view.now)
            return joined(
                (words("📄 {incident}: the review is due {time}", incident=incident.id, time=due), _owing(view))
            )
        case ReviewOverdue():
            due = clock(words, event.due, view.now)
            late = words("⏰ {incident}: the review was due {time} and is not closed", incident=incident.id, time=due)
            return joined((late, _owing(view)))
        case ReviewClosed():
            who = naming.actor(words, view.rules.roster, event.by)
            return words("📄 {incident}: review closed by {who}", incident=incident.id, who=who)
        case FollowedUp():
            return words("🔁 {incident}: follow-up review", incident=incident.id)
        case ActionItemCreated() | ActionItemReminded():
            item = incident.review.item(event.item)
            when = due_day(_review(view), item) if item is not None else Piece()
            return joined((words("🔨 {incident}: an action item of yours", incident=incident.id), when))


def _more(view: TellView, event: Told) -> list[Line]:
    match event:
        case ReviewClosed():
            return [Line(text(event.reason, REASON_LIMIT)), *_still_open(view)]
        case FollowedUp():
            return _still_open(view) or [Line(view.words("Nothing is left open."))]
        case ActionItemCreated() | ActionItemReminded():
            item = view.incident.review.item(event.item)
            return [Line(text(item.text if item is not None else "", ITEM_LIMIT * 2))]
        case ReviewReminded() | ReviewOverdue():
            return [Line(not_done(_review(view)))]


def _still_open(view: TellView) -> list[Line]:
    items = view.incident.review.open_items
    lines = [Line(item_line(_review(view), item), 1) for item in items[:ITEMS_SHOWN]]
    rest = len(items) - len(lines)
    more = (
        view.words.plural("{n} more item in the document", "{n} more items in the document", rest) if rest else Piece()
    )
    unclosed = view.words("The review is not closed.") if view.incident.review.under_way else Piece()
    return [line for line in (*lines, Line(more, 2), Line(unclosed, 1)) if line.piece]


def _owing(view: TellView) -> Piece:
    people = owed_by(view.rules, view.incident, view.now)
    return naming.people(view.words, view.rules.roster, people)


def _row(view: TellView, event: Told) -> Row:
    if isinstance(event, ActionItemCreated | ActionItemReminded):
        item = view.incident.review.item(event.item)
        return (settle_button(_review(view), item, listed=False),) if item is not None else ()
    press = OpenPanel(view.incident.id, Panel.REVIEW)
    return (pressing(signed("📄", view.words("Review")), press, Style.PRIMARY),)


def _review(view: TellView) -> ReviewView:
    return ReviewView(view.rules, view.incident, view.now, view.words)
