"""The post-incident review: lessons, action items, documentation, and its end. Written plan, Phase 5."""

from datetime import datetime
from typing import assert_never

from bot.domain.actors import Responder, System
from bot.domain.checklist import open_items
from bot.domain.days import FURTHEST
from bot.domain.events import Event
from bot.domain.incident import Incident, Status
from bot.domain.plan import TickedBy
from bot.domain.rejections import AlreadyClosed, NothingSaid, NotOnTheTeam, Rejection, StillOpen, TooLong, UnknownPerson
from bot.domain.review_commands import (
    CloseReview,
    CreateActionItem,
    LearnLesson,
    ReviewCommand,
    SettleActionItem,
    SortLesson,
    TickDocumentation,
)
from bot.domain.review_events import (
    ActionItemCreated,
    ActionItemReminded,
    ActionItemSettled,
    DocumentationTicked,
    FollowedUp,
    LessonLearned,
    LessonSorted,
    ReviewClosed,
    ReviewOverdue,
    ReviewReminded,
    ReviewScheduled,
)
from bot.domain.review_rejections import (
    AlreadySettled,
    DayOutOfRange,
    LeftOpen,
    NoSuchActionItem,
    NoSuchLesson,
    ReviewIsClosed,
    TooMany,
)
from bot.domain.review_times import (
    FOLLOW_UP,
    ITEM,
    OVERDUE,
    REMIND,
    authority_called,
    day_of,
    due_at,
    follow_up_at,
    usual_day,
)
from bot.domain.rules import Rules

LESSON_LIMIT = 1000
"""Characters of a lesson: a paragraph. More than that is a document of its own."""
ITEM_LIMIT = 300
"""Characters of an action item: what fits two or three lines of a list on a phone."""
MOST = 50
"""Lessons, and action items, of one incident: more than anybody reads, and a bound for who pastes."""

_NABAT = System()


def rule(rules: Rules, incident: Incident, command: ReviewCommand, now: datetime) -> tuple[Event, ...] | Rejection:
    """What a command about the review leads to."""
    match command:
        case LearnLesson():
            return learn(incident, command, now)
        case SortLesson():
            return sort(incident, command, now)
        case CreateActionItem():
            return create_item(rules, incident, command, now)
        case SettleActionItem():
            return settle_item(incident, command, now)
        case TickDocumentation():
            return tick(incident, command, now)
        case CloseReview():
            return close(rules, incident, command, now)
        case _:
            assert_never(command)


def learn(incident: Incident, command: LearnLesson, now: datetime) -> tuple[Event, ...] | Rejection:
    """Keep a lesson, at any time: what is learned while it burns is forgotten the day after."""
    text = command.text.strip()
    refused = _unfit(incident, text, LESSON_LIMIT, len(incident.review.lessons))
    if refused is not None:
        return refused
    number = len(incident.review.lessons) + 1
    return (LessonLearned(at=now, by=command.by, lesson=number, text=text, about=command.about),)


def sort(incident: Incident, command: SortLesson, now: datetime) -> tuple[Event, ...] | Rejection:
    """Say what a lesson is about; the same once more changes nothing."""
    lesson = incident.review.lesson(command.lesson)
    if lesson is None:
        return NoSuchLesson()
    if lesson.about is command.about:
        return ()
    return (LessonSorted(at=now, by=command.by, lesson=command.lesson, about=command.about),)


def create_item(
    rules: Rules, incident: Incident, command: CreateActionItem, now: datetime
) -> tuple[Event, ...] | Rejection:
    """Keep what somebody is to do, by a day between today and a year from now."""
    text = command.text.strip()
    refused = _unfit(incident, text, ITEM_LIMIT, len(incident.review.items))
    if refused is not None:
        return refused
    if command.owner not in rules.roster.people:
        return UnknownPerson(command.owner, tuple(rules.roster.people))
    today = day_of(rules, command.owner, now)
    due = command.due or usual_day(rules, command.owner, now)
    if not today <= due <= today + FURTHEST:
        return DayOutOfRange(due, FURTHEST.days)
    number = len(incident.review.items) + 1
    return (ActionItemCreated(at=now, by=command.by, item=number, text=text, owner=command.owner, due=due),)


def settle_item(incident: Incident, command: SettleActionItem, now: datetime) -> tuple[Event, ...] | Rejection:
    """It is done, whoever says so; or it is not done after all."""
    item = incident.review.item(command.item)
    if item is None:
        return NoSuchActionItem()
    if (item.done is not None) is command.done:
        return AlreadySettled(command.item, done=command.done)
    return (ActionItemSettled(at=now, by=command.by, item=command.item, done=command.done),)


def tick(incident: Incident, command: TickDocumentation, now: datetime) -> tuple[Event, ...]:
    """A part of the documentation is up to date, or not after all; the same once more changes nothing."""
    if (command.part in incident.review.documented) is command.done:
        return ()
    return (DocumentationTicked(at=now, by=command.by, part=command.part, done=command.done),)


def close(  # noqa: PLR0911 - one reason to refuse after the other
    rules: Rules, incident: Incident, command: CloseReview, now: datetime
) -> tuple[Event, ...] | Rejection:
    """The review is done, says a person. Over open lines or without a cause only for a reason, which is kept."""
    review = incident.review
    if not isinstance(command.by, Responder):
        return NotOnTheTeam()
    if incident.is_open:
        return StillOpen()
    if incident.status is Status.MERGED:
        return AlreadyClosed(incident.merged_into)
    if review.closed is not None:
        return ReviewIsClosed(review.closed.by)
    reason = command.reason.strip()
    if len(reason) > LESSON_LIMIT:
        return TooLong(LESSON_LIMIT)
    left = open_items(rules, incident)
    without_cause = lacks_cause(rules, incident)
    if (left or without_cause) and not reason:
        return LeftOpen(len(left), without_cause)
    return (ReviewClosed(at=now, by=command.by, reason=reason),)


def lacks_cause(rules: Rules, incident: Incident) -> bool:
    """Whether no root cause is written down; where the plan's checklists have a line for it, that line decides."""
    lines = (*rules.plan.checklists.during, *rules.plan.checklists.after)
    asked_for = any(line.ticked_by is TickedBy.CAUSE_FOUND for line in lines)
    return incident.resolution.cause is None and not asked_for


def fall_due(rules: Rules, incident: Incident, key: str, now: datetime) -> tuple[Event, ...]:
    """What the review's timer `key`, which is due, leads to."""
    review = incident.review
    if key.startswith(ITEM):
        return (ActionItemReminded(at=now, by=_NABAT, item=int(key.removeprefix(ITEM))),)
    if key == FOLLOW_UP:
        return (FollowedUp(at=now, by=_NABAT),)
    if key == REMIND and review.due is not None:
        return (ReviewReminded(at=now, by=_NABAT, due=review.due),)
    if key == OVERDUE and review.due is not None:
        role = authority_called(rules, review.overdue_calls)
        return (ReviewOverdue(at=now, by=_NABAT, due=review.due, role=role),)
    resolved_at = incident.resolved_at or now
    due, follow_up = due_at(rules, resolved_at), follow_up_at(rules, resolved_at)
    return (ReviewScheduled(at=now, by=_NABAT, due=due, follow_up=follow_up),)


def _unfit(incident: Incident, text: str, limit: int, known: int) -> Rejection | None:
    if incident.status is Status.MERGED:
        return AlreadyClosed(incident.merged_into)
    if not text:
        return NothingSaid()
    if len(text) > limit:
        return TooLong(limit)
    return TooMany(MOST) if known >= MOST else None
