"""Events of what the outside is told: drafts, who changed and approved them, and what became of them.

A draft is known by the number of its `DraftOffered` within the incident's log. Nothing of it is public before
`DraftApproved`, whose text is the one that a person approved.
"""

from typing import Literal

from pydantic import AwareDatetime

from bot.domain.acting_events import WhyRefused
from bot.domain.chat_event import ChatEvent
from bot.domain.plan_communication import Moment


class DraftOffered(ChatEvent):
    """A text for an audience outside waits for approval. It takes the place of an earlier one that still waited.

    `proactive`: the phase of a beta launch was on, in which this audience hears of every issue.
    """

    kind: Literal["draft_offered"] = "draft_offered"
    audience: str
    moment: Moment
    text: str
    proactive: bool = False


class DraftEdited(ChatEvent):
    """Somebody wrote another text in its place."""

    kind: Literal["draft_edited"] = "draft_edited"
    draft: int
    text: str


class DraftsAwaited(ChatEvent):
    """Nobody decided on these drafts for a while, so `people` of `role` were asked, the `times`th time from 1.

    `since` is when the oldest of them was offered.
    """

    kind: Literal["drafts_awaited"] = "drafts_awaited"
    drafts: tuple[int, ...]
    audiences: tuple[str, ...]
    since: AwareDatetime
    role: str
    people: tuple[str, ...]
    times: int


class DraftApproved(ChatEvent):
    """Somebody with the authority approved this text for that audience."""

    kind: Literal["draft_approved"] = "draft_approved"
    draft: int
    audience: str
    moment: Moment
    text: str


class DraftDiscarded(ChatEvent):
    """Somebody with the authority decided to say nothing."""

    kind: Literal["draft_discarded"] = "draft_discarded"
    draft: int
    audience: str


class DraftRefused(ChatEvent):
    """Somebody pressed a button of a draft, and it did nothing. `role` is what it takes, where that is known."""

    kind: Literal["draft_refused"] = "draft_refused"
    draft: int
    why: WhyRefused
    role: str | None = None


class DraftSent(ChatEvent):
    """Somebody sent an approved text to its audience by hand."""

    kind: Literal["draft_sent"] = "draft_sent"
    draft: int
    audience: str
