"""One summary in place of many cards, when more incidents begin than a chat can bear."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.incident import Status
from bot.domain.measures import NO_BREAK_SPACE
from bot.domain.service_groups import ServiceGroup, by_service, number_of
from bot.views import browsing_presses
from bot.views.headline import drill, holder, severity, sign
from bot.views.html import Line, Piece, bold, joined, message, text
from bot.views.keyboard import Rows, pressing
from bot.views.lists import Entry, worst_first
from bot.views.rendered import Button, Rendered, Style
from bot.views.storm_presses import AckService, AskToMerge, ServiceKey
from bot.views.times import duration
from bot.views.translations import Words, listed

WORST_NAMED = 4
SERVICES_NAMED = 5
SEVERITIES_OFFERED = 3
IN_A_ROW = 2
TITLE_LIMIT = 50
SERVICE_LIMIT = 40
SERVICE_ON_BUTTON_LIMIT = 20
"""Beside `Merge … into one`: what a button as wide as a phone holds."""
_WORTH_IT = 2
"""Incidents of a service from which on one press for all of them saves any."""


def storm(words: Words, entries: Sequence[Entry], began: datetime, now: datetime) -> Rendered:
    """All open incidents of a storm that began at `began`; edited in place while it lasts."""
    if not entries:
        return Rendered(message([Line(bold(words("🌤 The storm is over: no incident is open")))]))
    ordered = worst_first(entries)
    length = duration(words, max(now - began, timedelta(minutes=1)))
    head, others = _counted(words, ordered, length)
    worst = [Line(_one(words, entry), 1) for entry in ordered[:WORST_NAMED]]
    groups = by_service(entry.incident for entry in ordered)
    services = _services(words, groups)
    lines = [
        Line(bold(head)),
        *(Line(piece, 2) for piece in others),
        Line(_nobodys(words, ordered)),
        *worst,
        Line(services, 2),
    ]
    return Rendered(message(lines), (*_lists(words, ordered), *_of_services(words, ordered, groups)))


def _counted(words: Words, ordered: Sequence[Entry], length: Piece) -> tuple[Piece, list[Piece]]:
    """How many of the worst severity, of how many; and the others on lines of their own.

    A phone may break a line after the hyphen of `SEV-1`, so a severity stands where no line ends: two in a line.
    """
    (worst, count), *others = Counter(entry.incident.severity for entry in ordered).items()
    if not others:
        known = {"severity": severity(worst), "length": length}
        return words.plural(
            "🌩 {n} {severity} incident in {length}", "🌩 {n} {severity} incidents in {length}", count, **known
        ), []
    every = words.plural("{n} incident in {length}", "{n} incidents in {length}", len(ordered), length=length)
    head = words("🌩 {worst} of {incidents}", worst=_times(worst, count), incidents=every)
    shown = [_times(name, number) for name, number in others]
    return head, [listed(shown[start : start + IN_A_ROW]) for start in range(0, len(shown), IN_A_ROW)]


def _times(name: str, count: int) -> Piece:
    return joined((text(f"{count} ×"), severity(name)), NO_BREAK_SPACE)


def _nobodys(words: Words, ordered: Sequence[Entry]) -> Piece:
    """Said once for all of them: where nobody is named nobody has it."""
    free = sum(entry.incident.status is Status.UNANSWERED for entry in ordered)
    waiting = words.plural("nobody has {n} of them yet", "nobody has {n} of them yet", free) if free else Piece()
    return joined((words("The worst"), waiting))


def _one(words: Words, entry: Entry) -> Piece:
    incident = entry.incident
    shown = (text(sign(entry.rules, incident)), drill(words, incident), text(incident.id))
    name = joined((*shown, text(incident.title, TITLE_LIMIT)), " ")
    return name if incident.status is Status.UNANSWERED else joined((name, holder(words, entry.rules, incident)))


def _services(words: Words, groups: Sequence[ServiceGroup]) -> Piece:
    """Always in the same order: the same storm must read the same, or each refresh would cost an edit."""
    if not groups:
        return Piece()
    return words("By service: {services}", services=listed(_service(words, group) for group in groups[:SERVICES_NAMED]))


def _service(words: Words, group: ServiceGroup) -> Piece:
    exercise = words("DRILL") if group.drill else Piece()
    return joined((exercise, text(group.service, SERVICE_LIMIT), text(f"{len(group.incidents)}")), " ")


def _lists(words: Words, ordered: Sequence[Entry]) -> Rows:
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


def _of_services(words: Words, ordered: Sequence[Entry], groups: Sequence[ServiceGroup]) -> Rows:
    """The largest group in which anybody is waited for, and the largest that can become one."""
    ids = sorted((entry.incident.id for entry in ordered), key=number_of)
    first, last = ids[0], ids[-1]
    free = next((group for group in groups if len(group.unanswered) >= _WORTH_IT), None)
    many = next((group for group in groups if len(group.incidents) >= _WORTH_IT), None)
    rows: list[tuple[Button, ...]] = []
    if free is not None:
        label = words("Ack all of {service}", service=_on_button(words, free)).plain
        rows.append((pressing(label, AckService(ServiceKey(free.key), first, last), Style.PRIMARY),))
    if many is not None:
        label = words("Merge {service} into one", service=_on_button(words, many)).plain
        rows.append((pressing(label, AskToMerge(ServiceKey(many.key), first, last)),))
    return tuple(rows)


def _on_button(words: Words, group: ServiceGroup) -> Piece:
    exercise = words("DRILL") if group.drill else Piece()
    return joined((exercise, text(group.service, SERVICE_ON_BUTTON_LIMIT)), " ")
