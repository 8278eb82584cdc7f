"""What can be asked of the drafts for the outside."""

from dataclasses import dataclass

from bot.domain.actors import Actor


@dataclass(frozen=True, slots=True)
class AskDraft:
    """A draft for an audience, or for all that the severity lists; with a text of one's own, or from the template."""

    by: Actor
    audience: str | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class EditDraft:
    """This text in place of the draft's."""

    by: Actor
    draft: int
    text: str


@dataclass(frozen=True, slots=True)
class ApproveDraft:
    """This text may go out. `seen` is how often it had been changed when the approving person saw it."""

    by: Actor
    draft: int
    seen: int


@dataclass(frozen=True, slots=True)
class DiscardDraft:
    """Say nothing."""

    by: Actor
    draft: int


@dataclass(frozen=True, slots=True)
class MarkDraftSent:
    """An approved text was sent by hand."""

    by: Actor
    draft: int


DraftCommand = AskDraft | EditDraft | ApproveDraft | DiscardDraft | MarkDraftSent
"""Of what the outside is told."""
