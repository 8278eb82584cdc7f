"""The reviews of the beta phase: every day all alerts and incidents, every week what they have in common."""

from dataclasses import dataclass
from datetime import timedelta

from bot.domain.beta import Period
from bot.domain.beta_events import BetaReviewed
from bot.domain.incident_measures import acknowledgement_time, recovery_time
from bot.domain.lookback import Cause, History, Kept, Lookback, ToDo
from bot.domain.review_times import day_of
from bot.views import naming
from bot.views.beta import BetaView
from bot.views.headline import TITLE_LIMIT, severity, sign
from bot.views.html import BLANK, Line, Piece, bold, joined, message, opening, text
from bot.views.rendered import Rendered
from bot.views.review import ReviewView, due_day
from bot.views.times import clock, day, duration
from bot.views.translations import Words, listed

INCIDENTS_SHOWN = 5
"""Two lines each; the rest is counted."""
ALERTS_NAMED = 5
CAUSES_NAMED, CAUSE_LIMIT = 3, 80
PLACES_NAMED, PLACE_LIMIT = 2, 40
ITEMS_SHOWN, ITEM_LIMIT = 5, 80
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class BetaReviewView:
    """A review with what happened in its time. `phase` is the one it belongs to, if that is still known."""

    beta: BetaView
    event: BetaReviewed
    past: Lookback
    phase: Period | None


def review(view: BetaReviewView) -> Rendered:
    """What the team looks at together."""
    body = _patterns(view) if view.event.weekly else _incidents(view)
    return Rendered(message([Line(bold(_head(view))), Line(_counts(view)), *body]))


def _head(view: BetaReviewView) -> Piece:
    words, now = view.beta.words, view.beta.now
    since = clock(words, view.event.since, now, zone=False)
    until = clock(words, view.event.until, view.event.since)
    span = words("{since} – {until}", since=since, until=until)
    if view.event.closing:
        days = max(1, round((view.event.until - view.event.since) / _DAY))
        length = words.plural("{n} day", "{n} days", days)
        return joined((words("📋 What the beta phase brought"), length, span))
    what = words("📋 Weekly review") if view.event.weekly else words("📋 Daily review")
    return joined((what, _day(view), span))


def _day(view: BetaReviewView) -> Piece:
    if view.phase is None:
        return Piece()
    day, days = (view.event.at - view.phase.since) // _DAY + 1, -(-view.phase.length // _DAY)
    return view.beta.words("beta day {day} of {days}", day=day, days=days)


def _counts(view: BetaReviewView) -> Piece:
    words, past = view.beta.words, view.past
    if not past.alert_count and not past.declared and not past.still_open:
        return words("No alert and no incident. Nothing is open.")
    alerts = words.plural("{n} alert", "{n} alerts", past.alert_count) if past.alert_count else words("no alert")
    incidents = words("no new incident")
    if past.declared:
        incidents = words.plural("{n} incident", "{n} incidents", len(past.declared))
    still = words("none is open")
    if past.still_open:
        still = words.plural("{n} is still open", "{n} are still open", len(past.still_open))
    return opening(joined((alerts, incidents, still)))


def _incidents(view: BetaReviewView) -> list[Line]:
    """Those of the day and those open from before, with what became of each."""
    every = {each.incident.id: each for each in (*view.past.declared, *view.past.resolved, *view.past.still_open)}
    shown = list(every.values())[:INCIDENTS_SHOWN]
    lines = [line for each in shown for line in (Line(_what(view, each), 1), Line(_title(each), 2))]
    rest = len(every) - len(shown)
    more = [Line(view.beta.words("{n} more", n=rest))] if rest else []
    named = [Line(_alerts(view), 1)] if view.past.alerts else []
    return [BLANK, *lines, *more, *named]


def _what(view: BetaReviewView, each: History) -> Piece:
    words, incident = view.beta.words, each.incident
    name = joined(
        (text(sign(each.rules, incident)), bold(joined((severity(incident.severity), text(incident.id))))), " "
    )
    answered, recovered = acknowledgement_time(each.events), recovery_time(each.events)
    first = words("never answered")
    if answered is not None:
        first = words("answered in {length}", length=duration(words, answered))
    elif incident.is_open:
        first = words("not answered yet")
    end = words("still open") if incident.is_open else Piece()
    if recovered is not None:
        end = words("over after {length}", length=duration(words, recovered))
    return joined((name, first, end))


def _title(each: History) -> Piece:
    return text(each.incident.title, TITLE_LIMIT)


