"""The post-incident review in the timeline, one line an event."""

from datetime import datetime

from bot.domain.review import ReviewEvent
from bot.domain.review_events import (
    ActionItemCreated,
    ActionItemReminded,
    ActionItemSettled,
    Documentation,
    DocumentationTicked,
    FollowedUp,
    LessonKind,
    LessonLearned,
    LessonSorted,
    ReviewClosed,
    ReviewOverdue,
    ReviewReminded,
    ReviewScheduled,
)
from bot.domain.roster import Roster
from bot.views import naming
from bot.views.html import Piece, joined, text
from bot.views.times import clock, day
from bot.views.translations import Words, mark

TEXT_LIMIT = 200

PARTS = {
    Documentation.RUNBOOKS: mark("Runbooks"),
    Documentation.MONITORING: mark("Monitoring"),
    Documentation.THRESHOLDS: mark("Alert thresholds"),
    Documentation.PROCEDURES: mark("Procedures"),
    Documentation.TRAINING: mark("Training materials"),
}
KINDS = {
    LessonKind.WENT_WELL: mark("went well"),
    LessonKind.COULD_BE_BETTER: mark("could be better"),
    LessonKind.PLAIN: mark("a lesson"),
}


def review_line(words: Words, roster: Roster, event: ReviewEvent, now: datetime) -> Piece:  # noqa: C901, PLR0911, PLR0912 - one flat table of the events
    """One event in words, with who did it and without its time."""
    who = naming.actor(words, roster, event.by)
    match event:
        case ReviewScheduled():
            return words("the review is due by {time}", time=clock(words, event.due, now))
        case ReviewReminded():
            return words("the review due by {time} was asked for", time=clock(words, event.due, now))
        case ReviewOverdue():
            return words("the review due by {time} is overdue", time=clock(words, event.due, now))
        case ReviewClosed():
            return joined((words("{who} closed the review", who=who), text(event.reason, TEXT_LIMIT)), ": ")
        case FollowedUp():
            return words("the follow-up review was asked for")
        case LessonLearned(about=LessonKind.PLAIN):
            return words("{who} learned: {text}", who=who, text=text(event.text, TEXT_LIMIT))
        case LessonLearned():
            kind, said = words(KINDS[event.about]), text(event.text, TEXT_LIMIT)
            return words("{who} on what {kind}: {text}", who=who, kind=kind, text=said)
        case LessonSorted():
            return words("{who} sorted lesson {n}: {kind}", who=who, n=event.lesson, kind=words(KINDS[event.about]))
        case ActionItemCreated():
            return words(
                "{who} asked {owner} to: {text} (by {day})",
                who=who,
                owner=naming.person(roster, event.owner),
                text=text(event.text, TEXT_LIMIT),
                day=day(words, event.due, now.date()),
            )
        case ActionItemReminded():
            return words("action item {n} was asked for", n=event.item)
        case ActionItemSettled(done=True):
            return words("{who} settled action item {n}", who=who, n=event.item)
        case ActionItemSettled():
            return words("{who} opened action item {n} again", who=who, n=event.item)
        case DocumentationTicked(done=True):
            return words("{who} brought up to date: {part}", who=who, part=words(PARTS[event.part]))
        case DocumentationTicked():
            return words("{who} took back that it is up to date: {part}", who=who, part=words(PARTS[event.part]))
