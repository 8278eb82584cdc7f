"""Several incidents at once: the open ones, and the choice when a command could mean more than one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.incident import Incident, Status
from bot.domain.rules import Rules
from bot.domain.timers import deadlines
from bot.views import browsing_presses, damage
from bot.views.headline import drill, holder, severity, sign
from bot.views.html import Line, Piece, bold, joined, message, text
from bot.views.incident_presses import OpenIncident
from bot.views.keyboard import Rows, pressing, signed
from bot.views.rendered import Button, Rendered
from bot.views.times import clock, duration
from bot.views.translations import Words
from bot.views.verbs import Verb

PER_PAGE = 6
"""Two lines each: what fits a phone's screen."""
_BUTTONS_IN_A_ROW = 3
TITLE_LIMIT = 100
CHOICE_LIMIT = 48
CHOICES = 8


@dataclass(frozen=True, slots=True)
class Entry:
    """An incident with the plan it keeps."""

    rules: Rules
    incident: Incident


def worst_first(entries: Sequence[Entry]) -> list[Entry]:
    """By severity; of the same severity those that nobody has first, then the oldest."""
    return sorted(entries, key=lambda entry: (_rank(entry), _answered(entry), entry.incident.declared_at))


def open_incidents(
    words: Words, entries: Sequence[Entry], now: datetime, page: int = 0, only: str | None = None
) -> Rendered:
    """A page of the open incidents, worst first; `only` is the name of one severity."""
    wanted = [entry for entry in worst_first(entries) if only is None or entry.incident.severity == only]
    if not wanted:
        return Rendered(message([Line(_none(words, only))]))
    last = (len(wanted) - 1) // PER_PAGE
    page = min(page, last)
    shown = wanted[page * PER_PAGE : (page + 1) * PER_PAGE]
    count = words.plural("{n} incident is open", "{n} incidents are open", len(wanted))
    where = words("page {page} of {pages}", page=page + 1, pages=last + 1) if last else Piece()
    lines = [Line(bold(joined((severity(only) if only else Piece(), count, where))))]
    lines.extend(
        Line(piece, 1 + index) for index, entry in enumerate(shown) for piece in _entry(words, entry, now, only)
    )
    return Rendered(message(lines), (*_open_rows(shown), *_turning(words, shown[0].rules, page, last, only)))


def choose(words: Words, verb: Verb, entries: Sequence[Entry]) -> Rendered:
    """Which of the open incidents did the command mean? The worst ones as buttons."""
    offered = worst_first(entries)[:CHOICES]
    rows = tuple((_choice(words, entry, verb),) for entry in offered)
    rest = len(entries) - len(offered)
    more = words.plural("{n} more is open: name its id", "{n} more are open: name the id", rest) if rest else Piece()
    return Rendered(message([Line(words("Which incident does /{verb} mean?", verb=verb.value)), Line(more)]), rows)


def _entry(words: Words, entry: Entry, now: datetime, only: str | None) -> tuple[Piece, Piece]:
    """The severity is not said again where all have the one that the list is of."""
    incident = entry.incident
    age = duration(words, now - damage.began_at(incident))
    by = _answer_by(entry, now)
    standing = (holder(words, entry.rules, incident), age)
    if by is not None:
        standing = (words("answer by {time}", time=clock(words, by, now)),)
    rated = severity(incident.severity) if only is None else Piece()
    title = bold(joined((drill(words, incident), rated, text(incident.id))))
    name = joined((text(sign(entry.rules, incident)), title), " ")
    return joined((name, *standing)), text(incident.title, TITLE_LIMIT)


def _answer_by(entry: Entry, now: datetime) -> datetime | None:
    """Until when somebody may still take it in time: that nobody has it yet goes without saying then."""
    by = deadlines(entry.rules, entry.incident).respond_by if entry.incident.is_open else None
    return by if by is not None and by > now else None


def _none(words: Words, only: str | None) -> Piece:
    if only is None:
        return words("No incident is open")
    return words("No {severity} is open", severity=severity(only))


def _open_rows(shown: Sequence[Entry]) -> Rows:
    buttons = [
        pressing(f"{sign(entry.rules, entry.incident)} {entry.incident.id}", OpenIncident(entry.incident.id))
        for entry in shown
    ]
    return tuple(
        tuple(buttons[start : start + _BUTTONS_IN_A_ROW]) for start in range(0, len(buttons), _BUTTONS_IN_A_ROW)
    )


def _turning(words: Words, rules: Rules, page: int, last: int, only: str | None) -> Rows:
    chosen = rules.plan.rank(only) if only is not None else None
    row: list[Button] = []
    if page > 0:
        row.append(pressing(signed("◀️", words("Back")), browsing_presses.ShowList(page - 1, chosen)))
    if page < last:
        row.append(pressing(joined((words("More"), text("▶️")), " ").plain, browsing_presses.ShowList(page + 1, chosen)))
    return (tuple(row),) if row else ()


def _choice(words: Words, entry: Entry, verb: Verb) -> Button:
    incident = entry.incident
    parts = (sign(entry.rules, incident), drill(words, incident).plain, incident.id, incident.title)
    label = " ".join(part for part in parts if part)
    return pressing(text(label, CHOICE_LIMIT).plain, browsing_presses.PickFor(verb, incident.id))


def _rank(entry: Entry) -> int:
    return entry.rules.plan.rank(entry.incident.severity)


def _answered(entry: Entry) -> bool:
    return entry.incident.status is not Status.UNANSWERED
