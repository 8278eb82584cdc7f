"""A runbook over an incident: its steps to tick, who did them, and the full text."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.incident import Incident
from bot.domain.looking import Tick
from bot.domain.plan import Runbook
from bot.domain.roster import Roster
from bot.domain.rules import Rules
from bot.views import action_presses, lookup_presses, naming
from bot.views.html import BLANK, Line, Piece, bold, italic, joined, link, message, text
from bot.views.keyboard import Row, Rows, pressing
from bot.views.plan_words import of_plan
from bot.views.rendered import Button, Rendered
from bot.views.times import clock
from bot.views.translations import Words

STEP_LIMIT = 300
STEPS_SHOWN = 20
IN_A_ROW = 5
"""Numbers are narrow: five fit the width of a phone."""
ADDRESSES_SHOWN = 3
LABEL_LIMIT = 30


@dataclass(frozen=True, slots=True)
class RunbookView:
    """The runbook at `shown` among those that `fit` (indices in the plan).

    `log_actions` are those of its actions that read logs, `actions` all others: title to index.
    """

    rules: Rules
    incident: Incident
    shown: int | None
    fit: tuple[int, ...]
    addresses: dict[str, str]
    now: datetime
    words: Words
    log_actions: dict[str, int]
    actions: dict[str, int]


def runbook(view: RunbookView) -> Rendered:
    """Steps with their ticks, the links, and a button a step; without a runbook it is said."""
    words, incident = view.words, view.incident
    if view.shown is None:
        if not view.addresses:
            return Rendered(message([Line(words("No runbook fits {incident}.", incident=incident.id))]))
        head = joined((words("📖 Runbook"), text(incident.id)))
        return Rendered(message([Line(bold(head)), *_links(view, None)]))
    book = view.rules.plan.runbooks[view.shown]
    done = {step: tick for (title, step), tick in incident.looked.steps_ticked.items() if title == book.title}
    head = joined((text(f"📖 {of_plan(view.words, book.title).plain}"), text(incident.id)))
    steps = [_step(view, index, text_, done.get(index)) for index, text_ in enumerate(book.steps[:STEPS_SHOWN])]
    return Rendered(
        message([Line(bold(head)), Line(_progress(words, book, len(done))), BLANK, *steps, BLANK, *_links(view, book)]),
        _buttons(view, book, frozenset(done)),
    )


def _progress(words: Words, book: Runbook, done: int) -> Piece:
    if not book.steps:
        return Piece()
    if done >= len(book.steps):
        return words("Every step is done")
    return words("{done} of {all} steps done, tap a number to tick it", done=done, all=len(book.steps))


def _step(view: RunbookView, index: int, step: str, tick: Tick | None) -> Line:
    roster: Roster = view.rules.roster
    sign = "✅" if tick else "⬜"
    said = text(f"{sign} {index + 1}. {of_plan(view.words, step).plain}", STEP_LIMIT)
    if tick is None:
        return Line(said, 1)
    who, when = naming.actor(view.words, roster, tick.by), clock(view.words, tick.at, view.now, zone=False)
    return Line(joined((said, italic(joined((who, when), " "))), " · "), 1)


def _links(view: RunbookView, book: Runbook | None) -> list[Line]:
    words = view.words
    own = [link(words("The full text"), book.url)] if book is not None and book.url else []
    named = [
        link(words("Runbook of {alert}", alert=text(alert, LABEL_LIMIT)), address)
        for address, alert in list(view.addresses.items())[:ADDRESSES_SHOWN]
        if book is None or address != book.url
    ]
    return [Line(piece, 2) for piece in (*own, *named)]


def _buttons(view: RunbookView, book: Runbook, done: frozenset[int]) -> Rows:
    if not view.incident.is_open or view.shown is None:
        return ()
    ticks = [
        pressing(
            f"{'✅' if index in done else '⬜'} {index + 1}",
            lookup_presses.TickStep(view.incident.id, view.shown, index, int(index not in done)),
        )
        for index in range(len(book.steps[:STEPS_SHOWN]))
    ]
    logs = [
        pressing(
            f"📜 {of_plan(view.words, title, LABEL_LIMIT).plain}", lookup_presses.ShowLogs(view.incident.id, index)
        )
        for title, index in view.log_actions.items()
    ]
    actions = [
        pressing(
            f"▶️ {of_plan(view.words, title, LABEL_LIMIT).plain}", action_presses.AskAction(view.incident.id, index)
        )
        for title, index in view.actions.items()
    ]
    return (*_in_rows(ticks, IN_A_ROW), *_in_rows([*logs, *actions], 2), *_in_rows(_others(view), 1))


def _others(view: RunbookView) -> Row:
    return tuple(
        pressing(
            f"📖 {of_plan(view.words, view.rules.plan.runbooks[index].title, LABEL_LIMIT).plain}",
            lookup_presses.ShowRunbook(view.incident.id, index),
        )
        for index in view.fit
        if index != view.shown
    )


def _in_rows(buttons: Sequence[Button], width: int) -> Rows:
    every = tuple(buttons)
    return tuple(every[start : start + width] for start in range(0, len(every), width))
