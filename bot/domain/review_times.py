"""When the review and its action items ask for something: a function of the incident's state, like all timers."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.domain.calendar import Calendar
from bot.domain.durations import BusinessDays
from bot.domain.incident import Incident, Status
from bot.domain.review import ActionItem, Review
from bot.domain.rules import ON_CALL, Rules

REVIEW = "review:"
SCHEDULE = f"{REVIEW}schedule"
REMIND = f"{REVIEW}remind"
OVERDUE = f"{REVIEW}overdue"
FOLLOW_UP = f"{REVIEW}follow_up"
ITEM = "item:"
"""Followed by the action item's number."""

_IN_BUSINESS_HOURS = BusinessDays(0)


def review_timers(rules: Rules, incident: Incident) -> dict[str, datetime]:
    """All timers of an incident's review: key -> when it falls due, in UTC."""
    return {**_review(rules, incident), **_items(rules, incident.review)}


def due_at(rules: Rules, resolved_at: datetime) -> datetime:
    """When the review of an incident is due, in UTC."""
    return resolved_at + rules.plan.review.due_within


def follow_up_at(rules: Rules, resolved_at: datetime) -> datetime:
    """When what is still open is looked at once more, in UTC: within business hours, as nothing burns any more."""
    return rules.plan.calendar.after(resolved_at + rules.plan.review.follow_up_after, _IN_BUSINESS_HOURS)


def usual_day(rules: Rules, owner: str, now: datetime) -> date:
    """The day of an action item for which none was named: that of a follow-up from now, in the owner's zone."""
    return follow_up_at(rules, now).astimezone(_calendar_of(rules, owner).timezone).date()


def day_of(rules: Rules, owner: str, now: datetime) -> date:
    """Which day it is where the owner of an action item is."""
    return now.astimezone(_calendar_of(rules, owner).timezone).date()


def authority_called(rules: Rules, calls: int) -> str | None:
    """The role that hears of a review so many calls overdue: each time the next above on-call. None: none is left."""
    above = [role for role in rules.plan.roles if role != ON_CALL]
    return above[calls] if calls < len(above) else None


def wants_review(rules: Rules, incident: Incident) -> bool:
    """Whether the plan has a review for the severity that the incident ended with."""
    chosen = rules.plan.review.severities
    return chosen is None or incident.severity in chosen


def _review(rules: Rules, incident: Incident) -> dict[str, datetime]:
    review, resolved_at = incident.review, incident.resolved_at
    if incident.status is not Status.RESOLVED or resolved_at is None:
        return {}
    if review.due is None or review.follow_up is None:
        return {SCHEDULE: resolved_at} if wants_review(rules, incident) else {}
    timers = {} if review.followed_up else {FOLLOW_UP: review.follow_up}
    if review.under_way:
        timers |= _until_closed(rules, review, review.due)
    return timers


def _until_closed(rules: Rules, review: Review, due: datetime) -> dict[str, datetime]:
    """It is asked for once before its time, then at it, then each morning until every authority was told."""
    if review.overdue_at is None:
        before = min(rules.plan.review.remind_before, rules.plan.review.due_within / 2)
        return {OVERDUE: due} if review.reminded else {REMIND: due - before, OVERDUE: due}
    if authority_called(rules, review.overdue_calls) is None:
        return {}
    return {OVERDUE: rules.plan.calendar.next_opening(review.overdue_at)}


def _items(rules: Rules, review: Review) -> dict[str, datetime]:
    return {f"{ITEM}{item.number}": _reminder(rules, item) for item in review.open_items}


def _reminder(rules: Rules, item: ActionItem) -> datetime:
    """On its day when the owner's business opens, then every working day until it is done; later than it was asked."""
    calendar = _calendar_of(rules, item.owner)
    day = datetime.combine(item.due, calendar.opens, calendar.timezone)
    return calendar.next_opening(max(item.reminded_at or item.at, day - timedelta(microseconds=1)))


def _calendar_of(rules: Rules, person: str) -> Calendar:
    """The plan's business hours where a person is."""
    member = rules.roster.people.get(person)
    return replace(rules.plan.calendar, timezone=member.timezone) if member else rules.plan.calendar
