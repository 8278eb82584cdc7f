"""A holder who gives no sign: the question to them, what the team is told, and how it stands on the card."""

from datetime import datetime

from bot.domain.incident import Incident
from bot.domain.presence_events import HolderAsked, HolderSilent
from bot.domain.rules import Rules
from bot.domain.timers import HOLDER_SILENT, due
from bot.views import incident_presses, naming
from bot.views.crew_presses import StillOnIt
from bot.views.html import Line, Piece, bold, joined, message, text
from bot.views.keyboard import Row, pressing, signed
from bot.views.rendered import Rendered, Style
from bot.views.tell_view import TellView
from bot.views.times import clock
from bot.views.translations import Words


def question(view: TellView, event: HolderAsked) -> Rendered:
    """The private question: still on it? With what happens without an answer."""
    words, incident = view.words, view.incident
    head = words("❓ {incident}: still on it?", incident=incident.id)
    lines = [Line(bold(head)), Line(text(incident.title), 2), Line(_or_else(view), 1)]
    return Rendered(message(lines), _answers(view, event))


def asked_in_thread(view: TellView, event: HolderAsked) -> Rendered:
    """The same where the holder can't be written to: somebody may know."""
    who = naming.person(view.rules.roster, event.person)
    head = view.words("❓ {incident}: is {who} still on it?", incident=view.incident.id, who=who)
    return Rendered(message([Line(bold(head)), Line(_or_else(view), 1)]), _answers(view, event))


def confirmed(words: Words, incident: Incident, now: datetime) -> Rendered:
    """The question, once it was answered."""
    said = words("👍 {incident}: you are on it, said at {time}", incident=incident.id, time=clock(words, now, now))
    return Rendered(message([Line(said)]))


def silent(view: TellView, event: HolderSilent) -> Piece:
    """`⏰ INC-7: no sign of Anna since 14:05 UTC · Team Lead called: Boris`."""
    words, roster = view.words, view.rules.roster
    since = clock(words, event.since, view.now)
    who = naming.person(roster, event.person)
    gone = words("⏰ {incident}: no sign of {who} since {time}", incident=view.incident.id, who=who, time=since)
    if not event.people:
        return joined((gone, words("there is nobody else to call")))
    called = naming.people(words, roster, event.people)
    return joined((gone, words("{role} called: {who}", role=naming.role(words, event.role), who=called)))


def on_card(words: Words, rules: Rules, incident: Incident, now: datetime) -> Piece:
    """What the holder was asked, or since when nobody has heard of them."""
    if incident.holder is None:
        return Piece()
    presence, who = incident.presence, naming.person(rules.roster, incident.holder)
    if presence.silent_since is not None:
        return words("❓ No sign of {who} since {time}", who=who, time=clock(words, presence.silent_since, now))
    then = due(rules, incident).get(HOLDER_SILENT)
    if presence.asked_at is None or then is None:
        return Piece()
    return words(
        "❓ {who} was asked for a sign, else others are called at {time}", who=who, time=clock(words, then, now)
    )


def why_called(words: Words, rules: Rules, incident: Incident, now: datetime) -> Piece:
    """Why somebody is called, on their page."""
    silent_since = incident.presence.silent_since
    if silent_since is None or incident.holder is None:
        return Piece()
    who = naming.person(rules.roster, incident.holder)
    return words("{who} gives no sign since {time}.", who=who, time=clock(words, silent_since, now))


def _or_else(view: TellView) -> Piece:
    words, incident = view.words, view.incident
    then = due(view.rules, incident).get(HOLDER_SILENT)
    since = incident.presence.since
    if then is None or since is None:
        return Piece()
    heard = words("No sign since {time}.", time=clock(words, since, view.now))
    return joined((heard, words("Without one others are called at {time}.", time=clock(words, then, view.now))), " ")


def _answers(view: TellView, event: HolderAsked) -> tuple[Row, ...]:
    incident = view.incident
    if incident.holder != event.person or incident.presence.asked_at is None:
        return ()
    here = pressing(signed("👍", view.words("Still on it")), StillOnIt(incident.id), Style.PRIMARY)
    return ((here, pressing(signed("⬆️", view.words("Escalate")), incident_presses.EscalateTo(incident.id, None))),)
