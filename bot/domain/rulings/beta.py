"""A beta launch that begins or ends for an incident, and those who are told of every issue while it is on."""

from datetime import datetime

from bot.domain.actors import System
from bot.domain.events import Event, PageCause, Paged
from bot.domain.following_events import BetaFollowed
from bot.domain.incident import Incident, Status
from bot.domain.paging import not_told_at, somebody_or_next
from bot.domain.rules import Rules
from bot.domain.timers import tells_of_every_issue_since

_NABAT = System()


def follow(rules: Rules, incident: Incident, now: datetime) -> tuple[Event, ...]:
    """The launch that is on now, or none, decides the deadlines from here on."""
    launch = rules.beta.launch_at(now)
    since, until = (launch.since, launch.until) if launch else (None, None)
    return (BetaFollowed(at=now, by=_NABAT, before=incident.following.since, since=since, until=until),)


def tell(rules: Rules, incident: Incident, now: datetime) -> tuple[Event, ...]:
    """Written plan, beta launch days: immediate escalation to the Team Lead for any issue.

    Whoever was told since the launch or the severity began is not told again, nor is who has it.
    """
    roles = rules.plan.beta.escalate_to
    people = rules.people_with_any(roles, now)
    if incident.status is Status.UNANSWERED:
        people = somebody_or_next(rules, incident, people, now)
    since = tells_of_every_issue_since(incident) or now
    fresh = (p for p in people if p != incident.holder and (p not in incident.told_at or incident.told_at[p] < since))
    people = not_told_at(incident, fresh, now)
    return (Paged(at=now, by=_NABAT, cause=PageCause.BETA, people=people, roles=roles),)
