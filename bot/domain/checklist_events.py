"""Events of the checklists: a line ticked by a person, and what shows that it was done."""

from typing import Literal

from bot.domain.chat_event import ChatEvent


class ChecklistTicked(ChatEvent):
    """A person says that a line of a checklist is done, or is to be done after all. `text` is how the line reads."""

    kind: Literal["checklist_ticked"] = "checklist_ticked"
    item: str
    text: str
    done: bool = True


class EvidenceAdded(ChatEvent):
    """What shows that a line of a checklist was done. `text` is how the line reads."""

    kind: Literal["evidence_added"] = "evidence_added"
    item: str
    text: str
    evidence: str
