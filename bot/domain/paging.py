"""Whom to page next: the order of authority, who was told already, and who can't be reached."""

from collections.abc import Iterable
from datetime import datetime

from bot.domain.incident import Incident
from bot.domain.rules import TEAM, Rules


def reachable(incident: Incident, people: Iterable[str]) -> tuple[str, ...]:
    """Those of `people` whom the bot is not known to be unable to write to."""
    return tuple(person for person in people if person not in incident.unreachable)


def not_told_at(incident: Incident, people: Iterable[str], now: datetime) -> tuple[str, ...]:
    """Those of `people` who were not told at this very instant: steps that coincide page a person once."""
    return tuple(person for person in people if incident.told_at.get(person) != now)


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


def somebody_or_next(rules: Rules, incident: Incident, people: tuple[str, ...], now: datetime) -> tuple[str, ...]:
    """`people` who can be reached; when that is nobody and nobody else was reached either, the next in authority.

    When nobody at all can be reached, `people` as they are: they may have pressed Start since.
    """
    found = reachable(incident, people)
    if found or reachable(incident, incident.paged):
        return found
    return next_in_authority(rules, incident, now) or people
