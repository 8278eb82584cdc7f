"""The checklists during and after an incident: which lines are done, by whom and when (written plan, "Checklist").

A line whose event has happened is ticked by that event; any other is ticked by a person.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.actors import Responder, System
from bot.domain.assessment_events import IMPACT
from bot.domain.checked import Evidence
from bot.domain.incident import Incident, Status
from bot.domain.log_lines import log_actions
from bot.domain.looking import Tick
from bot.domain.plan import ChecklistItem, Plan, TickedBy
from bot.domain.review_events import DOCUMENTATION
from bot.domain.rules import Rules


class Phase(StrEnum):
    """The two checklists."""

    DURING = "during"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class CheckedLine:
    """A line of a checklist, counted from 1, and how it stands. `by_event`: no person can take its tick back."""

    number: int
    item: ChecklistItem
    tick: Tick | None
    by_event: bool
    evidence: tuple[Evidence, ...]


def items_of(plan: Plan, phase: Phase) -> tuple[ChecklistItem, ...]:
    """The lines of one of the two checklists."""
    return plan.checklists.during if phase is Phase.DURING else plan.checklists.after


def phase_of(incident: Incident) -> Phase:
    """The checklist that matters now."""
    return Phase.DURING if incident.is_open else Phase.AFTER


def checklist(rules: Rules, incident: Incident, phase: Phase) -> tuple[CheckedLine, ...]:
    """How the lines of a checklist stand, in the plan's order."""
    return tuple(
        _line(rules, incident, number, item) for number, item in enumerate(items_of(rules.plan, phase), start=1)
    )


def open_items(rules: Rules, incident: Incident, phase: Phase | None = None) -> tuple[ChecklistItem, ...]:
    """The lines that nobody and nothing has ticked, of one checklist or of both."""
    phases = tuple(Phase) if phase is None else (phase,)
    return tuple(line.item for each in phases for line in checklist(rules, incident, each) if line.tick is None)


def ticked_by_event(rules: Rules, incident: Incident, item: ChecklistItem) -> Tick | None:
    """Who did what ticks a line by itself, and when; None where it has not happened."""
    return None if item.ticked_by is None else _TICKED[item.ticked_by](rules, incident)


def _line(rules: Rules, incident: Incident, number: int, item: ChecklistItem) -> CheckedLine:
    by_event = ticked_by_event(rules, incident, item)
    tick = by_event or incident.checked.by_hand.get(item.id)
    return CheckedLine(number, item, tick, by_event is not None, incident.checked.evidence.get(item.id, ()))


def _acknowledged(_rules: Rules, incident: Incident) -> Tick | None:
    if incident.holder is None or incident.acknowledged_at is None:
        return None
    return Tick(Responder(person=incident.holder), incident.acknowledged_at)


def _classified(_rules: Rules, incident: Incident) -> Tick:
    return Tick(incident.severity_by, incident.severity_since)


def _ticket(_rules: Rules, incident: Incident) -> Tick:
    return Tick(incident.declared_by, incident.declared_at)


def _gathered(_rules: Rules, incident: Incident) -> Tick | None:
    return incident.checked.gathered


def _impact(_rules: Rules, incident: Incident) -> Tick | None:
    """In a person's words, or once every question about the impact has an answer; whichever came first."""
    said = [incident.checked.impact] if incident.checked.impact is not None else []
    if incident.assessment.impact_known:
        last = max((incident.assessment.findings[aspect] for aspect in IMPACT), key=lambda finding: finding.at)
        said.append(Tick(last.by, last.at))
    return min(said, key=lambda tick: tick.at, default=None)


def _mitigation(rules: Rules, incident: Incident) -> Tick | None:
    """An action that ended well, or a step of a runbook; to read a log or to test mends nothing."""
    looking = {*log_actions(rules.plan), rules.plan.verification.action}
    runs = [
        Tick(run.by, run.ended.at)
        for run in incident.acting.runs
        if run.ok and run.ended is not None and run.action not in looking
    ]
    return min((*runs, *incident.looked.steps_ticked.values()), key=lambda tick: tick.at, default=None)


def _stakeholders(rules: Rules, incident: Incident) -> Tick | None:
    """Nabat tells their chat of each turn of a severity that owes updates; else the first update does."""
    if incident.drill or rules.roster.chats.stakeholders is None:
        return _update(rules, incident)
    told = [since for name, since in incident.checked.severities.items() if rules.owes_updates(name)]
    return Tick(System(), min(told)) if told else _update(rules, incident)


def _update(_rules: Rules, incident: Incident) -> Tick | None:
    posted = incident.last_update
    return Tick(posted.by, posted.at) if posted is not None else None


def _resolved(_rules: Rules, incident: Incident) -> Tick | None:
    if incident.status is not Status.RESOLVED or incident.resolved_at is None or incident.resolved_by is None:
        return None
    return Tick(incident.resolved_by, incident.resolved_at)


def _cause(_rules: Rules, incident: Incident) -> Tick | None:
    cause = incident.resolution.cause
    return Tick(cause.by, cause.at) if cause is not None else None


def _fix(_rules: Rules, incident: Incident) -> Tick | None:
    fix = incident.resolution.fix
    return Tick(fix.by, fix.at) if fix is not None else None


def _verified(_rules: Rules, incident: Incident) -> Tick | None:
    return incident.resolution.verified


def _review(_rules: Rules, incident: Incident) -> Tick | None:
    if incident.review.due is None or incident.resolved_at is None:
        return None
    return Tick(System(), incident.resolved_at)


def _documentation(_rules: Rules, incident: Incident) -> Tick | None:
    """Each of the parts is up to date: the last of them ticks it."""
    documented = incident.review.documented
    if not all(part in documented for part in DOCUMENTATION):
        return None
    last = max((documented[part] for part in DOCUMENTATION), key=lambda settled: settled.at)
    return Tick(last.by, last.at)


def _actions(_rules: Rules, incident: Incident) -> Tick | None:
    first = next(iter(incident.review.items), None)
    return Tick(first.by, first.at) if first is not None else None


_TICKED: dict[TickedBy, Callable[[Rules, Incident], Tick | None]] = {
    TickedBy.ACKNOWLEDGED: _acknowledged,
    TickedBy.CLASSIFIED: _classified,
    TickedBy.TICKET_CREATED: _ticket,
    TickedBy.INFORMATION_GATHERED: _gathered,
    TickedBy.IMPACT_ASSESSED: _impact,
    TickedBy.MITIGATION_TAKEN: _mitigation,
    TickedBy.STAKEHOLDERS_NOTIFIED: _stakeholders,
    TickedBy.UPDATE_POSTED: _update,
    TickedBy.RESOLVED: _resolved,
    TickedBy.CAUSE_FOUND: _cause,
    TickedBy.FIX_DESCRIBED: _fix,
    TickedBy.VERIFIED: _verified,
    TickedBy.REVIEW_SCHEDULED: _review,
    TickedBy.DOCUMENTATION_UPDATED: _documentation,
    TickedBy.ACTIONS_CREATED: _actions,
}
