"""Asking for more authority, and paging past those who can't be reached."""

from datetime import datetime

from bot.domain.commands import Escalate, ReportUnreachable
from bot.domain.events import Escalated, Event, PageCause, Paged, PageFailed
from bot.domain.incident import Incident, Status
from bot.domain.paging import next_in_authority, reachable
from bot.domain.rejections import AlreadyClosed, NobodyAbove, Rejection, UnknownRole
from bot.domain.rules import ON_CALL, TEAM, Rules


def role_above(rules: Rules, incident: Incident, authority: int, now: datetime) -> str | None:
    """The lowest role above `authority` in which somebody other than the holder can be reached."""
    for role in rules.plan.roles:
        if rules.plan.authority(role) <= authority:
            continue
        if any(person != incident.holder for person in reachable(incident, rules.people_with(role, now))):
            return role
    return None


def escalate(rules: Rules, incident: Incident, command: Escalate, now: datetime) -> tuple[Event, ...] | Rejection:
    """Page `role`, or the next authority above the holder, above on-call, or above a call that went unanswered."""
    if not incident.is_open:
        return AlreadyClosed(incident.merged_into)
    if command.role is not None and command.role not in (*rules.plan.roles, TEAM):
        return UnknownRole(command.role, (*rules.plan.roles, TEAM))
    role = command.role or role_above(rules, incident, _asked_so_far(rules, incident), now)
    if role is None:
        return NobodyAbove()
    people = tuple(p for p in reachable(incident, rules.people_with(role, now)) if p != incident.holder)
    if not people:
        return NobodyAbove(role)
    return (
        Escalated(at=now, by=command.by, role=role, reason=command.reason),
        Paged(at=now, by=command.by, cause=PageCause.ESCALATION, people=people, roles=(role,)),
    )


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
    if incident.status is not Status.UNANSWERED or command.person not in incident.paged:
        return (failed,)
    rank = rules.authority_of(command.person)
    others = [person for person in reachable(incident, incident.paged) if person != command.person]
    if any(rules.authority_of(person) >= rank for person in others):
        return (failed,)
    people = next_in_authority(rules, incident, now)
    if not people:
        return (failed,)
    return (failed, Paged(at=now, by=command.by, cause=PageCause.UNREACHABLE, people=people))
