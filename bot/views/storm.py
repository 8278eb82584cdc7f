"""One summary in place of many cards, when more incidents begin than a chat can bear."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.alerts import service_of
from bot.domain.incident import Incident, Status
from bot.domain.measures import NO_BREAK_SPACE
from bot.views import browsing_presses
from bot.views.headline import drill, holder, severity, sign
from bot.views.html import Line, Piece, bold, joined, message, text
from bot.views.keyboard import Rows, pressing
from bot.views.lists import Entry, worst_first
from bot.views.rendered import Button, Rendered
from bot.views.times import duration
from bot.views.translations import Words, listed

WORST_NAMED = 4
SERVICES_NAMED = 5
SEVERITIES_OFFERED = 3
IN_A_ROW = 2
TITLE_LIMIT = 50


def storm(words: Words, entries: Sequence[Entry], began: datetime, now: datetime) -> Rendered:
    """All open incidents of a storm that began at `began`; edited in place while it lasts."""
    if not entries:
        return Rendered(message([Line(bold(words("🌤 The storm is over: no incident is open")))]))
    ordered = worst_first(entries)
    length = duration(words, max(now - began, timedelta(minutes=1)))
    count = words.plural("{n} incident in {length}", "{n} incidents in {length}", len(entries), length=length)
    head = words("🌩 {count}: {severities}", count=count, severities=_severities(ordered))
    worst = [Line(_one(words, entry), 1) for entry in ordered[:WORST_NAMED]]
    services = _services(words, ordered)
    lines = [Line(bold(head)), Line(_nobodys(words, ordered)), *worst, Line(services, 2)]
    return Rendered(message(lines), _rows(words, ordered))


def _nobodys(words: Words, ordered: Sequence[Entry]) -> Piece:
    """Said once for all of them: where nobody is named nobody has it."""
    free = sum(entry.incident.status is Status.UNANSWERED for entry in ordered)
    waiting = words.plural("nobody has {n} of them yet", "nobody has {n} of them yet", free) if free else Piece()
    return joined((words("The worst"), waiting))


def _severities(ordered: Sequence[Entry]) -> Piece:
    counts = Counter(entry.incident.severity for entry in ordered)
    return listed(joined((text(f"{count} ×"), severity(name)), NO_BREAK_SPACE) for name, count in counts.items())


def _one(words: Words, entry: Entry) -> Piece:
    incident = entry.incident
    shown = (text(sign(entry.rules, incident)), drill(words, incident), text(incident.id))
    name = joined((*shown, text(incident.title, TITLE_LIMIT)), " ")
    return name if incident.status is Status.UNANSWERED else joined((name, holder(words, entry.rules, incident)))


def _services(words: Words, ordered: Sequence[Entry]) -> Piece:
    counts = Counter(name for entry in ordered for name in _names(entry.incident))
    if not counts:
        return Piece()
    # By name among equals: the same storm must read the same, or each refresh would cost an edit.
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    shown = (joined((text(name, 40), text(str(count))), " ") for name, count in ranked[:SERVICES_NAMED])
    return words("By service: {services}", services=listed(shown))


def _names(incident: Incident) -> set[str]:
    found = (service_of(alert.labels) for alert in incident.alerts.values())
    return {name for name in found if name is not None}


def _rows(words: Words, ordered: Sequence[Entry]) -> Rows:
    """Lists by severity, and of everything; the index is the plan's of the first entry, as the list will read it."""
    rules = ordered[0].rules
    names = [
        name for name in dict.fromkeys(entry.incident.severity for entry in ordered) if name in rules.plan.severities
    ]
    buttons: list[Button] = [
        pressing(words("Show {severity}", severity=name).plain, browsing_presses.ShowList(0, rules.plan.rank(name)))
        for name in names[:SEVERITIES_OFFERED]
    ]
    every = (*buttons, pressing(words("Show all").plain, browsing_presses.ShowList(0, None)))
    return tuple(every[start : start + IN_A_ROW] for start in range(0, len(every), IN_A_ROW))
