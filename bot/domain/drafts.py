"""Where the drafts for the outside stand in one incident."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.domain.acting import presser
from bot.domain.actors import Actor, Responder
from bot.domain.draft_events import (
    DraftApproved,
    DraftDiscarded,
    DraftEdited,
    DraftOffered,
    DraftRefused,
    DraftsAwaited,
    DraftSent,
)
from bot.domain.events import Absorbed, Event, ImpactDescribed, MergedInto, Reopened, Resolved
from bot.domain.plan_communication import Moment


@dataclass(frozen=True, slots=True)
class Draft:
    """A text for an audience. `number` is that of the event that offered it; `edits` how often it was changed.

    It waits while `ended` is None and it was not `overtaken` by a newer draft or by a turn of the incident.
    `proactive`: its audience heard of every issue when it was offered, whatever the severity. `asked` is how often
    somebody was asked to decide on it, and `asked_at` when last. Times are UTC.
    """

    number: int
    audience: str
    moment: Moment
    text: str
    by: Actor
    offered_at: datetime
    edits: int = 0
    edited_by: Actor | None = None
    ended: DraftApproved | DraftDiscarded | None = None
    overtaken: bool = False
    sent: DraftSent | None = None
    proactive: bool = False
    asked: int = 0
    asked_at: datetime | None = None

    @property
    def waits(self) -> bool:
        """Whether nobody has decided on it, and it still fits."""
        return self.ended is None and not self.overtaken


@dataclass(frozen=True, slots=True)
class Drafts:
    """All drafts of an incident.

    `begun` are the audiences that a first draft was made for since it was declared or reopened. `told` are those that
    were told something, with the moment of the last; `refused` whose presses were refused and recorded. `impact` is
    what a person wrote about it.
    """

    all: tuple[Draft, ...] = ()
    begun: frozenset[str] = frozenset()
    told: dict[str, Moment] = field(default_factory=dict[str, Moment])
    refused: frozenset[str] = frozenset()
    impact: str = ""

    def draft(self, number: int) -> Draft | None:
        """The draft of that number."""
        return next((draft for draft in self.all if draft.number == number), None)


def after_draft(drafts: Drafts, event: Event, number: int) -> Drafts:  # noqa: C901, PLR0911 - one flat table of the events
    """Where the drafts stand after one more event, the `number`th of the log."""
    match event:
        case DraftOffered():
            offered = _offered(event, number)
            before = tuple(_overtaken(draft) if draft.audience == event.audience else draft for draft in drafts.all)
            return replace(drafts, all=(*before, offered), begun=drafts.begun | {event.audience})
        case DraftEdited():
            return _changed(drafts, event.draft, lambda draft: _edited(draft, event))
        case DraftsAwaited():
            return replace(drafts, all=tuple(_awaited(draft, event) for draft in drafts.all))
        case DraftApproved():
            told = {**drafts.told, event.audience: event.moment}
            return replace(_changed(drafts, event.draft, lambda draft: replace(draft, ended=event)), told=told)
        case DraftDiscarded():
            return _changed(drafts, event.draft, lambda draft: replace(draft, ended=event))
        case DraftSent():
            return _changed(drafts, event.draft, lambda draft: replace(draft, sent=event))
        case DraftRefused():
            return replace(drafts, refused=drafts.refused | {refusal(event.draft, event.by)})
        case Resolved() | MergedInto():
            return replace(drafts, all=tuple(map(_overtaken, drafts.all)))
        case Reopened():
            return replace(drafts, all=tuple(map(_overtaken, drafts.all)), begun=frozenset())
        case ImpactDescribed(by=Responder()):
            return replace(drafts, impact=event.text)
        case Absorbed():
            return replace(drafts, told={**event.told, **drafts.told})
        case _:
            return drafts


def refusal(number: int, by: Actor) -> str:
    """A press that was refused, so that a finger that keeps pressing fills no log."""
    return f"{number} {presser(by)}"


def _offered(event: DraftOffered, number: int) -> Draft:
    return Draft(number, event.audience, event.moment, event.text, event.by, event.at, proactive=event.proactive)


def _edited(draft: Draft, event: DraftEdited) -> Draft:
    return replace(draft, text=event.text, edited_by=event.by, edits=draft.edits + 1)


def _awaited(draft: Draft, event: DraftsAwaited) -> Draft:
    return replace(draft, asked=event.times, asked_at=event.at) if draft.number in event.drafts else draft


def _overtaken(draft: Draft) -> Draft:
    return replace(draft, overtaken=True) if draft.waits else draft


def _changed(drafts: Drafts, number: int, change: Callable[[Draft], Draft]) -> Drafts:
    changed = (change(draft) if draft.number == number else draft for draft in drafts.all)
    return replace(drafts, all=tuple(changed))
