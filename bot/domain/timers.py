"""When an incident will next ask for something: a function of its state, so that a change cancels by construction."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.approval import approval_timers
from bot.domain.incident import Escalation, Incident, Status
from bot.domain.paging import answerable
from bot.domain.plan import TriggerMode
from bot.domain.review_times import review_timers
from bot.domain.rules import Rules
from bot.domain.verifying_times import verification_timers, watch_of

RESPOND = "respond"
RESOLVE = "resolve"
REPEAT = "repeat"
ESCALATION = "escalation"
UPDATE = "update"
UPDATE_OVERDUE = "update_overdue"
UPDATE_ESCALATE = "update_escalate"
NOTIFY = "notify:"
HOLDER = "holder"
HOLDER_SILENT = "holder_silent"
BETA = "beta"
BETA_TELL = "beta_tell"
DECISION = "decision:"
"""Followed by the decision's number."""

UNANSWERED_ESCALATION_REPEATS = timedelta(minutes=5)
"""How often an unanswered escalation is repeated where the severity has no `repeat_every`."""

DECISION_REPEATS = timedelta(minutes=5)
"""How often an open decision is asked again: one that may not wait until it is made, any other once."""


@dataclass(frozen=True, slots=True)
class Deadlines:
    """What is due, in UTC. `respond_by` is None once somebody has it, `update_by` where updates come as needed."""

    respond_by: datetime | None
    resolve_by: datetime
    update_by: datetime | None


def deadlines(rules: Rules, incident: Incident) -> Deadlines:
    """The deadlines of an open incident, counted from the declaration or the change to its present severity."""
    severity = rules.severity(incident.severity)
    after = rules.plan.calendar.after
    unanswered = incident.status is Status.UNANSWERED
    return Deadlines(
        respond_by=_respond_by(rules, incident) if unanswered else None,
        resolve_by=after(incident.severity_since, severity.resolve_within),
        update_by=_update_by(rules, incident),
    )


def due(rules: Rules, incident: Incident) -> dict[str, datetime]:
    """All timers of an incident: key -> when it falls due, in UTC.

    Once it is closed, those of its review, and of the closing word while that waits for a yes.
    """
    after_the_end = {**review_timers(rules, incident), **approval_timers(rules, incident)}
    if not incident.is_open:
        return after_the_end
    return {
        **after_the_end,
        **verification_timers(rules, incident),
        **_beta(rules, incident),
        **_notify(rules, incident),
        **_pages(rules, incident),
        **_updates(rules, incident),
        **_resolution(rules, incident),
        **presence_timers(rules, incident),
        **_decisions(rules, incident),
    }


def update_every(rules: Rules, incident: Incident) -> timedelta | None:
    """How often those who wait get news: the stricter of the severity's cadence and a launch's. None: as needed."""
    usual = rules.severity(incident.severity).update_every
    if incident.following.since is None:
        return usual
    return min(usual or rules.plan.beta.digest_every, rules.plan.beta.digest_every)


def tells_of_every_issue_since(incident: Incident) -> datetime | None:
    """Since when those must have been told whom a launch tells of every issue; None where it follows none."""
    since = incident.following.since
    return None if since is None else max(since, incident.severity_since)


def _beta(rules: Rules, incident: Incident) -> dict[str, datetime]:
    """When a launch begins or ends for it, and the call to those who are told of every issue."""
    following = incident.following
    seen_at = following.seen_at or incident.declared_at
    launch = rules.beta.launch_at(seen_at)
    change = rules.beta.launch_change_after(seen_at)
    timers: dict[str, datetime] = {}
    if (launch.since if launch else None) != following.since:
        timers[BETA] = seen_at  # a person has switched it since
    elif change is not None:
        timers[BETA] = change
    since = tells_of_every_issue_since(incident)
    if since is not None and not _told_of_it(rules, incident, since):
        timers[BETA_TELL] = since
    return timers


def _told_of_it(rules: Rules, incident: Incident, since: datetime) -> bool:
    """Whether they were told by the launch, or by their severity's own steps anyway."""
    if incident.following.told_at is not None and incident.following.told_at >= since:
        return True
    people = [person for role in rules.plan.beta.escalate_to for person in rules.roster.with_role(role)]
    return all(person in incident.told_at and incident.told_at[person] >= since for person in people)


def _respond_by(rules: Rules, incident: Incident) -> datetime:
    """The stricter of the severity's time to answer and a launch's."""
    by = rules.plan.calendar.after(incident.severity_since, rules.severity(incident.severity).respond_within)
    since = tells_of_every_issue_since(incident)
    return by if since is None else min(by, since + rules.plan.beta.respond_within)


def _update_planned(rules: Rules, incident: Incident) -> datetime | None:
    """When the next update is due if nobody puts it off: by the stricter of the two cadences. None: as needed.

    A fix under watch is news with an end that everybody was told; a watch longer than the cadence owes updates as ever
    (written plan: every 30 minutes at SEV-1).
    """
    usual, since = rules.severity(incident.severity).update_every, incident.following.since
    planned = [] if usual is None else [incident.update_base + usual]
    if since is not None:
        planned.append(max(incident.update_base, since) + rules.plan.beta.digest_every)
    watch = watch_of(incident)
    return min((at for at in planned if watch is None or at < watch.until), default=None)


