"""What the checklists of an incident know that no other part of it keeps."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType

from bot.domain.actors import Actor
from bot.domain.checklist_events import ChecklistTicked, EvidenceAdded
from bot.domain.events import Declared, Event, ImpactDescribed, SeverityChanged
from bot.domain.looking import Tick
from bot.domain.looking_events import InformationGathered


@dataclass(frozen=True, slots=True)
class Evidence:
    """What shows that a line was done, who said so, and when."""

    text: str
    by: Actor
    at: datetime


@dataclass(frozen=True, slots=True)
class Checked:
    """Lines by their id in the plan: `by_hand` are those that people ticked, `evidence` what was said to them.

    `severities` are all that the incident ever had, each with the time since when first.
    """

    by_hand: Mapping[str, Tick] = field(default_factory=lambda: MappingProxyType({}))
    evidence: Mapping[str, tuple[Evidence, ...]] = field(default_factory=lambda: MappingProxyType({}))
    gathered: Tick | None = None
    impact: Tick | None = None
    severities: Mapping[str, datetime] = field(default_factory=lambda: MappingProxyType({}))


def after_checking(checked: Checked, event: Event) -> Checked:
    """What the checklists know after one more event."""
    match event:
        case ChecklistTicked():
            others = {item: tick for item, tick in checked.by_hand.items() if item != event.item}
            done = {event.item: Tick(event.by, event.at)} if event.done else {}
            return replace(checked, by_hand=MappingProxyType({**others, **done}))
        case EvidenceAdded():
            said = (*checked.evidence.get(event.item, ()), Evidence(event.evidence, event.by, event.at))
            return replace(checked, evidence=MappingProxyType({**checked.evidence, event.item: said}))
        case InformationGathered():
            return replace(checked, gathered=checked.gathered or Tick(event.by, event.at))
        case ImpactDescribed():
            return replace(checked, impact=checked.impact or Tick(event.by, event.at))
        case Declared() | SeverityChanged():
            known = {event.severity: event.at, **checked.severities}
            return replace(checked, severities=MappingProxyType(known))
        case _:
            return checked
