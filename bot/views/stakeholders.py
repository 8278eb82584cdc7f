"""What those who wait for news are told: calm, without alert texts and without people."""

from bot.domain.drafting import said_by_people
from bot.domain.events import Declared, Reopened, Resolved, SeverityChanged, UpdatePosted
from bot.domain.incident import Incident
from bot.domain.resolving_events import VerificationBroken, VerificationStarted
from bot.domain.rules import Rules
from bot.domain.timers import deadlines
from bot.views import damage
from bot.views.headline import severity, sign
from bot.views.html import Line, Piece, bold, joined, message, paragraph, text
from bot.views.plan_words import of_plan
from bot.views.rendered import Rendered
from bot.views.tell import UPDATE_LIMIT
from bot.views.tell_view import TellView
from bot.views.times import clock, duration
from bot.views.translations import Words

IMPACT_LIMIT = 300


def stakeholders(view: TellView) -> Rendered:  # noqa: PLR0911 - one flat table of events
    """One event, as it concerns people outside of the work on it."""
    words, incident, event = view.words, view.incident, view.event
    match event:
        case UpdatePosted():
            head = _head(view, event.text)
            return Rendered(message([Line(head), Line(_next_news(view), 1)]))
        case Resolved():
            length = duration(words, event.at - damage.began_at(incident))
            over = words("🏁 {incident} is over after {length}", incident=incident.id, length=length)
            return Rendered(message([Line(bold(over)), Line(_what(view), 1)]))
        case SeverityChanged():
            changed = _changed(words, view.rules, incident, event)
            return Rendered(message([Line(bold(changed)), Line(_what(view), 1), Line(_next_news(view), 1)]))
        case VerificationStarted():
            until = clock(words, event.until, view.now)
            mended = words(
                "🧪 {incident}: a fix is in place, we watch it until {time}", incident=incident.id, time=until
            )
            return Rendered(message([Line(bold(mended)), Line(_what(view), 1)]))
        case VerificationBroken():
            back = words("{sign} {incident}: it is not over yet, we are on it", sign=_sign(view), incident=incident.id)
            return Rendered(message([Line(bold(back)), Line(_what(view), 1), Line(_next_news(view), 1)]))
        case Reopened():
            back = words("{sign} {incident}: the problem is back, we are on it", sign=_sign(view), incident=incident.id)
            return Rendered(message([Line(bold(back)), Line(_what(view), 1), Line(_next_news(view), 1)]))
        case _:
            return Rendered(message([Line(bold(_standing(view))), Line(_what(view), 1), Line(_next_news(view), 1)]))


def _head(view: TellView, said: str) -> Piece:
    known = {"sign": _sign(view), "incident": view.incident.id, "severity": severity(view.incident.severity)}
    what = _what(view)
    told = view.words("{sign} {incident} ({severity})", **known)
    if what:
        told = view.words("{sign} {incident}: {what} ({severity})", what=what, **known)
    return joined((bold(told), paragraph(said, UPDATE_LIMIT)), "\n")


def _standing(view: TellView) -> Piece:
    words, incident = view.words, view.incident
    if not incident.is_open:
        return words("🏁 {incident} is over", incident=incident.id)
    title = text(of_plan(words, view.rules.severity(incident.severity).title).plain.lower())
    since = clock(words, damage.began_at(incident), view.now)
    known = {"sign": _sign(view), "incident": incident.id, "severity": severity(incident.severity), "since": since}
    if isinstance(view.event, Declared):
        return words("{sign} {incident}: a problem since {since} ({severity}, {title})", title=title, **known)
    return words("{sign} {incident}: we are on it since {since} ({severity}, {title})", title=title, **known)


def _what(view: TellView) -> Piece:
    """What people said of it: its impact, else the title a person gave it. An alert's own text stays inside."""
    return text(said_by_people(view.incident), IMPACT_LIMIT)


def _changed(words: Words, rules: Rules, incident: Incident, event: SeverityChanged) -> Piece:
    known = {"incident": incident.id, "before": severity(event.before), "after": severity(event.severity)}
    if rules.milder(event.severity, than=event.before):
        return words("{incident} is milder now: {after} instead of {before}", **known)
    return words("{incident} is worse than it looked: {after} instead of {before}", **known)


def _next_news(view: TellView) -> Piece:
    if not view.incident.is_open:
        return Piece()
    by = deadlines(view.rules, view.incident).update_by
    if by is None or by <= view.now:
        return Piece()
    return view.words("Next news by {time}.", time=clock(view.words, by, view.now))


def _sign(view: TellView) -> str:
    return sign(view.rules, view.incident)
