"""Whom to page next: the order of authority, who was told already, and who can't be reached."""

from collections.abc import Iterable
from datetime import datetime

from bot.domain.events import PageCause
from bot.domain.incident import Incident, Status
from bot.domain.rules import ON_CALL, TEAM, Rules

_FOR_WHO_IS_ON_CALL = frozenset({PageCause.STEP, PageCause.REPEAT, PageCause.HANDOVER})
"""Causes for which a person is paged by a role, rather than by name or because others did not answer."""


def reachable(incident: Incident, people: Iterable[str]) -> tuple[str, ...]:
    """Those of `people` whom the bot is not known to be unable to write to."""
    return tuple(person for person in people if person not in incident.unreachable)


def answerable(rules: Rules, incident: Incident, people: Iterable[str]) -> tuple[str, ...]:
    """Those of `people` who can be reached and are still on the roster: whoever left it can't be written to either."""
    return tuple(person for person in reachable(incident, people) if person in rules.roster.people)


def others_with(rules: Rules, incident: Incident, role: str, now: datetime) -> tuple[str, ...]:
    """Whom a role means at a time, besides the holder, as far as they can be reached."""
    people = reachable(incident, rules.people_with(role, now))
    return tuple(person for person in people if person != incident.holder)


def not_told_at(incident: Incident, people: Iterable[str], now: datetime) -> tuple[str, ...]:
    """Those of `people` who were not told at this very instant: steps that coincide page a person once.

    While nobody has it, that counts for those alone whose answer is waited for: who was told before the severity
    changed, at the same instant, is asked anew, or no repeat would ever reach them.
    """
    waiting = incident.status is Status.UNANSWERED
    return tuple(
        person for person in people if incident.told_at.get(person) != now or (waiting and person not in incident.paged)
    )


def next_in_authority(rules: Rules, incident: Incident, now: datetime) -> tuple[str, ...]:
    """The people of the lowest role that has somebody reachable whose answer is not waited for yet.

    When every role has been asked: the rest of the team.
    """
    asked = set(incident.paged)
    for role in (*rules.plan.roles, TEAM):
        people = tuple(p for p in reachable(incident, rules.people_with(role, now)) if p not in asked)
        if people:
            return people
    return ()


def responsible(rules: Rules, incident: Incident, now: datetime) -> tuple[str, ...]:
    """Who answers for an incident: its holder, or, when that one can't be written to, the lowest role that can."""
    holder = answerable(rules, incident, () if incident.holder is None else (incident.holder,))
    if holder:
        return holder
    for role in (*rules.plan.roles, TEAM):
        people = reachable(incident, rules.people_with(role, now))
        if people:
            return people
    return ()


def somebody_or_next(rules: Rules, incident: Incident, people: tuple[str, ...], now: datetime) -> tuple[str, ...]:
    """`people` who can be reached; when that is nobody, the next in authority.

    Nobody is paged in their place when somebody of their authority is reached already. When nobody at all can be
    reached, `people` as they are, or else the whole team: they may have pressed Start since.
    """
    found = answerable(rules, incident, people)
    if found or stood_in_for(rules, incident, people):
        return found
    rest = tuple(person for person in people if person in rules.roster.people)
    return next_in_authority(rules, incident, now) or rest or rules.people_with(TEAM, now)


def stood_in_for(rules: Rules, incident: Incident, people: Iterable[str]) -> bool:
    """Whether somebody whose answer is waited for, with the authority of the least of `people`, can be reached."""
    rank = min((rules.authority_of(person) for person in people), default=0)
    return any(rules.authority_of(person) >= rank for person in answerable(rules, incident, incident.paged))


def paged_off_duty(rules: Rules, incident: Incident, person: str, now: datetime) -> bool:
    """Whether a page was written to somebody as the one on call who no longer is.

    Not when another role that was told means them too, and not when nobody could be paged in their place.
    """
    record, written_at = incident.pages.get(person), incident.told_at.get(person)
    if record is None or written_at is None or record.cause not in _FOR_WHO_IS_ON_CALL:
        return False
    if incident.status is not Status.UNANSWERED or person not in incident.paged:
        return False
    steps = rules.severity(incident.severity).notify
    roles = tuple(role for number in incident.steps_done for role in steps[number].roles if role != ON_CALL)
    on_call = rules.people_with(ON_CALL, now)
    if person in on_call or person in rules.people_with_any(roles, now):
        return False
    return person in rules.people_with(ON_CALL, written_at) and bool(answerable(rules, incident, on_call))
