"""What is due next on a card, and what happens if nobody moves."""

from datetime import datetime

from bot.domain.incident import Incident, Status
from bot.domain.rules import Rules
from bot.domain.timers import deadlines
from bot.views import naming, presence
from bot.views.fallback import Fallback, fallback
from bot.views.html import Piece, joined
from bot.views.times import clock, duration
from bot.views.translations import Words


def due_next(words: Words, rules: Rules, incident: Incident, now: datetime) -> tuple[Piece, ...]:
    """The lines about deadlines of an open incident, the most pressing first."""
    calls = _escalation(words, rules, incident, now)
    if incident.status is Status.VERIFYING:
        return (calls, _update_meanwhile(words, rules, incident, now), _unreachable(words, rules, incident))
    if incident.status is Status.UNANSWERED:
        return (_answer(words, rules, incident, now), calls, _unreachable(words, rules, incident))
    sign = presence.on_card(words, rules, incident, now)
    return (sign, calls, _updates_and_end(words, rules, incident, now), _unreachable(words, rules, incident))


def then(words: Words, rules: Rules, step: Fallback, answer_by: datetime, now: datetime) -> Piece:
    """`then the whole team is told`; with its time where that is not the deadline's."""
    if step.at == answer_by:
        if step.whole_team:
            return words("then the whole team is told")
        who = naming.people(words, rules.roster, step.people)
        return words.plural("then {who} is told", "then {who} are told", len(step.people), who=who)
    at = clock(words, step.at, now)
    if step.whole_team:
        return words("at {time} the whole team is told", time=at)
    who = naming.people(words, rules.roster, step.people)
    return words.plural("at {time} {who} is told", "at {time} {who} are told", len(step.people), who=who, time=at)


def _answer(words: Words, rules: Rules, incident: Incident, now: datetime) -> Piece:
    answer_by = deadlines(rules, incident).respond_by
    if answer_by is None:
        return Piece()
    again = _paged_again(words, rules, incident)
    step = fallback(rules, incident, now)
    what_then = then(words, rules, step, answer_by, now) if step is not None else again
    by = clock(words, answer_by, now)
    if incident.response_overdue or answer_by <= now:
        return joined((words("⚠️ Nobody answered by {time}", time=by), what_then))
    return joined((words("Answer by {time}", time=by), what_then))


def _paged_again(words: Words, rules: Rules, incident: Incident) -> Piece:
    every = rules.severity(incident.severity).repeat_every
    return words("paged again every {length}", length=duration(words, every)) if every else Piece()


def _escalation(words: Words, rules: Rules, incident: Incident, now: datetime) -> Piece:
    call = incident.escalation
    if call is None:
        return Piece()
    who = naming.people(words, rules.roster, call.people)
    since = clock(words, call.last_paged_at, now)
    role = naming.role(words, call.role)
    return words("⬆️ {role} called, no answer yet: {who}, last paged {time}", role=role, who=who, time=since)


def _updates_and_end(words: Words, rules: Rules, incident: Incident, now: datetime) -> Piece:
    dates = deadlines(rules, incident)
    resolve_late = dates.resolve_by <= now
    end = clock(words, dates.resolve_by, now)
    if dates.update_by is None:
        if resolve_late:
            return words("⚠️ Was to be resolved by {time}", time=end)
        return words("Resolve by {time}", time=end)
    news = clock(words, dates.update_by, now, zone=False)
    if dates.update_by <= now:
        late = words("⚠️ Update was due {time}", time=clock(words, dates.update_by, now))
        return joined((late, _end(words, end, late=resolve_late)))
    if resolve_late:
        next_news = words("Next update by {time}", time=clock(words, dates.update_by, now))
        return joined((next_news, _end(words, end, late=True)))
    return joined((words("Next update by {time}", time=news), _end(words, end, late=False)))


def _update_meanwhile(words: Words, rules: Rules, incident: Incident, now: datetime) -> Piece:
    """The update that falls due within a long watch; the watch itself says when it ends."""
    due = deadlines(rules, incident).update_by
    if due is None:
        return Piece()
    at = clock(words, due, now)
    return words("⚠️ Update was due {time}", time=at) if due <= now else words("Next update by {time}", time=at)


def _end(words: Words, end: Piece, *, late: bool) -> Piece:
    return words("⚠️ was to be resolved by {time}", time=end) if late else words("resolve by {time}", time=end)


def _unreachable(words: Words, rules: Rules, incident: Incident) -> Piece:
    if not incident.unreachable:
        return Piece()
    who = naming.people(words, rules.roster, sorted(incident.unreachable))
    return words("Can't be written to: {who}", who=who)