def _notify(rules: Rules, incident: Incident) -> dict[str, datetime]:
    after = rules.plan.calendar.after
    answered = incident.status is not Status.UNANSWERED
    return {
        f"{NOTIFY}{number}": after(incident.severity_since, step.after)
        for number, step in enumerate(rules.severity(incident.severity).notify)
        if number not in incident.steps_done and not (answered and step.unless == "acknowledged")
    }


def _pages(rules: Rules, incident: Incident) -> dict[str, datetime]:
    severity = rules.severity(incident.severity)
    timers: dict[str, datetime] = {}
    if incident.escalation is not None:
        timers[ESCALATION] = _called_again(rules, incident, incident.escalation)
    if incident.status is not Status.UNANSWERED:
        return timers
    respond_by = _respond_by(rules, incident)
    if incident.response_overdue_for is None or incident.response_overdue_for < respond_by:
        timers[RESPOND] = respond_by
    last = _longest_unasked(rules, incident)
    if severity.repeat_every and last:
        timers[REPEAT] = last + severity.repeat_every
    return timers


def _called_again(rules: Rules, incident: Incident, call: Escalation) -> datetime:
    """When an unanswered call goes on. One for a holder's silence is no alarm where no page is repeated."""
    if incident.presence.silent_since is not None and rules.severity(incident.severity).repeat_every is None:
        return rules.plan.calendar.after(call.last_paged_at, rules.holding(incident.severity)[1])
    return call.last_paged_at + page_cadence(rules, incident)


def page_cadence(rules: Rules, incident: Incident) -> timedelta:
    """How often an unanswered page or call is repeated."""
    return rules.severity(incident.severity).repeat_every or UNANSWERED_ESCALATION_REPEATS


def in_turn(rules: Rules, incident: Incident, people: Iterable[str], now: datetime) -> tuple[str, ...]:
    """Those of `people`, all told before, whom a repeat reaches now.

    Somebody paged a moment ago, out of turn, is not paged again; past half the cadence they join the common turn.
    """
    pause = page_cadence(rules, incident) / 2
    return tuple(person for person in people if incident.told_at[person] + pause <= now)


def _longest_unasked(rules: Rules, incident: Incident) -> datetime | None:
    """When the one who waits longest for a repeat was last paged: a page to others does not put it off."""
    told = [incident.told_at[person] for person in answerable(rules, incident, incident.paged)]
    return min(told, default=incident.last_paged_at)


def _update_by(rules: Rules, incident: Incident) -> datetime | None:
    planned = _update_planned(rules, incident)
    return None if planned is None else incident.snoozed_until or planned


def _updates(rules: Rules, incident: Incident) -> dict[str, datetime]:
    every, planned = update_every(rules, incident), _update_planned(rules, incident)
    if every is None or planned is None:
        return {}
    # A launch that began or ended since moves the update: a reminder of before is none for it.
    if incident.reminded_for is None or incident.reminded_for < planned:
        return {UPDATE: incident.snoozed_until or planned}
    if incident.overdue_pinged_at is None or incident.overdue_pinged_at < incident.reminded_for:
        return {UPDATE_OVERDUE: incident.reminded_for + min(rules.plan.updates.overdue_after, every)}
    timers = {UPDATE_OVERDUE: incident.overdue_pinged_at + every}
    # While nobody has it the pages ask for authority.
    if incident.status is not Status.UNANSWERED and incident.chase.called_at is None:
        timers[UPDATE_ESCALATE] = incident.overdue_pinged_at + min(rules.plan.updates.escalate_after, every)
    return timers


def _resolution(rules: Rules, incident: Incident) -> dict[str, datetime]:
    if incident.status is Status.VERIFYING:
        return {}
    counted_from = incident.resolution_asked_at or incident.severity_since
    return {RESOLVE: rules.plan.calendar.after(counted_from, rules.severity(incident.severity).resolve_within)}


def presence_timers(rules: Rules, incident: Incident) -> dict[str, datetime]:
    """Whether the holder is asked for a sign, or somebody else is called; not while others are called already."""
    presence = incident.presence
    if incident.status is not Status.IN_HAND or incident.escalation is not None or presence.since is None:
        return {}
    ask_after, escalate_after = rules.holding(incident.severity)
    if presence.asked_at is None:
        return {HOLDER: rules.plan.calendar.after(presence.since, ask_after)}
    return {HOLDER_SILENT: rules.plan.calendar.after(presence.asked_at, escalate_after)}


def _decisions(rules: Rules, incident: Incident) -> dict[str, datetime]:
    rows = {row.name: row for row in rules.plan.rollback.triggers} if rules.plan.rollback else {}
    return {
        f"{DECISION}{decision.number}": decision.last_asked_at + DECISION_REPEATS
        for decision in incident.acting.pending
        if decision.trigger in rows and (rows[decision.trigger].mode is TriggerMode.IMMEDIATE or not decision.repeats)
    }
