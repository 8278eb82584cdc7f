"""The rollback matrix: a row that holds acts or asks, once for each breach; unknown data is told and never acts."""

from datetime import datetime

from bot.domain.acting import Decision, presser
from bot.domain.acting_commands import Breach, Decide, Flag, ObserveTrigger, ReportReadable, ReportUnclear
from bot.domain.acting_events import (
    ActionStarted,
    DecisionApproved,
    DecisionExpired,
    DecisionRefused,
    DecisionRejected,
    DecisionRepeated,
    Flagged,
    TriggerCleared,
    TriggerFired,
    TriggerReadable,
    TriggerUnclear,
    WhyAsked,
    WhyRefused,
)
from bot.domain.acting_rejections import AlreadyFlagged, DecisionOver, NothingToDecide, TakesMoreAuthority, UnknownFlag
from bot.domain.actors import Actor, System
from bot.domain.events import Event, PageCause, Paged, SeverityChanged
from bot.domain.evolving import replay
from bot.domain.incident import Incident
from bot.domain.paging import not_told_at, reachable
from bot.domain.plan import Rollback, Trigger, TriggerMode
from bot.domain.rejections import AlreadyClosed, NotOnTheTeam, Rejection, TooLong
from bot.domain.rules import Rules
from bot.domain.rulings.actions import busy, has_authority, why_refused

REASON_LIMIT = 500
_NABAT = System()


def row(rules: Rules, trigger: str) -> Trigger | None:
    """The row of the matrix of that name."""
    rollback = rules.plan.rollback
    return next((each for each in rollback.triggers if each.name == trigger), None) if rollback else None


def in_band(row: Trigger, value: float) -> bool:
    """Whether a value is inside of a row's band: beyond `above` up to and including `up_to`, or under `below`."""
    if row.below is not None:
        return value < row.below
    return row.above is not None and value > row.above and (row.up_to is None or value <= row.up_to)


def decider(rules: Rules, trigger: Trigger) -> str:
    """The role that decides when humans are asked: the row's own, or that of the action where the row names none."""
    if rules.plan.authority(trigger.authority) or rules.plan.rollback is None:
        return trigger.authority
    return rules.plan.actions[rules.plan.rollback.action].authority


def flag(rules: Rules, incident: Incident, command: Flag, now: datetime) -> tuple[Event, ...] | Rejection:
    """Set a flag: the incident is as bad as the plan says of it, and every row that watches it fires."""
    if not incident.is_open:
        return AlreadyClosed(incident.merged_into)
    known = rules.plan.flags
    if command.flag not in known:
        return UnknownFlag(command.flag, tuple(known))
    if command.flag in incident.acting.flags:
        return AlreadyFlagged(command.flag)
    raised = _as_bad_as(rules, incident, known[command.flag], now)
    flagged = Flagged(
        at=now, by=command.by, flag=command.flag, raises_to=next((each.severity for each in raised), None)
    )
    events: tuple[Event, ...] = (flagged, *raised)
    rollback = rules.plan.rollback
    if rollback is None:
        return events
    for each in rollback.triggers:
        if each.flag == command.flag:
            events += _fire(rules, rollback, replay(incident.id, events, incident), each, None, now)
    return events


def _as_bad_as(rules: Rules, incident: Incident, severity: str | None, now: datetime) -> tuple[SeverityChanged, ...]:
    """A flag makes an incident worse where the plan says so, and never milder."""
    if severity is None or not rules.milder(incident.severity, than=severity):
        return ()
    return (SeverityChanged(at=now, by=_NABAT, before=incident.severity, severity=severity),)


def observe(rules: Rules, incident: Incident, command: ObserveTrigger, now: datetime) -> tuple[Event, ...]:
    """A row was looked at: a breach fires it once, and its end ends the question."""
    seen = command.observation
    if not isinstance(seen, Breach):
        return _cleared(incident, command.trigger, seen.value, now)
    rollback, trigger = rules.plan.rollback, row(rules, command.trigger)
    if rollback is None or trigger is None:
        return ()
    carried_by = rules.across.episodes.get(command.trigger)
    if not incident.is_open or carried_by is not None or command.trigger in incident.acting.episodes:
        return ()
    return _fire(rules, rollback, incident, trigger, seen.value, now)


def _cleared(incident: Incident, trigger: str, value: float, now: datetime) -> tuple[Event, ...]:
    if trigger not in incident.acting.episodes:
        return ()
    waiting = [decision for decision in incident.acting.pending if decision.trigger == trigger]
    if not waiting:
        return (TriggerCleared(at=now, by=_NABAT, trigger=trigger, value=value),)
    return tuple(
        DecisionExpired(at=now, by=_NABAT, trigger=trigger, decision=decision.number, value=value)
        for decision in waiting
    )


def _fire(
    rules: Rules, rollback: Rollback, incident: Incident, trigger: Trigger, value: float | None, now: datetime
) -> tuple[Event, ...]:
    """The row holds. While a rollback runs, only a row that may not wait is asked about; the others come after it."""
    runs = busy(rules, rollback.action) is not None or any(r.action == rollback.action for r in incident.acting.running)
    if runs and trigger.mode is not TriggerMode.IMMEDIATE:
        return ()
    why = _why_asked(rules, rollback, trigger, now)
    fired = TriggerFired(at=now, by=_NABAT, trigger=trigger.name, value=value, asks=why is not None, why_asks=why)
    events: tuple[Event, ...] = (*_at_the_worst(rules, incident, trigger, now), fired)
    if why is None:
        number = incident.version + len(events) + 1
        started = ActionStarted(at=now, by=_NABAT, run=number, action=rollback.action, trigger=trigger.name)
        return (*events, started)
    return (*events, *page_for(rules, replay(incident.id, events, incident), trigger, now))


