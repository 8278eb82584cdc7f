"""What the outside was told, one line an event."""

from bot.domain.draft_events import (
    DraftApproved,
    DraftDiscarded,
    DraftEdited,
    DraftOffered,
    DraftRefused,
    DraftsAwaited,
    DraftSent,
)
from bot.domain.plan_communication import STATUS_PAGE
from bot.domain.roster import Roster
from bot.views import naming
from bot.views.drafts import audience
from bot.views.html import Piece, text
from bot.views.translations import Words, listed

TEXT_LIMIT = 200

DraftEvent = DraftOffered | DraftEdited | DraftApproved | DraftDiscarded | DraftRefused | DraftSent | DraftsAwaited


def draft_line(words: Words, roster: Roster, event: DraftEvent) -> Piece:  # noqa: PLR0911 - one flat table of the events
    """One event in words, with who did it and without its time."""
    who = naming.actor(words, roster, event.by)
    match event:
        case DraftOffered():
            return words("draft for {audience} waits for approval", audience=audience(words, event.audience))
        case DraftEdited():
            return words("{who} changed a draft: {text}", who=who, text=text(event.text, TEXT_LIMIT))
        case DraftApproved(audience=name) if name == STATUS_PAGE:
            return words("{who} published on the status page: {text}", who=who, text=text(event.text, TEXT_LIMIT))
        case DraftApproved():
            to = audience(words, event.audience)
            return words(
                "{who} approved for {audience}: {text}", who=who, audience=to, text=text(event.text, TEXT_LIMIT)
            )
        case DraftDiscarded():
            return words("{who} discarded the draft for {audience}", who=who, audience=audience(words, event.audience))
        case DraftsAwaited():
            about = listed(audience(words, name) for name in event.audiences)
            if not event.people:
                role = naming.role(words, event.role)
                return words(
                    "drafts ({audiences}) wait, and there is nobody to ask: {role}", audiences=about, role=role
                )
            asked = naming.people(words, roster, event.people)
            return words("drafts ({audiences}) still wait for approval, asked: {who}", audiences=about, who=asked)
        case DraftRefused():
            return words("{who} tried to decide on a draft, refused", who=who)
        case DraftSent():
            return words("{who} sent it to {audience}", who=who, audience=audience(words, event.audience))
