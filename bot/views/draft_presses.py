"""Presses under a draft for the outside. A draft is its number."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ApproveDraft:
    """Yes to a draft, by its number; `seen` is how often it had been changed when it was shown."""

    incident: str
    draft: int
    seen: int


@dataclass(frozen=True, slots=True)
class DiscardDraft:
    """No to a draft."""

    incident: str
    draft: int


@dataclass(frozen=True, slots=True)
class DraftSent:
    """An approved text was sent by hand."""

    incident: str
    draft: int


OfDraft = ApproveDraft | DiscardDraft | DraftSent
"""Presses under a draft for the outside."""
