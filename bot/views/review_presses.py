"""What the buttons of a post-incident review carry; `bot.views.callbacks` reads and writes them."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.review_events import Documentation, LessonKind


class ReviewQuestion(StrEnum):
    """What somebody is asked for, to be written as an answer."""

    LESSON = "lesson"
    ACTION = "action"
    REASON = "reason"
    """Why the review is closed over what is left open."""


class DocumentForm(StrEnum):
    """A form of the post-incident document, by the end of its file's name."""

    MARKDOWN = "md"
    HTML = "html"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class AskForReview:
    """Ask me for a lesson, an action item, or a reason."""

    incident: str
    question: ReviewQuestion


@dataclass(frozen=True, slots=True)
class SortLesson:
    """A lesson is about this."""

    incident: str
    lesson: int
    about: LessonKind


@dataclass(frozen=True, slots=True)
class SettleItem:
    """An action item is done (1), or is not (0). `listed`: the button stands on the review, not on the item's own."""

    incident: str
    item: int
    done: int
    listed: int


@dataclass(frozen=True, slots=True)
class TickDocumentation:
    """A part of the documentation is up to date (1), or is not (0)."""

    incident: str
    part: Documentation
    done: int


@dataclass(frozen=True, slots=True)
class CloseReview:
    """The review is done."""

    incident: str


@dataclass(frozen=True, slots=True)
class ShowDocument:
    """Send me the post-incident document."""

    incident: str
    form: DocumentForm


ReviewPress = AskForReview | SortLesson | SettleItem | TickDocumentation | CloseReview | ShowDocument
