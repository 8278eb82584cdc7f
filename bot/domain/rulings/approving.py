"""Drafts that nobody decides on: their approver is asked again, then the next authority."""

from datetime import datetime

from bot.domain.actors import System
from bot.domain.approval import asked_at, asked_in_turn
from bot.domain.draft_events import DraftsAwaited
from bot.domain.events import Event
from bot.domain.incident import Incident
from bot.domain.paging import reachable
from bot.domain.rules import Rules


def ask(rules: Rules, incident: Incident, now: datetime) -> tuple[Event, ...]:
    """One question about all drafts whose time has come and that were asked for as often."""
    due = [(at, each) for each in incident.drafts.all if (at := asked_at(rules, incident, each)) and at <= now]
    times = min(due, key=lambda pair: pair[0])[1].asked
    drafts = [draft for _, draft in due if draft.asked == times]
    role, people = _whom(rules, incident, asked_in_turn(rules.plan)[times], now)
    return (
        DraftsAwaited(
            at=now,
            by=System(),
            drafts=tuple(draft.number for draft in drafts),
            audiences=tuple(draft.audience for draft in drafts),
            since=min(draft.offered_at for draft in drafts),
            role=role,
            people=people,
            times=times + 1,
        ),
    )


def _whom(rules: Rules, incident: Incident, role: str, now: datetime) -> tuple[str, tuple[str, ...]]:
    """The role, or the next above it that can be reached; else the role all the same: they may have pressed Start."""
    for each in rules.plan.roles[rules.plan.authority(role) - 1 :]:
        people = reachable(incident, rules.people_with(each, now))
        if people:
            return each, people
    return role, rules.people_with(role, now)
