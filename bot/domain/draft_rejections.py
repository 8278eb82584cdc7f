"""Why something was refused that was asked of drafts for the outside."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NoSuchDraft:
    """There is no draft of that number."""


@dataclass(frozen=True, slots=True)
class DraftOver:
    """Somebody decided on it, or a newer one took its place."""


@dataclass(frozen=True, slots=True)
class DraftChanged:
    """Its text is not the one that the approving person saw."""


@dataclass(frozen=True, slots=True)
class NothingToSend:
    """It was not approved, or it is sent already, or nobody sends it by hand."""


@dataclass(frozen=True, slots=True)
class UnknownAudience:
    """No severity of the plan names it."""

    audience: str
    allowed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DrillStaysInside:
    """Nobody outside hears of a drill."""


DraftRejection = NoSuchDraft | DraftOver | DraftChanged | NothingToSend | UnknownAudience | DrillStaysInside
"""Of drafts for the outside."""
