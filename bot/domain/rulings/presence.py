"""The holder of an incident who gives no sign: asked first, then somebody else is called."""

from datetime import datetime

from bot.domain.actors import Responder, System
from bot.domain.events import Event, PageCause, Paged
from bot.domain.incident import Incident
from bot.domain.paging import not_told_at, others_with
from bot.domain.presence_commands import GiveSign
from bot.domain.presence_events import HolderAsked, HolderSilent, HolderThere
from bot.domain.rejections import AlreadyAcknowledged, AlreadyClosed, Rejection
from bot.domain.rules import TEAM, Rules
from bot.domain.timers import HOLDER, presence_timers

_NABAT = System()


def ask(_rules: Rules, incident: Incident, now: datetime) -> tuple[Event, ...]:
    """No sign for a while: ask for one."""
    return (HolderAsked(at=now, by=_NABAT, person=incident.holder or "?"),)


def call_another(rules: Rules, incident: Incident, now: datetime) -> tuple[Event, ...]:
    """No sign after the question either: the next authority is called, if there is anybody, and may take it over."""
    role, people = _next(rules, incident, now)
    since = incident.presence.since or now
    holder = incident.holder or "?"
    silent = HolderSilent(at=now, by=_NABAT, person=holder, since=since, role=role, people=people)
    paged = not_told_at(incident, people, now)
    if not paged:
        return (silent,)
    return (silent, Paged(at=now, by=_NABAT, cause=PageCause.ESCALATION, people=paged, roles=(role,)))


def _next(rules: Rules, incident: Incident, now: datetime) -> tuple[str, tuple[str, ...]]:
    """The lowest role above the holder in which somebody can be reached; else the highest that can; else the team."""
    held = rules.authority_of(incident.holder or "?")
    above = tuple(role for role in rules.plan.roles if rules.plan.authority(role) > held)
    below = tuple(role for role in reversed(rules.plan.roles) if rules.plan.authority(role) <= held)
    for role in (*above, *below):
        people = others_with(rules, incident, role, now)
        if people:
            return role, people
    return TEAM, others_with(rules, incident, TEAM, now)


def give_sign(rules: Rules, incident: Incident, command: GiveSign, now: datetime) -> tuple[Event, ...] | Rejection:
    """Keep a sign of the holder, unless one was given a short while ago."""
    if not incident.is_open:
        return AlreadyClosed(incident.merged_into)
    holder = incident.holder
    if holder is None:
        return ()
    if not isinstance(command.by, Responder) or command.by.person != holder:
        return AlreadyAcknowledged(holder)
    if not is_wanted(rules, incident, now):
        return ()
    return (HolderThere(at=now, by=command.by, ended_call=incident.presence.silent_since is not None),)


def is_wanted(rules: Rules, incident: Incident, now: datetime) -> bool:
    """Whether a sign of the holder is worth an entry: they were asked, or half of the time until that is over."""
    presence = incident.presence
    if presence.asked_at is not None or presence.silent_since is not None:
        return True
    at = presence_timers(rules, incident).get(HOLDER)
    return at is not None and presence.since is not None and now >= presence.since + (at - presence.since) / 2
