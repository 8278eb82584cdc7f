"""Statistics, as people read them: the text, and what its picture shows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.incident_measures import Promise
from bot.domain.rules import Rules
from bot.domain.statistics import NIGHT_BEGINS, NIGHT_ENDS, Column, Kept, Spread, Statistics, step_of
from bot.views import naming
from bot.views.charts.board import Bar, Bars, Board, Columns, Tile, Tone
from bot.views.headline import severity
from bot.views.html import BLANK, Line, Piece, bold, italic, joined, message, text
from bot.views.rendered import Rendered
from bot.views.times import duration, short_date, zone_name
from bot.views.translations import Words, listed

PEOPLE_NAMED = 6
PEOPLE_DRAWN = 4
TICKS = 6
_DAY = timedelta(days=1)
_STEADY_WITHIN = 0.05
"""A change of less than a twentieth is none to a reader."""


@dataclass(frozen=True, slots=True)
class StatisticsView:
    """The figures of a period, those of the period of the same length before it, and the incidents over time."""

    rules: Rules
    now: Statistics
    before: Statistics
    columns: Sequence[Column]


def statistics(words: Words, view: StatisticsView) -> Rendered:
    """The text: what each figure is, of how many, and what it was before."""
    now, before = view.now, view.before
    period = _period(words, now.end - now.start)
    count = words.plural("{n} incident", "{n} incidents", now.incidents)
    head = words("📊 Last {period}: {count} (before: {before})", period=period, count=count, before=before.incidents)
    measured = [
        _spread(words, "MTTD", now.detection, before.detection),
        _spread(words, "MTTA", now.acknowledgement, before.acknowledgement),
        _spread(words, "MTTR", now.recovery, before.recovery),
    ]
    meaning = (
        words("Medians. MTTD: alert to incident, MTTA: to the answer, MTTR: to the end.") if any(measured) else Piece()
    )
    lines = [
        Line(bold(head)),
        Line(joined(_severities(view.rules, now))),
        BLANK,
        *(Line(piece) for piece in measured),
        Line(italic(meaning)),
        BLANK,
        Line(_deadlines(words, now, before)),
        Line(_nights(words, view)),
    ]
    return Rendered(message(lines))


def no_period(words: Words, given: str, allowed: str) -> Rendered:
    """What was written is no period that can be counted."""
    sentence = words("{given} is no period: {allowed}, a day to a year", given=text(given, 40), allowed=allowed)
    return Rendered(message([Line(sentence)]))


def picture(words: Words, view: StatisticsView, png: bytes) -> Rendered:
    """The picture that follows the text."""
    caption = words("Last {period}", period=_period(words, view.now.end - view.now.start))
    return Rendered(message([Line(caption)]), photo=png, silent=True)


def board(words: Words, view: StatisticsView) -> Board:
    """What the picture shows: few words."""
    now, before = view.now, view.before
    names = tuple(view.rules.plan.severities)
    others = tuple(name for name in now.severities if name not in names)
    return Board(
        title=words("Incidents, last {period}", period=_period(words, now.end - now.start)).plain,
        zone=zone_name(now.end.astimezone(words.zone)),
        tiles=(
            Tile(words("Incidents").plain, str(now.incidents), *_change(now.incidents, before.incidents)),
            _tile(words, words("Detected").plain, now.detection, before.detection),
            _tile(words, words("Answered").plain, now.acknowledgement, before.acknowledgement),
            _tile(words, words("Resolved").plain, now.recovery, before.recovery),
        ),
        columns=Columns(
            title=_per(words, now.end - now.start).plain,
            counts=tuple(tuple(column.counts.get(name, 0) for name in (*names, *others)) for column in view.columns),
            legend=tuple(
                f"{severity(name).plain} {now.severities[name]}" for name in (*names, *others) if name in now.severities
            ),
            ticks=_ticks(words, view.columns),
        ),
        bars=(
            Bars(words("Deadlines held").plain, _deadline_bars(words, now), words("none fell due").plain),
            Bars(words("Pages at night").plain, _night_bars(view), words("nobody was woken").plain, alarming=True),
        ),
        no_data=words("No incident").plain,
    )


def _period(words: Words, length: timedelta) -> Piece:
    if length % _DAY:
        return duration(words, length)
    return words.plural("{n} day", "{n} days", length // _DAY)


def _severities(rules: Rules, figures: Statistics) -> Iterable[Piece]:
    known = [name for name in rules.plan.severities if name in figures.severities]
    others = [name for name in figures.severities if name not in rules.plan.severities]
    return (joined((severity(name), text(str(figures.severities[name]))), " ") for name in (*known, *others))


def _spread(words: Words, name: str, now: Spread | None, before: Spread | None) -> Piece:
    if now is None:
        return Piece()
    middle = words("{name} {length}", name=name, length=bold(duration(words, now.middle)))
    worst = words("worst {length}", length=duration(words, now.worst)) if now.count > 1 else Piece()
    was = words("before {length}", length=duration(words, before.middle)) if before is not None else Piece()
    return joined((middle, worst, was))


def _deadlines(words: Words, now: Statistics, before: Statistics) -> Piece:
    held = [
        joined((_promise(words, promise), words("{held} of {all}", held=kept.held, all=kept.settled)), " ")
        for promise, kept in now.kept.items()
        if kept.settled
    ]
    if not held:
        return Piece()
    was = sum(before.kept.values(), Kept(0, 0)).share
    shown = words("before {percent} %", percent=round(was * 100)) if was is not None else Piece()
    return joined((words("Deadlines held: {which}", which=listed(held)), shown))


def _promise(words: Words, promise: Promise) -> Piece:
    match promise:
        case Promise.RESPONSE:
            return words("answers")
        case Promise.RESOLUTION:
            return words("ends")
        case Promise.UPDATE:
            return words("updates")


def _nights(words: Words, view: StatisticsView) -> Piece:
    """Night is 22:00 to 08:00 where each person lives."""
    was = sum(view.before.night_pages.values())
    shown = words("before {n}", n=was) if was else Piece()
    span = f"{NIGHT_BEGINS:%H}–{NIGHT_ENDS:%H}"
    if not view.now.night_pages:
        return joined((words("Pages at night ({span}): none", span=span), shown))
    people = list(view.now.night_pages.items())
    named = [joined((naming.person(view.rules.roster, who), text(str(count))), " ") for who, count in people]
    rest = len(named) - PEOPLE_NAMED
    listing = listed([*named[:PEOPLE_NAMED], words("{n} more", n=rest)] if rest > 0 else named)
    return joined((words("Pages at night ({span}): {who}", span=span, who=listing), shown))


def _tile(words: Words, label: str, now: Spread | None, before: Spread | None) -> Tile:
    if now is None:
        return Tile(label, "–")
    value = duration(words, now.middle).plain
    if before is None:
        return Tile(label, value)
    return Tile(label, value, *_change(now.middle / timedelta(seconds=1), before.middle / timedelta(seconds=1)))


def _change(now: float, before: float) -> tuple[str, Tone]:
    """How much more or less it is than before; of all these figures less is better."""
    if before <= 0:
        return "", Tone.NEUTRAL
    change = now / before - 1
    if abs(change) < _STEADY_WITHIN:
        return "± 0 %", Tone.NEUTRAL
    sign, tone = ("▲", Tone.WORSE) if change > 0 else ("▼", Tone.BETTER)
    shown = f"{abs(change) * 100:.0f} %" if change < 1 else f"× {now / before:.1f}"
    return f"{sign} {shown}", tone


def _per(words: Words, length: timedelta) -> Piece:
    step = step_of(length)
    if step < _DAY:
        return words("Per hour")
    if step == _DAY:
        return words("Per day")
    return words("Per week") if step == 7 * _DAY else words("Per {length}", length=_period(words, step))


def _ticks(words: Words, columns: Sequence[Column]) -> tuple[tuple[int, str], ...]:
    hourly = len(columns) > 1 and columns[-1].start - columns[-2].start < _DAY
    every = max(1, -(-len(columns) // TICKS))
    chosen = range(len(columns) - 1, -1, -every)

    def written(at: datetime) -> str:
        local = at.astimezone(words.zone)
        return f"{local:%H:%M}" if hourly else short_date(words, local, local)

    return tuple((index, written(columns[index].start)) for index in reversed(chosen))


def _deadline_bars(words: Words, figures: Statistics) -> tuple[Bar, ...]:
    return tuple(
        Bar(
            _promise(words, promise).plain, kept.share, words("{held} of {all}", held=kept.held, all=kept.settled).plain
        )
        for promise, kept in figures.kept.items()
        if kept.settled
    )


def _night_bars(view: StatisticsView) -> tuple[Bar, ...]:
    people = list(view.now.night_pages.items())[:PEOPLE_DRAWN]
    most = max((count for _, count in people), default=1)
    return tuple(Bar(view.rules.roster.name_of(who), count / most, str(count)) for who, count in people)
