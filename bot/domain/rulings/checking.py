"""The checklists: what a person ticks, takes back, and shows to have been done."""

from datetime import datetime

from bot.domain.checklist import ticked_by_event
from bot.domain.checklist_commands import AddEvidence, ChecklistCommand, TickItem
from bot.domain.checklist_events import ChecklistTicked, EvidenceAdded
from bot.domain.events import Event
from bot.domain.incident import Incident, Status
from bot.domain.plan import ChecklistItem, Plan
from bot.domain.rejections import AlreadyClosed, NoSuchItem, NothingSaid, Rejection, TickedByItself, TooLong
from bot.domain.review_rejections import TooMany
from bot.domain.rules import Rules

EVIDENCE_LIMIT = 500
"""Characters of a piece of evidence: a figure, a link, a sentence."""
MOST = 10
"""Pieces of evidence to one line."""


def rule(rules: Rules, incident: Incident, command: ChecklistCommand, now: datetime) -> tuple[Event, ...] | Rejection:
    """What a command about the checklists leads to, at any time before and after the end."""
    item = _item(rules.plan, command.item)
    if incident.status is Status.MERGED:
        return AlreadyClosed(incident.merged_into)
    if item is None:
        return NoSuchItem()
    if isinstance(command, TickItem):
        return _tick(rules, incident, item, command, now)
    return _show(incident, item, command, now)


def _tick(
    rules: Rules, incident: Incident, item: ChecklistItem, command: TickItem, now: datetime
) -> tuple[Event, ...] | Rejection:
    """What it is already changes nothing; what an event ticked, no person takes back."""
    if ticked_by_event(rules, incident, item) is not None:
        return () if command.done else TickedByItself(item.text)
    if (item.id in incident.checked.by_hand) is command.done:
        return ()
    return (ChecklistTicked(at=now, by=command.by, item=item.id, text=item.text, done=command.done),)


def _show(
    incident: Incident, item: ChecklistItem, command: AddEvidence, now: datetime
) -> tuple[Event, ...] | Rejection:
    said = command.evidence.strip()
    if not said:
        return NothingSaid()
    if len(said) > EVIDENCE_LIMIT:
        return TooLong(EVIDENCE_LIMIT)
    if len(incident.checked.evidence.get(item.id, ())) >= MOST:
        return TooMany(MOST)
    return (EvidenceAdded(at=now, by=command.by, item=item.id, text=item.text, evidence=said),)


def _item(plan: Plan, key: str) -> ChecklistItem | None:
    every = (*plan.checklists.during, *plan.checklists.after)
    return next((item for item in every if item.id == key), None)
