"""Where the post-incident review stands: what was learned, what is to be done and by whom, and whether it is closed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from types import MappingProxyType

from bot.domain.actors import Actor
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

ReviewEvent = (
    ReviewScheduled
    | ReviewReminded
    | ReviewOverdue
    | ReviewClosed
    | FollowedUp
    | LessonLearned
    | LessonSorted
    | ActionItemCreated
    | ActionItemReminded
    | ActionItemSettled
    | DocumentationTicked
)


@dataclass(frozen=True, slots=True)
class Lesson:
    """What was learned, who said so and when. `number` counts from 1."""

    number: int
    text: str
    about: LessonKind
    by: Actor
    at: datetime


@dataclass(frozen=True, slots=True)
class Settled:
    """Who said that something is done, and when."""

    by: Actor
    at: datetime


@dataclass(frozen=True, slots=True)
class ActionItem:
    """What somebody is to do. `owner` is a key of the roster; `due` is a day in the owner's time zone."""

    number: int
    text: str
    owner: str
    due: date
    by: Actor
    at: datetime
    reminded_at: datetime | None = None
    done: Settled | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """Where the review stands. Times are UTC.

    `due` and `follow_up` are None until it is scheduled; `overdue_at` is when it was last called overdue, and
    `overdue_calls` how often.
    """

    due: datetime | None = None
    follow_up: datetime | None = None
    reminded: bool = False
    overdue_at: datetime | None = None
    overdue_calls: int = 0
    closed: Settled | None = None
    left_open_because: str = ""
    followed_up: bool = False
    lessons: tuple[Lesson, ...] = ()
    items: tuple[ActionItem, ...] = ()
    documented: Mapping[Documentation, Settled] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def under_way(self) -> bool:
        """Whether somebody still has to hold it."""
        return self.due is not None and self.closed is None

    @property
    def open_items(self) -> tuple[ActionItem, ...]:
        """What is still to be done, in the order in which it was asked for."""
        return tuple(item for item in self.items if item.done is None)

    def lesson(self, number: int) -> Lesson | None:
        """The lesson of that number."""
        return next((lesson for lesson in self.lessons if lesson.number == number), None)

    def item(self, number: int) -> ActionItem | None:
        """The action item of that number."""
        return next((item for item in self.items if item.number == number), None)

    def about(self, kind: LessonKind) -> tuple[Lesson, ...]:
        """The lessons of a kind."""
        return tuple(lesson for lesson in self.lessons if lesson.about is kind)


def without_dates(review: Review) -> Review:
    """The review of an incident that is open again: what was learned stays, when it is due is planned anew."""
    return Review(lessons=review.lessons, items=review.items, documented=review.documented)


def after_review(review: Review, event: ReviewEvent) -> Review:  # noqa: PLR0911 - one flat table of the events
    """Where the review stands after one more event."""
    match event:
        case ReviewScheduled():
            return replace(review, due=event.due, follow_up=event.follow_up)
        case ReviewReminded():
            return replace(review, reminded=True)
        case ReviewOverdue():
            return replace(review, overdue_at=event.at, overdue_calls=review.overdue_calls + 1)
        case ReviewClosed():
            return replace(review, closed=Settled(event.by, event.at), left_open_because=event.reason)
        case FollowedUp():
            return replace(review, followed_up=True)
        case LessonLearned():
            lesson = Lesson(event.lesson, event.text, event.about, event.by, event.at)
            return replace(review, lessons=(*review.lessons, lesson))
        case LessonSorted():
            return replace(review, lessons=tuple(_sorted(lesson, event) for lesson in review.lessons))
        case ActionItemCreated():
            item = ActionItem(event.item, event.text, event.owner, event.due, event.by, event.at)
            return replace(review, items=(*review.items, item))
        case ActionItemReminded() | ActionItemSettled():
            return replace(review, items=tuple(_moved(item, event) for item in review.items))
        case _:
            return _documented(review, event)


def _sorted(lesson: Lesson, event: LessonSorted) -> Lesson:
    return replace(lesson, about=event.about) if lesson.number == event.lesson else lesson


def _moved(item: ActionItem, event: ActionItemReminded | ActionItemSettled) -> ActionItem:
    if item.number != event.item:
        return item
    if isinstance(event, ActionItemReminded):
        return replace(item, reminded_at=event.at)
    return replace(item, done=Settled(event.by, event.at) if event.done else None)


def _documented(review: Review, event: DocumentationTicked) -> Review:
    others = {part: settled for part, settled in review.documented.items() if part is not event.part}
    done = {event.part: Settled(event.by, event.at)} if event.done else {}
    return replace(review, documented=MappingProxyType({**others, **done}))