def _why_asked(rules: Rules, rollback: Rollback, trigger: Trigger, now: datetime) -> WhyAsked | None:
    """None: the row may act by itself."""
    if trigger.mode is not TriggerMode.AUTO:
        return WhyAsked.MODE
    if not rollback.enabled:
        return WhyAsked.DISABLED
    last = rules.across.standings.get(rollback.action)
    return WhyAsked.COOLDOWN if last is not None and now < last.at + rollback.cooldown else None


def _at_the_worst(rules: Rules, incident: Incident, trigger: Trigger, now: datetime) -> tuple[Event, ...]:
    """What may not wait is an incident of the worst severity."""
    worst = next(iter(rules.plan.severities))
    return _as_bad_as(rules, incident, worst if trigger.mode is TriggerMode.IMMEDIATE else None, now)


def page_for(rules: Rules, incident: Incident, trigger: Trigger, now: datetime) -> tuple[Event, ...]:
    """Ask the authority that decides; those who were told at this very instant read the question there."""
    role = decider(rules, trigger)
    people = not_told_at(incident, asked(rules, incident, role, now), now)
    return (Paged(at=now, by=_NABAT, cause=PageCause.DECISION, people=people, roles=(role,)),) if people else ()


def asked(rules: Rules, incident: Incident, role: str, now: datetime) -> tuple[str, ...]:
    """Whom a decision is put to: the role, or the next above it that can be reached; else the role all the same."""
    for each in rules.plan.roles[max(rules.plan.authority(role) - 1, 0) :]:
        people = reachable(incident, rules.people_with(each, now))
        if people:
            return people
    return rules.people_with(role, now)


def unclear(incident: Incident, command: ReportUnclear, rules: Rules, now: datetime) -> tuple[Event, ...]:
    """Tell humans, once until it can be read again."""
    told = incident.acting.unclear | set(rules.across.unclear)
    news = tuple(trigger for trigger in command.triggers if trigger not in told)
    if not news or not incident.is_open:
        return ()
    return (TriggerUnclear(at=now, by=_NABAT, triggers=news, reason=command.reason[:REASON_LIMIT]),)


def readable(incident: Incident, command: ReportReadable, now: datetime) -> tuple[Event, ...]:
    """What could not be read can be read again."""
    back = tuple(trigger for trigger in command.triggers if trigger in incident.acting.unclear)
    return (TriggerReadable(at=now, by=_NABAT, triggers=back),) if back else ()


def decide(rules: Rules, incident: Incident, command: Decide, now: datetime) -> tuple[Event, ...] | Rejection:
    """Yes or no, by the authority of the row or a higher one. A press that may not decide is recorded, once."""
    decision = _meant(incident, command.decision)
    if decision is None:
        return NothingToDecide()
    trigger = row(rules, decision.trigger)
    role = decider(rules, trigger) if trigger is not None else rules.plan.roles[-1]
    if not has_authority(rules, command.by, role):
        why = why_refused(rules, command.by)
        otherwise = TakesMoreAuthority(role) if why is WhyRefused.AUTHORITY else NotOnTheTeam()
        return _refused(incident, command.by, decision, why, role, now) or otherwise
    if decision.settled_by is not None or not incident.is_open:
        return _refused(incident, command.by, decision, WhyRefused.OVER, None, now) or DecisionOver()
    if len(command.reason) > REASON_LIMIT:
        return TooLong(REASON_LIMIT)
    if not command.approve:
        return (_said(DecisionRejected, decision, command, now),)
    return _approved(rules, incident, decision, command, now)


def _approved(
    rules: Rules, incident: Incident, decision: Decision, command: Decide, now: datetime
) -> tuple[Event, ...] | Rejection:
    rollback = rules.plan.rollback
    if rollback is None:
        return NothingToDecide()
    running = busy(rules, rollback.action)
    if running is not None:
        return running
    run = incident.version + 2
    started = ActionStarted(at=now, by=command.by, run=run, action=rollback.action, trigger=decision.trigger)
    return (_said(DecisionApproved, decision, command, now), started)


def _said(
    kind: type[DecisionApproved | DecisionRejected], decision: Decision, command: Decide, now: datetime
) -> DecisionApproved | DecisionRejected:
    return kind(
        at=now, by=command.by, trigger=decision.trigger, decision=decision.number, reason=command.reason.strip()
    )


def _meant(incident: Incident, number: int | None) -> Decision | None:
    if number is not None:
        return incident.acting.decision(number)
    return next(iter(incident.acting.pending), None)


def _refused(
    incident: Incident, by: Actor, decision: Decision, why: WhyRefused, role: str | None, now: datetime
) -> tuple[Event, ...]:
    if f"decision {decision.number} {presser(by)}" in incident.acting.refused:
        return ()
    return (DecisionRefused(at=now, by=by, decision=decision.number, why=why, role=role),)


def ask_again(rules: Rules, incident: Incident, number: int, now: datetime) -> tuple[Event, ...]:
    """Nobody has decided for a while: the authority is asked once more."""
    decision = incident.acting.decision(number)
    trigger = row(rules, decision.trigger) if decision is not None else None
    if decision is None or trigger is None:
        return ()
    again = DecisionRepeated(at=now, by=_NABAT, trigger=decision.trigger, decision=number)
    return (again, *page_for(rules, incident, trigger, now))
