"""What happened to the checklists and about the resolution, one line an event."""

from bot.domain.checklist_events import ChecklistTicked, EvidenceAdded
from bot.domain.resolving_events import CauseFound, FixDescribed
from bot.domain.roster import Roster
from bot.views import naming
from bot.views.html import Piece, text
from bot.views.translations import Words

TEXT_LIMIT, ITEM_LIMIT = 200, 120
Told = ChecklistTicked | EvidenceAdded | CauseFound | FixDescribed
"""The events that are said here."""


def checklist_line(words: Words, roster: Roster, event: Told) -> Piece:
    """One event in words, with who did it and without its time."""
    who = naming.actor(words, roster, event.by)
    match event:
        case ChecklistTicked(done=True):
            return words("{who} ticked: {item}", who=who, item=text(event.text, ITEM_LIMIT))
        case ChecklistTicked():
            return words("{who} took the tick back: {item}", who=who, item=text(event.text, ITEM_LIMIT))
        case EvidenceAdded():
            item, evidence = text(event.text, ITEM_LIMIT), text(event.evidence, TEXT_LIMIT)
            return words("{who} on {item}: {evidence}", who=who, item=item, evidence=evidence)
        case CauseFound():
            return words("{who} on the root cause: {text}", who=who, text=text(event.text, TEXT_LIMIT))
        case FixDescribed():
            return words("{who} on the fix: {text}", who=who, text=text(event.text, TEXT_LIMIT))