def _alerts(view: BetaReviewView) -> Piece:
    words = view.beta.words
    often = sorted(view.past.alerts.items(), key=lambda each: (-each[1], each[0]))
    return words("Alerts: {alerts}", alerts=_counted(words, tuple(often)))


def _patterns(view: BetaReviewView) -> list[Line]:
    words, past = view.beta.words, view.past
    recurring = words("Recurring: none")
    if past.recurring:
        recurring = words("Recurring: {alerts}", alerts=_counted(words, past.recurring))
    return [
        Line(_severities(view), 1),
        Line(recurring, 1),
        Line(_kept(words, words("Answered in time"), past.response), 1),
        Line(_kept(words, words("Over in time"), past.resolution), 1),
        Line(_causes(view), 1),
        Line(_places(view), 1),
        BLANK,
        *_to_do(view),
    ]


def _causes(view: BetaReviewView) -> Piece:
    """The most frequent root causes; nothing where nothing ended and nobody wrote one down."""
    words, past = view.beta.words, view.past
    shown = [_cause(each) for each in past.causes[:CAUSES_NAMED]]
    rest = len(past.causes) - len(shown)
    more = words("{n} more", n=rest) if rest else Piece()
    unknown = Piece()
    if past.without_cause:
        unknown = words.plural("{n} not written down", "{n} not written down", past.without_cause)
    what = joined((*shown, more, unknown))
    return words("Causes: {causes}", causes=what) if what else Piece()


def _cause(cause: Cause) -> Piece:
    """`Pool exhausted 3× (payments-api, search)`."""
    where = listed(text(place, PLACE_LIMIT) for place in cause.places[:PLACES_NAMED])
    named = text(f"({where.plain})") if where else Piece()
    return joined((text(cause.text, CAUSE_LIMIT), text(f"{cause.count}×"), named), " ")


def _places(view: BetaReviewView) -> Piece:
    """The services, or alerts, that more than one of the week's incidents were about."""
    places = tuple(place for place in view.past.places if place[1] > 1)
    return view.beta.words("Where: {places}", places=_counted(view.beta.words, places)) if places else Piece()


def _to_do(view: BetaReviewView) -> list[Line]:
    """What is still to be done, the longest due first."""
    words, every = view.beta.words, view.past.to_do
    if not every:
        return [Line(words("No action item is open"), 1)]
    late = view.past.overdue
    overdue = words.plural("{n} overdue", "{n} overdue", late) if late else Piece()
    head = joined((words.plural("{n} action item open", "{n} action items open", len(every)), overdue))
    rest = len(every) - ITEMS_SHOWN
    more = [Line(words("{n} more", n=rest), 2)] if rest > 0 else []
    return [Line(bold(head), 1), *(Line(_item(view, each), 2) for each in every[:ITEMS_SHOWN]), *more]


def _item(view: BetaReviewView, each: ToDo) -> Piece:
    """`⚠️ INC-3 · Raise the pool · Dan · was due Mar 6`."""
    owner = naming.person(view.beta.rules.roster, each.item.owner)
    named = joined((text(each.of.incident.id), text(each.item.text, ITEM_LIMIT), owner, _due(view, each)))
    return joined((text("⚠️" if each.overdue else "⬜"), named), " ")


def _due(view: BetaReviewView, each: ToDo) -> Piece:
    words, rules, at = view.beta.words, each.of.rules, view.event.until
    if each.overdue:
        return words("was due {day}", day=day(words, each.item.due, day_of(rules, each.item.owner, at)))
    return due_day(ReviewView(rules, each.of.incident, at, words), each.item)


def _severities(view: BetaReviewView) -> Piece:
    declared = [each.incident.severity for each in view.past.declared]
    known = [name for name in view.beta.rules.plan.severities if name in declared]
    return listed(joined((text(f"{declared.count(name)} ×"), severity(name)), " ") for name in known)


def _kept(words: Words, what: Piece, kept: Kept) -> Piece:
    """Times against their targets; nothing where nothing was due."""
    if not kept.settled:
        return Piece()
    said = words("{what}: {held} of {all}", what=what, held=kept.held, all=kept.settled)
    if kept.typical is None:
        return said
    return joined((said, words("typically {length}", length=duration(words, kept.typical))), ", ")


def _counted(words: Words, counts: tuple[tuple[str, int], ...]) -> Piece:
    shown = [joined((text(name), text(f"{count}×")), " ") for name, count in counts[:ALERTS_NAMED]]
    rest = len(counts) - len(shown)
    return listed([*shown, words("{n} more", n=rest)] if rest else shown)
