"""Asking for more authority, and paging past those who can't be reached."""

from datetime import datetime

from bot.domain.actors import System
from bot.domain.commands import Escalate, HandPageOver, ReportReachable, ReportUnreachable
from bot.domain.events import Escalated, Event, PageCause, Paged, PageFailed, PageHandedOver, ReachableAgain
from bot.domain.evolving import evolve
from bot.domain.incident import Escalation, Incident, Status
from bot.domain.paging import answerable, next_in_authority, not_told_at, others_with, paged_off_duty, stood_in_for
from bot.domain.rejections import AlreadyClosed, NobodyAbove, Rejection, UnknownRole
from bot.domain.rules import ON_CALL, TEAM, Rules
from bot.domain.timers import in_turn

_NABAT = System()


def role_above(rules: Rules, incident: Incident, authority: int, now: datetime) -> str | None:
    """The lowest role above `authority` in which somebody other than the holder can be reached."""
    for role in rules.plan.roles:
        if rules.plan.authority(role) <= authority:
            continue
        if others_with(rules, incident, role, now):
            return role
    return None


def climb(rules: Rules, incident: Incident, call: Escalation, now: datetime) -> tuple[Event, ...]:
    """An unanswered call goes to the next authority too, and to those already called; nothing if there is none.

    Above the whole team is nobody: every authority has been called with it.
    """
    role = None if call.role == TEAM else role_above(rules, incident, rules.plan.authority(call.role), now)
    if role is None:
        return ()
    called = in_turn(rules, incident, answerable(rules, incident, call.people), now)
    above = tuple(person for person in others_with(rules, incident, role, now) if person not in call.people)
    people = (*called, *not_told_at(incident, above, now))
    return (
        Escalated(at=now, by=_NABAT, role=role, reason=call.reason),
        Paged(at=now, by=_NABAT, cause=PageCause.ESCALATION, people=people, roles=(role,)),
    )


def escalate(rules: Rules, incident: Incident, command: Escalate, now: datetime) -> tuple[Event, ...] | Rejection:
    """Page `role`, or the next authority above the holder, above on-call, or above a call that went unanswered."""
    if not incident.is_open:
        return AlreadyClosed(incident.merged_into)
    if command.role is not None and command.role not in (*rules.plan.roles, TEAM):
        return UnknownRole(command.role, (*rules.plan.roles, TEAM))
    role = command.role or next_role(rules, incident, now)
    if role is None:
        return NobodyAbove()
    people = others_with(rules, incident, role, now)
    if not people:
        return NobodyAbove(role)
    return (
        Escalated(at=now, by=command.by, role=role, reason=command.reason),
        Paged(at=now, by=command.by, cause=PageCause.ESCALATION, people=people, roles=(role,)),
    )


def next_role(rules: Rules, incident: Incident, now: datetime) -> str | None:
    """Whom an escalation without a role calls; None when nobody is left."""
    return role_above(rules, incident, _asked_so_far(rules, incident), now)


def _asked_so_far(rules: Rules, incident: Incident) -> int:
    if incident.escalation is not None:
        return rules.plan.authority(incident.escalation.role)
    if incident.holder is not None:
        return max(rules.authority_of(incident.holder), rules.plan.authority(ON_CALL))
    return rules.plan.authority(ON_CALL)


def unreachable(
    rules: Rules, incident: Incident, command: ReportUnreachable, now: datetime
) -> tuple[Event, ...] | Rejection:
    """Note that a person can't be written to; page the next one at once when nobody of their rank has been reached."""
    if command.person in incident.unreachable:
        return ()
    failed = PageFailed(at=now, by=command.by, person=command.person, reason=command.reason)
    return (failed, *_in_place_of(rules, evolve(incident, failed), command.person, now))


def _in_place_of(rules: Rules, incident: Incident, person: str, now: datetime) -> tuple[Event, ...]:
    call = incident.escalation
    if call is not None and person in call.people and not answerable(rules, incident, call.people):
        climbed = climb(rules, incident, call, now)
        if climbed:
            return climbed
    if incident.status is not Status.UNANSWERED or person not in incident.paged:
        return ()
    if stood_in_for(rules, incident, (person,)):
        return ()
    people = next_in_authority(rules, incident, now)
    return (Paged(at=now, by=_NABAT, cause=PageCause.UNREACHABLE, people=people),) if people else ()


def reachable_again(rules: Rules, incident: Incident, command: ReportReachable, now: datetime) -> tuple[Event, ...]:
    """The page that could not reach somebody does so now, if they are on the roster and their answer is waited for."""
    if command.person not in incident.unreachable or not incident.is_open:
        return ()
    back = ReachableAgain(at=now, by=command.by, person=command.person)
    waited_for = incident.status is Status.UNANSWERED and command.person in incident.paged
    if not waited_for or command.person not in rules.roster.people:
        return (back,)
    return (back, Paged(at=now, by=_NABAT, cause=PageCause.REPEAT, people=(command.person,)))


def hand_page_over(rules: Rules, incident: Incident, command: HandPageOver, now: datetime) -> tuple[Event, ...]:
    """Whoever is on call now is paged instead of whoever was when the page was written, unless asked already."""
    record = incident.pages.get(command.person)
    if record is None or record.event != command.number or not paged_off_duty(rules, incident, command.person, now):
        return ()
    on_call = answerable(rules, incident, rules.people_with(ON_CALL, now))
    people = tuple(person for person in on_call if person not in incident.paged)
    gone = PageHandedOver(at=now, by=command.by, person=command.person)
    paged = Paged(at=now, by=command.by, cause=PageCause.HANDOVER, people=people, roles=(ON_CALL,))
    return (gone, paged) if people else (gone,)
