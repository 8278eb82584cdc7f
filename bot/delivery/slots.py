"""What a message of an incident is kept by, and so what an answer to it means."""

from bot.domain.chasing_events import UpdateEscalated
from bot.domain.draft_events import DraftOffered
from bot.domain.events import Event, UpdateOverdue, UpdateReminded

CARD_SLOT = "card"
"""The live card."""
PAGE_SLOT = "page:"
"""Followed by the person: the newest page that person has of the incident."""
UPDATE_SLOT = "update:"
"""A message to which the answer is a status update."""
SNOOZE_SLOT = "snooze:"
"""A question to which the answer is why the update was put off."""
IMPACT_SLOT = "impact:"
"""Followed by the chat: the newest panel of the assessment there; the answer to it describes the impact."""
DRAFT_SLOT = "draft:"
"""A draft for the outside, followed by its number; an answer to it is its new text."""
ROLES_SLOT = "roles:"
"""Followed by the chat: the newest panel of roles there."""
CHECKLIST_SLOT = "checks:"
"""Followed by the checklist: a message to which the answer is evidence for one of its lines."""
RESOLUTION_SLOT = "resolution:"
"""Followed by what is asked: a message to which the answer is the root cause, or the fix."""
REVIEW_SLOT = "review:"
"""Followed by what is asked: a message to which the answer is a lesson, an action item, or a reason."""
SAID_SLOT = "said:"
"""What was said about an incident because somebody asked; an answer to it is a note."""
THREAD_SLOT = "thread:"
"""Any other message about the incident; an answer to it is a note."""


def slot_of(event: Event, name: str) -> str:
    """Where the message about an event is kept; `name` tells it from others of its kind."""
    match event:
        case UpdateReminded() | UpdateOverdue() | UpdateEscalated():
            return UPDATE_SLOT + name
        case DraftOffered():
            return DRAFT_SLOT + name
        case _:
            return THREAD_SLOT + name
