"""What happens when a timer falls due."""

from datetime import datetime

from bot.domain.actors import System
from bot.domain.approval import APPROVAL
from bot.domain.events import Event, PageCause, Paged, ResolutionOverdue, ResponseOverdue, UpdateOverdue, UpdateReminded
from bot.domain.incident import Escalation, Incident, Status
from bot.domain.paging import answerable, next_in_authority, not_told_at, somebody_or_next
from bot.domain.review_times import ITEM, REVIEW
from bot.domain.rules import Rules
from bot.domain.rulings import approving, beta, review, verifying
from bot.domain.rulings.chasing import call_the_next
from bot.domain.rulings.escalating import climb
from bot.domain.rulings.presence import ask, call_another
from bot.domain.rulings.rollback import ask_again
from bot.domain.timers import (
    BETA,
    BETA_TELL,
    DECISION,
    ESCALATION,
    HOLDER,
    HOLDER_SILENT,
    NOTIFY,
    REPEAT,
    RESOLVE,
    RESPOND,
    UPDATE,
    UPDATE_ESCALATE,
    UPDATE_OVERDUE,
    deadlines,
    due,
    in_turn,
)
from bot.domain.verifying_times import VERIFY, waits_for_a_look

_NABAT = System()

_ORDER = {BETA: 0, RESPOND: 1, BETA_TELL: 3}
"""Of the timers due at one instant; whoever a launch tells of every issue may have been told by a step already."""
_USUAL = 2


def ripe(rules: Rules, incident: Incident, now: datetime, fired: str | None = None) -> tuple[str, ...]:
    """The timers that are due, in the order in which they fire; without those that wait until they are `fired`.

    Of those due at one instant a launch comes first, as it moves the others. RESPOND is the next: it asks the next
    authority, and a step that tells the same people at that instant then adds nothing. The other way round the step
    would count as asked, and one higher be woken.
    """
    keys = sorted((at, _ORDER.get(key, _USUAL), key) for key, at in due(rules, incident).items() if at <= now)
    return tuple(key for _, _, key in keys if key == fired or not waits_for_a_look(incident, key))


def fall_due(rules: Rules, incident: Incident, key: str, now: datetime) -> tuple[Event, ...]:
    """What the first of the timers due leads to, if `key` is one of them; nothing when it has been re-planned."""
    keys = ripe(rules, incident, now, key)
    return fire(rules, incident, keys[0], now) if key in keys else ()


def fire(rules: Rules, incident: Incident, key: str, now: datetime) -> tuple[Event, ...]:
    """What the timer `key`, which is due, leads to."""
    if key.startswith(NOTIFY):
        return (_notify(rules, incident, int(key.removeprefix(NOTIFY)), now),)
    if key.startswith(DECISION):
        return ask_again(rules, incident, int(key.removeprefix(DECISION)), now)
    if key.startswith((REVIEW, ITEM)):
        return review.fall_due(rules, incident, key, now)
    if key.startswith(VERIFY):
        return verifying.fall_due(rules, incident, key, now)
    if key == ESCALATION and incident.escalation is not None:
        return _escalation(rules, incident, incident.escalation, now)
    return _FIRED[key](rules, incident, now)


def _notify(rules: Rules, incident: Incident, number: int, now: datetime) -> Event:
    step = rules.severity(incident.severity).notify[number]
    people = rules.people_with_any(step.roles, now)
    if incident.status is Status.UNANSWERED:
        people = somebody_or_next(rules, incident, people, now)
    elif incident.severity_before and rules.milder(incident.severity, than=incident.severity_before):
        people = tuple(person for person in people if person not in incident.told_at)
    people = not_told_at(incident, people, now)
    return Paged(at=now, by=_NABAT, cause=PageCause.STEP, people=people, roles=step.roles, step=number)


def _repeat(rules: Rules, incident: Incident, now: datetime) -> tuple[Event, ...]:
    people = _still_asked(rules, incident, now) or somebody_or_next(rules, incident, incident.paged, now)
    return (Paged(at=now, by=_NABAT, cause=PageCause.REPEAT, people=not_told_at(incident, people, now)),)


def _still_asked(rules: Rules, incident: Incident, now: datetime) -> tuple[str, ...]:
    """Whom a repeat reaches: everybody asked, and whoever has come on duty since in a role that was told."""
    steps = rules.severity(incident.severity).notify
    asked = answerable(rules, incident, incident.paged)
    roles = tuple(role for number in sorted(incident.steps_done) for role in steps[number].roles)
    on_duty = answerable(rules, incident, rules.people_with_any(roles, now))
    return (*in_turn(rules, incident, asked, now), *(person for person in on_duty if person not in asked))


def _respond(rules: Rules, incident: Incident, now: datetime) -> tuple[Event, ...]:
    deadline = deadlines(rules, incident).respond_by or now
    overdue = ResponseOverdue(at=now, by=_NABAT, deadline=deadline)
    people = next_in_authority(rules, incident, now)
    if not people and not rules.severity(incident.severity).repeat_every:
        people = somebody_or_next(rules, incident, incident.paged, now)  # else the repeat reaches everybody asked
    people = not_told_at(incident, people, now)
    return (overdue, Paged(at=now, by=_NABAT, cause=PageCause.UNANSWERED, people=people)) if people else (overdue,)


def _escalation(rules: Rules, incident: Incident, call: Escalation, now: datetime) -> tuple[Event, ...]:
    climbed = climb(rules, incident, call, now)
    if climbed:
        return climbed
    people = answerable(rules, incident, call.people) or tuple(p for p in call.people if p in rules.roster.people)
    people = in_turn(rules, incident, people, now)
    return (Paged(at=now, by=_NABAT, cause=PageCause.ESCALATION, people=people, roles=(call.role,)),)


def _update(rules: Rules, incident: Incident, now: datetime) -> tuple[Event, ...]:
    return (UpdateReminded(at=now, by=_NABAT, due=due(rules, incident)[UPDATE]),)


def _update_overdue(_rules: Rules, incident: Incident, now: datetime) -> tuple[Event, ...]:
    return (UpdateOverdue(at=now, by=_NABAT, due=incident.reminded_for or now),)


def _resolve(rules: Rules, incident: Incident, now: datetime) -> tuple[Event, ...]:
    return (ResolutionOverdue(at=now, by=_NABAT, deadline=deadlines(rules, incident).resolve_by),)


_FIRED = {
    REPEAT: _repeat,
    RESPOND: _respond,
    UPDATE: _update,
    UPDATE_OVERDUE: _update_overdue,
    UPDATE_ESCALATE: call_the_next,
    BETA: beta.follow,
    BETA_TELL: beta.tell,
    RESOLVE: _resolve,
    HOLDER: ask,
    HOLDER_SILENT: call_another,
    APPROVAL: approving.ask,
}
