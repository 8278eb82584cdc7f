"""Events of the post-incident review: when it is due, what was learned, what is to be done, and how it was closed.

A lesson and an action item are known by their number within the incident, counted from 1.
"""

from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime

from bot.domain.chat_event import ChatEvent


class LessonKind(StrEnum):
    """What a lesson is about (written plan, Phase 5, "Lessons Learned")."""

    PLAIN = "plain"
    """Neither was said."""
    WENT_WELL = "went_well"
    COULD_BE_BETTER = "could_be_better"


class Documentation(StrEnum):
    """What is brought up to date after an incident (written plan, Phase 5, "Documentation" and "Follow-up")."""

    RUNBOOKS = "runbooks"
    MONITORING = "monitoring"
    THRESHOLDS = "thresholds"
    """Of the alerts."""
    PROCEDURES = "procedures"
    TRAINING = "training"
    """Training materials."""


DOCUMENTATION = (
    Documentation.RUNBOOKS,
    Documentation.MONITORING,
    Documentation.THRESHOLDS,
    Documentation.PROCEDURES,
)
"""The parts under "Documentation" of the written plan, Phase 5; training materials belong to its "Follow-up"."""


class ReviewScheduled(ChatEvent):
    """The review is due at `due`; what is still open then is looked at once more at `follow_up`."""

    kind: Literal["review_scheduled"] = "review_scheduled"
    due: AwareDatetime
    follow_up: AwareDatetime


class ReviewReminded(ChatEvent):
    """The review due at `due` was asked for."""

    kind: Literal["review_reminded"] = "review_reminded"
    due: AwareDatetime


class ReviewOverdue(ChatEvent):
    """The review due at `due` is not closed. `role` is the authority that is told beside those who owe it."""

    kind: Literal["review_overdue"] = "review_overdue"
    due: AwareDatetime
    role: str | None = None


class ReviewClosed(ChatEvent):
    """The review is done; with a `reason` where something was left open."""

    kind: Literal["review_closed"] = "review_closed"
    reason: str = ""


class FollowedUp(ChatEvent):
    """The day of the follow-up review came: the open action items were listed."""

    kind: Literal["followed_up"] = "followed_up"


class LessonLearned(ChatEvent):
    """Somebody said what was learned."""

    kind: Literal["lesson_learned"] = "lesson_learned"
    lesson: int
    text: str
    about: LessonKind = LessonKind.PLAIN


class LessonSorted(ChatEvent):
    """Somebody said what a lesson is about."""

    kind: Literal["lesson_sorted"] = "lesson_sorted"
    lesson: int
    about: LessonKind


class ActionItemCreated(ChatEvent):
    """Somebody is to do something by the end of a day, in the owner's time zone."""

    kind: Literal["action_item_created"] = "action_item_created"
    item: int
    text: str
    owner: str
    due: date


class ActionItemReminded(ChatEvent):
    """The owner of an open action item was reminded of it."""

    kind: Literal["action_item_reminded"] = "action_item_reminded"
    item: int


class ActionItemSettled(ChatEvent):
    """An action item is done; or it is to be done after all."""

    kind: Literal["action_item_settled"] = "action_item_settled"
    item: int
    done: bool = True


class DocumentationTicked(ChatEvent):
    """A part of the documentation was brought up to date; or it is to be looked at after all."""

    kind: Literal["documentation_ticked"] = "documentation_ticked"
    part: Documentation
    done: bool = True
