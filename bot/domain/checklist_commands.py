"""What can be asked of an incident's checklists."""

from dataclasses import dataclass

from bot.domain.actors import Actor


@dataclass(frozen=True, slots=True)
class TickItem:
    """A line of a checklist is done, or is not, by its id in the plan."""

    by: Actor
    item: str
    done: bool = True


@dataclass(frozen=True, slots=True)
class AddEvidence:
    """What shows that a line of a checklist was done."""

    by: Actor
    item: str
    evidence: str


ChecklistCommand = TickItem | AddEvidence
