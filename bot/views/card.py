"""The card of an incident: one live message in the responders chat.

The first line does alone on a lock screen; then what is broken, what was said last, what is due next.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import assert_never

from bot.domain.incident import Incident, Status, Update
from bot.domain.rules import Rules
from bot.views import assessing, checklist, crew, damage, deciding, naming, resolving, review, running, verifying
from bot.views.damage import Reading
from bot.views.due_next import due_next
from bot.views.headline import TITLE_LIMIT, headline, holder, severity, sign
from bot.views.html import BLANK, Line, Piece, bold, italic, joined, link, message, opening, text
from bot.views.keyboard import (
    Capabilities,
    Rows,
    confirm_action_rows,
    confirm_severity_rows,
    main_rows,
    severity_rows,
)
from bot.views.rendered import Rendered
from bot.views.silence import on_card
from bot.views.times import clock, duration, planned
from bot.views.translations import Words, listed

DESCRIPTION_LIMIT = 400
NEWS_LIMIT = 300
IMPACT_LIMIT = 300
OTHERS_NAMED = 5


@dataclass(frozen=True, slots=True)
class Normal:
    """Nobody is choosing anything."""


@dataclass(frozen=True, slots=True)
class ChoosingSeverity:
    """Somebody pressed Severity."""


@dataclass(frozen=True, slots=True)
class ConfirmingSeverity:
    """Somebody chose the milder severity `to`."""

    to: str


@dataclass(frozen=True, slots=True)
class ConfirmingAction:
    """Somebody asked for an action of the plan."""

    action: str


Mode = Normal | ChoosingSeverity | ConfirmingSeverity | ConfirmingAction


@dataclass(frozen=True, slots=True)
class CardView:
    """All that a card is made of. `readings` are what was measured: what was not, is not shown."""

    rules: Rules
    incident: Incident
    now: datetime
    words: Words
    mode: Mode = Normal()
    readings: tuple[Reading, ...] = ()
    capabilities: Capabilities = field(default_factory=Capabilities)


def card(view: CardView) -> Rendered:
    """The card as it should look now."""
    return Rendered(message(_lines(view)), _buttons(view))


def _lines(view: CardView) -> list[Line]:
    if not view.incident.is_open:
        return _closed(view)
    words, rules, incident, now = view.words, view.rules, view.incident, view.now
    return [
        Line(headline(words, incident, sign(rules, incident), holder(words, rules, incident))),
        Line(bold(text(incident.title, TITLE_LIMIT))),
        Line(_broken(view), 1),
        Line(damage.truncated(words, incident.truncated), 5),
        Line(_description(incident), 8),
        Line(_impact(words, incident), 3),
        Line(assessing.known_line(words, incident), 4),
        Line(crew.on_card(words, rules, incident), 4),
        BLANK,
        *(Line(piece, 1) for piece in deciding.on_card(words, rules, incident)),
        *(Line(piece, 1) for piece in verifying.on_card(words, rules, incident, view.readings, now)),
        Line(last_said(view), 4),
        *(Line(piece, 2) for piece in due_next(words, rules, incident, now)),
        Line(joined((assessing.unknown_line(words, incident), checklist.on_card(words, rules, incident))), 4),
        Line(on_card(words, incident, now), 5),
        Line(_links(words, incident), 6),
        Line(_relations(words, incident), 7),
        BLANK,
        Line(_question(view), 0),
    ]


def _closed(view: CardView) -> list[Line]:
    words, rules, incident = view.words, view.rules, view.incident
    return [
        Line(headline(words, incident, sign(rules, incident), holder(words, rules, incident))),
        Line(bold(text(incident.title, TITLE_LIMIT))),
        Line(_how_it_went(view), 1),
        *(Line(piece, 3) for piece in resolving.on_card(words, incident)),
        Line(_review(view), 2),
        Line(_impact(words, incident), 3),
        Line(assessing.known_line(words, incident), 4),
        Line(last_said(view), 4),
        Line(_relations(words, incident), 7),
    ]


def _review(view: CardView) -> Piece:
    shown = review.on_card(review.ReviewView(view.rules, view.incident, view.now, view.words))
    return joined((shown, checklist.on_card(view.words, view.rules, view.incident)))


def _broken(view: CardView) -> Piece:
    words, incident = view.words, view.incident
    figures = damage.readings(words, view.rules, view.readings)
    count = damage.alerts(words, incident)
    if not count:
        count = words("declared by {who}", who=naming.actor(words, view.rules.roster, incident.declared_by))
    since = damage.since(words, incident, view.now)
    return opening(joined((figures, count, damage.services(words, incident), since)))


def _description(incident: Incident) -> Piece:
    said = incident.description if incident.description.strip() != incident.title.strip() else ""
    return text(said, DESCRIPTION_LIMIT)


def _impact(words: Words, incident: Incident) -> Piece:
    if incident.impact is None:
        return Piece()
    return words("Impact: {impact}", impact=text(incident.impact, IMPACT_LIMIT))


def last_said(view: CardView) -> Piece:
    """`14:12 UTC Anna: rolled back 4.2.1, errors falling`: the newest of the updates and notes."""
    spoken = [said for said in (view.incident.last_update, view.incident.last_note) if said is not None]
    if not spoken:
        return Piece()
    newest: Update = max(spoken, key=lambda said: said.at)
    return view.words(
        "{time} {who}: {text}",
        time=clock(view.words, newest.at, view.now),
        who=naming.actor(view.words, view.rules.roster, newest.by),
        text=text(newest.text, NEWS_LIMIT),
    )


def _links(words: Words, incident: Incident) -> Piece:
    alerts = incident.firing or tuple(incident.alerts.values())
    source = incident.url or next((alert.url for alert in alerts if alert.url), None)
    runbook = next((alert.runbook_url for alert in alerts if alert.runbook_url), None)
    return joined(
        (
            link(words("Source"), source) if source else Piece(),
            link(words("Runbook"), runbook) if runbook else Piece(),
        )
    )


def _relations(words: Words, incident: Incident) -> Piece:
    follows = words("follows {incident}", incident=incident.follows) if incident.follows else Piece()
    if not incident.absorbed:
        return italic(opening(follows))
    shown = [text(other) for other in incident.absorbed[:OTHERS_NAMED]]
    rest = len(incident.absorbed) - len(shown)
    others = listed([*shown, words("{n} more", n=rest)] if rest else shown)
    return italic(opening(joined((follows, words("with {incidents} merged into it", incidents=others)))))


def _how_it_went(view: CardView) -> Piece:
    words, incident = view.words, view.incident
    if incident.status is Status.MERGED:
        return damage.alerts(words, incident)
    began = damage.began_at(incident)
    lasted = answered = who_had_it = Piece()
    if incident.resolved_at is not None:
        length = duration(words, incident.resolved_at - began)
        over = clock(words, incident.resolved_at, view.now)
        lasted = words("over after {length} at {time}", length=length, time=over)
    if incident.first_acknowledged_at is not None:
        length = duration(words, incident.first_acknowledged_at - incident.declared_at)
        answered = words("answered in {length}", length=length)
    if incident.holder is not None and naming.person(view.rules.roster, incident.holder) != _resolver(view):
        who_had_it = words("{who} had it", who=naming.person(view.rules.roster, incident.holder))
    return opening(joined((lasted, answered, who_had_it, damage.alerts(words, incident))))


def _resolver(view: CardView) -> Piece:
    by = view.incident.resolved_by
    return naming.actor(view.words, view.rules.roster, by) if by is not None else Piece()


def _question(view: CardView) -> Piece:
    words, incident = view.words, view.incident
    match view.mode:
        case Normal():
            asks = incident.all_alerts_resolved and incident.status is not Status.VERIFYING
            return words("Every alert has resolved. Is it over?") if asks else Piece()
        case ChoosingSeverity():
            return words("Which severity is it?")
        case ConfirmingSeverity():
            return _lower(view, view.mode.to)
        case ConfirmingAction():
            return running.run_it(words, view.rules, view.mode.action)
        case _:
            assert_never(view.mode)


def _lower(view: CardView, to: str) -> Piece:
    words, milder = view.words, view.rules.severity(to)
    news = words("updates as needed")
    if milder.update_every is not None:
        news = words("an update every {length}", length=duration(words, milder.update_every))
    question = words("Lower {before} to {after}?", before=severity(view.incident.severity), after=severity(to))
    answer = planned(words, milder.respond_within)
    end = planned(words, milder.resolve_within)
    promise = words("Then: an answer within {answer}, the end within {end}, {news}.", answer=answer, end=end, news=news)
    return joined((question, promise), " ")


def _buttons(view: CardView) -> Rows:
    words, rules, incident = view.words, view.rules, view.incident
    if not incident.is_open:
        return main_rows(words, rules, incident, view.capabilities, view.now)
    match view.mode:
        case Normal():
            return main_rows(words, rules, incident, view.capabilities, view.now)
        case ChoosingSeverity():
            return severity_rows(words, rules, incident)
        case ConfirmingSeverity():
            return confirm_severity_rows(words, rules, incident, view.mode.to)
        case ConfirmingAction():
            return confirm_action_rows(words, rules, incident, view.mode.action)
        case _:
            assert_never(view.mode)
