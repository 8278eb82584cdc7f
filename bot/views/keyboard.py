"""The buttons of a card. A button that would be refused in the present state is not shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from bot.domain.incident import Incident, Status
from bot.domain.rules import Rules
from bot.domain.rulings.escalating import next_role
from bot.views import action_presses, incident_presses
from bot.views.callbacks import Press, data_of
from bot.views.checklist_presses import AskForResolution, ResolutionQuestion
from bot.views.html import Piece, joined, text
from bot.views.incident_presses import OpenPanel, Panel
from bot.views.plan_words import of_plan
from bot.views.rendered import Button, Style
from bot.views.review_presses import AskForReview, ReviewQuestion
from bot.views.translations import Words

Row = tuple[Button, ...]
Rows = tuple[Row, ...]

ROLE_LABEL_LIMIT = 40


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What this installation can show for the incident at hand beside its card."""

    charts: bool = False
    gather: bool = False
    checklist: bool = False
    runbook: bool = False
    rollback: bool = False


def pressing(label: str, press: Press, style: Style | None = None) -> Button:
    """A button that sends a press."""
    return Button(label, data=data_of(press), style=style)


def signed(sign: str, label: Piece) -> str:
    """A button's label with the sign that tells it from the others at a glance."""
    return f"{sign} {label.plain}"


def main_rows(words: Words, rules: Rules, incident: Incident, capabilities: Capabilities, now: datetime) -> Rows:
    """The buttons of a card that nobody is choosing on: what is wanted most comes first."""
    if not incident.is_open:
        return _closed(words, incident, capabilities)
    ack = _ack(words, incident)
    escalate = _escalate(words, rules, incident, now)
    change = pressing(signed("🎚", words("Severity")), incident_presses.AskSeverity(incident.id))
    update = pressing(signed("📝", words("Update")), incident_presses.AskUpdate(incident.id))
    answered = incident.status is not Status.UNANSWERED
    # The end stands out only where somebody has it or every alert is over: before that it is no likely wish.
    likely = answered or incident.all_alerts_resolved
    resolve = pressing(
        signed("🏁", words("Resolve")), incident_presses.Resolve(incident.id), Style.SUCCESS if likely else None
    )
    panels = _panels(words, incident, capabilities)
    if incident.status is Status.VERIFYING:
        return _rows(_watching(words, incident), (*ack, update, *panels), (*escalate, change))
    if incident.all_alerts_resolved:
        return _rows((resolve, *ack, update), (*escalate, change, *panels))
    if not answered:
        return (*_rows((*ack, *escalate)), *_evenly((change, *panels, update, resolve)))
    return _rows((*ack, update, *panels), (*escalate, change, resolve))


def severity_rows(words: Words, rules: Rules, incident: Incident) -> Rows:
    """Every severity but the present one, the worst first."""
    seen = rules.plan.rank(incident.severity)
    choices = [
        pressing(
            joined((text(name), of_plan(words, severity.title, ROLE_LABEL_LIMIT)), " ").plain,
            incident_presses.ChooseSeverity(incident.id, index, seen),
            Style.DANGER if index < seen else None,
        )
        for index, (name, severity) in enumerate(rules.plan.severities.items())
        if index != seen
    ]
    return (*_in_pairs(choices), (cancel_button(words, incident),))


def confirm_severity_rows(words: Words, rules: Rules, incident: Incident, to: str) -> Rows:
    """Confirm and Cancel for a milder severity; the press carries what the presser saw."""
    press = incident_presses.ConfirmSeverity(incident.id, rules.plan.rank(to), rules.plan.rank(incident.severity))
    return ((pressing(signed("✔️", words("Confirm")), press, Style.DANGER), cancel_button(words, incident)),)


def confirm_action_rows(words: Words, rules: Rules, incident: Incident, action: str) -> Rows:
    """Confirm and Cancel for an action; the press carries how many runs there were, so that it starts one only."""
    press = action_presses.RunAction(incident.id, list(rules.plan.actions).index(action), len(incident.acting.runs))
    return ((pressing(signed("✔️", words("Confirm")), press, Style.DANGER), cancel_button(words, incident)),)


