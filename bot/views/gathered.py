"""Everything there is to look at, in one short summary: health, metrics, the log, and where to look further."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.incident import Incident
from bot.domain.measures import Verdict, compare, format_measured, format_target
from bot.views import incident_presses, lookup_presses
from bot.views.damage import arrow
from bot.views.evidence import Check, Figure
from bot.views.html import Line, Piece, bold, code, joined, link, message, text
from bot.views.incident_presses import Panel
from bot.views.keyboard import Rows, pressing, signed
from bot.views.outside_text import cut
from bot.views.plan_words import of_plan
from bot.views.rendered import Button, Rendered
from bot.views.times import clock
from bot.views.translations import Words, listed

CAPTION_LIMIT = 1024
"""UTF-16 units of a caption after entity parsing (Bot API, sendPhoto: 0-1024)."""
SHOWN = 3
NAME_LIMIT = 40
REASON_LIMIT = 80
LINE_LIMIT = 160


@dataclass(frozen=True, slots=True)
class LogFound:
    """What a log said: how many lines, those that tell of an error, and the last; with `trouble` it was not read."""

    title: str
    lines: int = 0
    errors: tuple[str, ...] = ()
    last: str = ""
    trouble: Piece = field(default_factory=Piece)


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found. `log` is None where the plan has no action that reads logs."""

    checks: tuple[Check, ...]
    figures: tuple[Figure, ...]
    log: LogFound | None


@dataclass(frozen=True, slots=True)
class Offered:
    """What can be opened from the summary; `log_action` by its index in the plan."""

    log_action: int | None
    runbook: bool
    silence: bool


def summary(words: Words, incident: Incident, findings: Findings, offered: Offered, now: datetime) -> Rendered:
    """The summary as a message; as a caption it fits a picture."""
    head = words("🔎 {incident}: looked at {time}", incident=incident.id, time=clock(words, now, now))
    lines = [Line(bold(head)), *(Line(piece, 1) for piece in said(words, findings)), Line(_links(words, incident), 3)]
    return Rendered(message(lines, CAPTION_LIMIT), _buttons(words, incident, offered))


def said(words: Words, findings: Findings) -> tuple[Piece, ...]:
    """Each finding in a line."""
    log = findings.log
    found = (_health(words, findings.checks), *_metrics(words, findings.figures), *(_log(words, log) if log else ()))
    return tuple(filter(None, found))


def plain(words: Words, findings: Findings, limit: int) -> str:
    """The findings in one line, for the log of the incident."""
    return cut("; ".join(piece.plain for piece in said(words, findings)), limit)


def _health(words: Words, checks: Sequence[Check]) -> Piece:
    if not checks:
        return words("🩺 Health: the plan names no checks")
    ill = [check for check in checks if not check.ok]
    count = words("{well} of {all} well", well=len(checks) - len(ill), all=len(checks))
    named = [joined((text(check.name, NAME_LIMIT), text(check.reason, REASON_LIMIT)), ": ") for check in ill]
    return joined((words("🩺 Health: {count}", count=count), _some(words, named)), " · ")


def _metrics(words: Words, figures: Sequence[Figure]) -> tuple[Piece, ...]:
    if not figures:
        return (words("📊 Metrics: the plan names none"),)
    unknown = [of_plan(words, figure.metric.title, NAME_LIMIT) for figure in figures if figure.value is None]
    broken = [_figure(words, figure) for figure in figures if _verdict(figure) is Verdict.BAD]
    well = len(figures) - len(unknown) - len(broken)
    kept = words.plural("{n} as it should be", "{n} as they should be", well) if well else Piece()
    out = words("out of target: {metrics}", metrics=_some(words, broken)) if broken else Piece()
    not_known = words("unknown: {metrics}", metrics=_some(words, unknown)) if unknown else Piece()
    return (words("📊 Metrics: {found}", found=joined((out, kept, not_known))),)


def _verdict(figure: Figure) -> Verdict:
    return compare(figure.value, figure.metric.target)


def _figure(words: Words, figure: Figure) -> Piece:
    value = bold(text(format_measured(figure.metric, figure.value, words.language)))
    target = format_target(figure.metric, words.language)
    heading = text(arrow(figure.trend)) if figure.trend else Piece()
    bound = text(f"({target})") if target else Piece()
    return joined((of_plan(words, figure.metric.title, NAME_LIMIT), value, heading, bound), " ")


def _log(words: Words, log: LogFound) -> tuple[Piece, ...]:
    title = of_plan(words, log.title, NAME_LIMIT)
    if log.trouble:
        return (words("📜 {title}: {found}", title=title, found=log.trouble),)
    if not log.lines:
        return (words("📜 {title}: {found}", title=title, found=words("it is empty")),)
    count = words.plural("{n} line", "{n} lines", log.lines)
    tells = words.plural("{n} tells of an error", "{n} tell of an error", len(log.errors))
    last = log.errors[-1] if log.errors else log.last
    return words("📜 {title}: {found}", title=title, found=joined((count, tells))), code(last, LINE_LIMIT)


def _links(words: Words, incident: Incident) -> Piece:
    alerts = incident.firing or tuple(incident.alerts.values())
    source = incident.url or next((alert.url for alert in alerts if alert.url), None)
    dashboard = next((alert.dashboard_url for alert in alerts if alert.dashboard_url), None)
    return joined(
        (
            link(words("Dashboard"), dashboard) if dashboard else Piece(),
            link(words("Source"), source) if source else Piece(),
        )
    )


def _buttons(words: Words, incident: Incident, offered: Offered) -> Rows:
    if not incident.is_open:
        return ()
    row: list[Button] = []
    if offered.log_action is not None:
        row.append(pressing(signed("📜", words("Logs")), lookup_presses.ShowLogs(incident.id, offered.log_action)))
    if offered.runbook:
        row.append(pressing(signed("📖", words("Runbook")), incident_presses.OpenPanel(incident.id, Panel.RUNBOOK)))
    if offered.silence:
        row.append(pressing(signed("🔕", words("Silence")), incident_presses.OpenPanel(incident.id, Panel.SILENCE)))
    return (tuple(row),) if row else ()


def _some(words: Words, pieces: Sequence[Piece]) -> Piece:
    rest = len(pieces) - SHOWN
    return listed([*pieces[:SHOWN], words("{n} more", n=rest)] if rest > 0 else pieces)
