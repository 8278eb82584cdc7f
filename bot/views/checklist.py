"""A checklist as a message: what is done, by whom and when, what shows it, and a button for each line to tick."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.checklist import CheckedLine, Phase, checklist, items_of, phase_of
from bot.domain.incident import Incident, Status
from bot.domain.rules import Rules
from bot.views import naming
from bot.views.checklist_presses import ShowChecklist, TickItem
from bot.views.html import BLANK, Line, Piece, bold, italic, joined, message, text
from bot.views.keyboard import Row, Rows, pressing
from bot.views.plan_words import of_plan
from bot.views.rendered import Rendered
from bot.views.times import clock
from bot.views.translations import Words, mark

ITEM_LIMIT, EVIDENCE_LIMIT, LABEL_LIMIT = 200, 160, 36
LINES_SHOWN = 30
_NAMES = {Phase.DURING: mark("During the incident"), Phase.AFTER: mark("After the incident")}


@dataclass(frozen=True, slots=True)
class ChecklistView:
    """One of the two checklists of an incident."""

    rules: Rules
    incident: Incident
    phase: Phase
    now: datetime
    words: Words


def checklist_message(view: ChecklistView) -> Rendered:
    """The lines with their ticks; those that nothing has ticked yet have a button."""
    words, lines = view.words, checklist(view.rules, view.incident, view.phase)
    if not lines:
        return Rendered(message([Line(words("The plan has no checklist for this."))]), _others(view))
    done = sum(line.tick is not None for line in lines)
    counted = words("{done} of {all}", done=done, all=len(lines))
    head = joined((text(f"☑️ {view.incident.id}"), words(_NAMES[view.phase]), counted))
    how = italic(words("Reply with a number and a text to say what shows it, like: 2 see the chart"))
    shown = [piece for line in lines[:LINES_SHOWN] for piece in _line(view, line)]
    return Rendered(message([Line(bold(head)), *shown, BLANK, Line(how, 3)]), _buttons(view, lines))


def on_card(words: Words, rules: Rules, incident: Incident) -> Piece:
    """`checklist 5 of 8`: that of the present phase; nothing before somebody has it, and where the plan has none."""
    if incident.status in {Status.UNANSWERED, Status.MERGED}:
        return Piece()
    lines = checklist(rules, incident, phase_of(incident))
    if not lines:
        return Piece()
    return words("checklist {done} of {all}", done=sum(line.tick is not None for line in lines), all=len(lines))


def _line(view: ChecklistView, line: CheckedLine) -> list[Line]:
    words, roster = view.words, view.rules.roster
    sign = "⬜" if line.tick is None else "✅"
    said = text(f"{sign} {line.number}. {of_plan(words, line.item.text).plain}", ITEM_LIMIT)
    if line.tick is not None:
        who = naming.actor(words, roster, line.tick.by)
        said = joined((said, italic(joined((who, clock(words, line.tick.at, view.now, zone=False)), " "))))
    shown = [Line(said, 1)]
    for evidence in line.evidence[-1:]:
        who = naming.actor(words, roster, evidence.by)
        more = words("{n} more", n=len(line.evidence) - 1) if len(line.evidence) > 1 else Piece()
        proof = joined((text(f"📎 {text(evidence.text, EVIDENCE_LIMIT).plain}"), italic(who), more))
        shown.append(Line(proof, 2))
    return shown


def _buttons(view: ChecklistView, lines: tuple[CheckedLine, ...]) -> Rows:
    if view.incident.status is Status.MERGED:
        return ()
    before = len(items_of(view.rules.plan, Phase.DURING)) if view.phase is Phase.AFTER else 0
    ticks: Rows = tuple(
        (
            pressing(
                _label(view, line),
                TickItem(view.incident.id, before + line.number - 1, int(line.tick is None)),
            ),
        )
        for line in lines[:LINES_SHOWN]
        if not line.by_event
    )
    return (*ticks, *_others(view))


def _label(view: ChecklistView, line: CheckedLine) -> str:
    sign = "⬜" if line.tick is None else "✅"
    return text(f"{sign} {line.number}. {of_plan(view.words, line.item.text).plain}", LABEL_LIMIT).plain


def _others(view: ChecklistView) -> tuple[Row, ...]:
    other = Phase.AFTER if view.phase is Phase.DURING else Phase.DURING
    if not items_of(view.rules.plan, other):
        return ()
    label = f"☑️ {view.words(_NAMES[other]).plain}"
    return ((pressing(label, ShowChecklist(view.incident.id, int(other is Phase.AFTER))),),)
