"""What can be asked of the post-incident review."""

from dataclasses import dataclass
from datetime import date

from bot.domain.actors import Actor
from bot.domain.review_events import Documentation, LessonKind


@dataclass(frozen=True, slots=True)
class LearnLesson:
    """This was learned."""

    by: Actor
    text: str
    about: LessonKind = LessonKind.PLAIN


@dataclass(frozen=True, slots=True)
class SortLesson:
    """That lesson is about what went well, or what could be better."""

    by: Actor
    lesson: int
    about: LessonKind


@dataclass(frozen=True, slots=True)
class CreateActionItem:
    """This person is to do that by the end of that day; where none is named, by a follow-up from now."""

    by: Actor
    text: str
    owner: str
    due: date | None = None


@dataclass(frozen=True, slots=True)
class SettleActionItem:
    """It is done; or it is not done after all."""

    by: Actor
    item: int
    done: bool = True


@dataclass(frozen=True, slots=True)
class TickDocumentation:
    """A part of the documentation is up to date; or it is not after all."""

    by: Actor
    part: Documentation
    done: bool = True


@dataclass(frozen=True, slots=True)
class CloseReview:
    """The review is done. Over what is left open it takes a reason."""

    by: Actor
    reason: str = ""


ReviewCommand = LearnLesson | SortLesson | CreateActionItem | SettleActionItem | TickDocumentation | CloseReview