def ack_button(words: Words, incident: Incident) -> Button:
    """I have it."""
    return pressing(signed("✅", words("Ack")), incident_presses.Ack(incident.id), Style.PRIMARY)


def _watching(words: Words, incident: Incident) -> Row:
    """While a fix is watched: not to wait for it, or to say that it does not hold."""
    now = AskForResolution(incident.id, ResolutionQuestion.NOW)
    back = pressing(signed("↩️", words("Not over yet")), incident_presses.Reopen(incident.id))
    return (pressing(signed("⏭", words("Resolve now")), now), back)


def _ack(words: Words, incident: Incident) -> Row:
    # In hand it is offered only while a call for more authority waits: those called may take it over.
    wanted = incident.status is Status.UNANSWERED or incident.escalation is not None
    return (ack_button(words, incident),) if wanted else ()


def _escalate(words: Words, rules: Rules, incident: Incident, now: datetime) -> Row:
    if next_role(rules, incident, now) is None:
        return ()
    return (pressing(signed("⬆️", words("Escalate")), incident_presses.EscalateTo(incident.id, None)),)


def _panels(words: Words, incident: Incident, capabilities: Capabilities) -> Row:
    in_hand = incident.status is Status.IN_HAND
    offered = (
        (capabilities.charts, signed("📈", words("Charts")), Panel.CHARTS),
        (capabilities.gather, signed("🔎", words("Gather")), Panel.GATHER),
        (in_hand, signed("🧭", words("Assess")), Panel.ASSESS),
        (in_hand, signed("👥", words("Roles")), Panel.ROLES),
        (capabilities.checklist, signed("☑️", words("Checklist")), Panel.CHECKLIST),
        (capabilities.runbook, signed("📖", words("Runbook")), Panel.RUNBOOK),
        (capabilities.rollback and not incident.acting.running, signed("⏪", words("Rollback")), Panel.ROLLBACK),
    )
    return tuple(pressing(label, OpenPanel(incident.id, panel)) for can, label, panel in offered if can)


def _closed(words: Words, incident: Incident, capabilities: Capabilities) -> Rows:
    if incident.status is Status.MERGED and incident.merged_into is not None:
        label = words("Open {incident}", incident=incident.merged_into).plain
        return ((pressing(label, incident_presses.OpenIncident(incident.merged_into)),),)
    review = pressing(signed("📄", words("Review")), OpenPanel(incident.id, Panel.REVIEW))
    lesson = pressing(signed("💡", words("Add lesson")), AskForReview(incident.id, ReviewQuestion.LESSON))
    action = pressing(signed("🔨", words("Add action")), AskForReview(incident.id, ReviewQuestion.ACTION))
    again = pressing(signed("↩️", words("Reopen")), incident_presses.Reopen(incident.id))
    if capabilities.checklist:
        checks = pressing(signed("☑️", words("Checklist")), OpenPanel(incident.id, Panel.CHECKLIST))
        return ((review, checks), (lesson, action), (again,))
    return ((review, lesson), (action, again))


def cancel_button(words: Words, incident: Incident) -> Button:
    """No, back to the plain card."""
    return pressing(signed("✖️", words("Cancel")), incident_presses.Cancel(incident.id))


_WIDEST = 3
"""Buttons in a row: on a phone a fourth leaves no room for its words."""


def _rows(*wanted: Row) -> Rows:
    return tuple(part for row in wanted for part in _evenly(row))


def _evenly(row: Row) -> Rows:
    """As few rows as it takes, none longer than the one above it by more than a button."""
    count = -(-len(row) // _WIDEST)
    ends = [-(-len(row) * number // count) for number in range(count + 1)] if count else []
    return tuple(row[start:end] for start, end in pairwise(ends))


def _in_pairs(buttons: Iterable[Button]) -> Rows:
    every = tuple(buttons)
    return tuple(every[start : start + 2] for start in range(0, len(every), 2))
