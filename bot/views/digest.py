"""The digest: how the service is, what happened in the last hour, when the next one comes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.beta import Period
from bot.domain.beta_events import BetaLooked, CheckSeen, FigureSeen
from bot.domain.beta_looks import next_digest
from bot.domain.lookback import History, Lookback
from bot.domain.measures import NO_BREAK_SPACE, Verdict, compare, format_measured
from bot.views.beta import HOUR, BetaView, hours_of
from bot.views.headline import sign
from bot.views.html import Line, Piece, bold, joined, message, text
from bot.views.plan_words import of_plan
from bot.views.rendered import Rendered
from bot.views.times import clock, duration
from bot.views.translations import Words, listed

PICTURE_OVER = timedelta(hours=6)
"""Far enough back to see the last hour as it came about."""
METRICS_SHOWN = 8
CHECKS_NAMED = 4
INCIDENTS_NAMED = 8
REASON_LIMIT = 60
METRIC_LIMIT = 40
_ABOUT = timedelta(minutes=5)
"""A digest that comes so much later or sooner tells of the usual time: nobody counts minutes of an hour."""
_MARKS = {Verdict.GOOD: "✓", Verdict.BAD: "✗"}


@dataclass(frozen=True, slots=True)
class DigestView:
    """What a digest tells. `launch` is the one it belongs to; None: somebody asked for it outside of any."""

    beta: BetaView
    event: BetaLooked
    past: Lookback
    launch: Period | None


def digest(view: DigestView) -> Rendered:
    """No names and no alert texts: it goes to those who wait for news."""
    return Rendered(
        message(
            [
                Line(bold(_head(view))),
                Line(_health(view), 2),
                *(Line(figure, 2) for figure in _metrics(view)),
                Line(joined((_last_hour(view), _resolved(view), _open(view))), 1),
                Line(_next(view), 1),
            ]
        ),
        silent=True,
    )


def picture(view: BetaView, plan_name: str, png: bytes) -> Rendered:
    """The chart under a digest."""
    caption = view.words("{plan}, last {length}", plan=text(plan_name), length=duration(view.words, PICTURE_OVER))
    return Rendered(message([Line(caption)]), photo=png, silent=True)


def _head(view: DigestView) -> Piece:
    words, event = view.beta.words, view.event
    what = words("📋 Digest")
    if view.launch is not None:
        what = words("🚀 Beta launch, hour {hour} of {hours}", **hours_of(view.launch, event.at))
    return joined((what, clock(words, event.at, view.beta.now), _verdict(view)))


def _verdict(view: DigestView) -> Piece:
    """What is not known is never called well."""
    words, figures = view.beta.words, view.event.figures
    verdicts = [_compare(view, figure) for figure in figures]
    wrong = sum(not check.ok for check in view.event.checks) + verdicts.count(Verdict.BAD) + len(view.past.still_open)
    if wrong:
        return words.plural("{n} thing is not well", "{n} things are not well", wrong)
    if not (view.event.checks or figures) or any(figure.value is None for figure in figures):
        return words("not all is known")
    return words("all well")


def _health(view: DigestView) -> Piece:
    words, checks = view.beta.words, view.event.checks
    if not checks:
        return words("Health: no checks in the plan")
    well = sum(check.ok for check in checks)
    count = words("Health {well} of {all}", well=well, all=len(checks))
    failing = [_failing(words, check) for check in checks if not check.ok]
    return joined((count, listed(failing[:CHECKS_NAMED])), ": ")


def _failing(words: Words, check: CheckSeen) -> Piece:
    return words("{check} fails ({why})", check=text(check.name), why=text(check.reason, REASON_LIMIT))


def _metrics(view: DigestView) -> list[Piece]:
    words, figures = view.beta.words, view.event.figures
    if not figures:
        return []
    if all(figure.value is None for figure in figures):
        return [words("Metrics unknown")]
    return [_figure(view, figure) for figure in figures if _is_shown(view, figure)][:METRICS_SHOWN]


def _is_shown(view: DigestView, figure: FigureSeen) -> bool:
    """Whether there is a target to hold it against."""
    metric = view.beta.rules.plan.metrics.get(figure.metric)
    return metric is not None and metric.target is not None


def _figure(view: DigestView, figure: FigureSeen) -> Piece:
    """A line of its own, and never broken: side by side a phone ends each line within an enumeration."""
    words = view.beta.words
    metric = view.beta.rules.plan.metrics[figure.metric]
    title = text(of_plan(words, metric.title).plain.replace(" ", NO_BREAK_SPACE), METRIC_LIMIT)
    if figure.value is None:
        return words("{metric} unknown", metric=title)
    value = text(format_measured(metric, figure.value, words.language))
    return joined((title, value, text(_MARKS.get(_compare(view, figure), ""))), NO_BREAK_SPACE)


def _compare(view: DigestView, figure: FigureSeen) -> Verdict:
    metric = view.beta.rules.plan.metrics.get(figure.metric)
    return compare(figure.value, metric.target if metric else None)


def _last_hour(view: DigestView) -> Piece:
    words, past = view.beta.words, view.past
    seen = words("no alert")
    if past.alert_count:
        seen = words.plural("{n} alert", "{n} alerts", past.alert_count)
    elif past.declared:
        seen = words.plural("{n} incident", "{n} incidents", len(past.declared))
    what = joined((seen, _answers(view)), ", ")
    length = _told_of(view)
    if length == HOUR:
        return words("Last hour: {what}", what=what)
    return words("Last {length}: {what}", length=duration(words, length), what=what)


def _told_of(view: DigestView) -> timedelta:
    """How long a time it tells of: the usual one, unless the last was skipped or came late."""
    every, length = view.beta.rules.plan.beta.digest_every, view.past.until - view.past.since
    return every if abs(length - every) < _ABOUT else length


def _answers(view: DigestView) -> Piece:
    words, past = view.beta.words, view.past
    if past.unanswered:
        return words.plural("{n} not answered yet", "{n} not answered yet", past.unanswered)
    if not past.answered:
        return Piece()
    slowest = duration(words, max(past.answered))
    if len(past.answered) == 1:
        return words("answered in {length}", length=slowest)
    return words("answered in {length} at most", length=slowest)


def _open(view: DigestView) -> Piece:
    words, still_open = view.beta.words, view.past.still_open
    if not still_open:
        return words("open: none")
    return words("open: {incidents}", incidents=_named(words, still_open, signed=True))


def _resolved(view: DigestView) -> Piece:
    if not view.past.resolved:
        return Piece()
    return view.beta.words("resolved: {incidents}", incidents=_named(view.beta.words, view.past.resolved, signed=False))


def _named(words: Words, histories: Sequence[History], *, signed: bool) -> Piece:
    shown = [_incident(each, signed=signed) for each in histories[:INCIDENTS_NAMED]]
    rest = len(histories) - len(shown)
    return listed([*shown, words("{n} more", n=rest)] if rest else shown)


def _incident(each: History, *, signed: bool) -> Piece:
    named = joined((text(each.incident.id), text(f"({each.incident.severity})")), " ")
    return joined((text(sign(each.rules, each.incident)), named), " ") if signed else named


def _next(view: DigestView) -> Piece:
    words, launch = view.beta.words, view.launch
    if launch is None or not launch.covers(view.event.at):
        return Piece()
    following = next_digest(view.beta.rules.plan, launch, view.event.at)
    if following is None:
        return words("The launch ends {time}", time=clock(words, launch.until, view.beta.now))
    return words("Next digest {time}", time=clock(words, following, view.beta.now))
