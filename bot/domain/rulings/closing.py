"""The end of an incident and its undoing: resolve, reopen, merge."""

from datetime import datetime

from bot.domain.commands import Absorb, MergeInto, Reopen
from bot.domain.events import Absorbed, Event, MergedInto, Reopened, SeverityChanged
from bot.domain.evolving import replay
from bot.domain.incident import Incident, Status
from bot.domain.rejections import AlreadyClosed, CannotMergeItself, DrillIsNotReal, Rejection, StillOpen
from bot.domain.rules import Rules
from bot.domain.rulings.carrying import carry
from bot.domain.rulings.verifying import not_over


def reopen(incident: Incident, command: Reopen, now: datetime) -> tuple[Event, ...] | Rejection:
    """It is not over: everything is planned anew, and on-call is paged. What was merged is carried on elsewhere."""
    if incident.status is Status.VERIFYING:
        return not_over(command, now)
    if incident.is_open:
        return StillOpen()
    if incident.status is Status.MERGED:
        return AlreadyClosed(incident.merged_into)
    return (Reopened(at=now, by=command.by, reason=command.reason),)


def merge_into(incident: Incident, command: MergeInto, now: datetime) -> tuple[Event, ...] | Rejection:
    """This one ends; the other carries its alerts on."""
    if command.incident == incident.id:
        return CannotMergeItself()
    if not incident.is_open:
        return AlreadyClosed(incident.merged_into)
    if command.drill != incident.drill:
        return DrillIsNotReal()
    return (MergedInto(at=now, by=command.by, incident=command.incident, together=command.together),)


def absorb(rules: Rules, incident: Incident, command: Absorb, now: datetime) -> tuple[Event, ...] | Rejection:
    """Take over another's alerts and groups, the worse of the two severities, its questions and its breaches."""
    if command.incident == incident.id:
        return CannotMergeItself()
    if not incident.is_open:
        return AlreadyClosed(incident.merged_into)
    if command.drill != incident.drill:
        return DrillIsNotReal()
    absorbed = Absorbed(
        at=now,
        by=command.by,
        incident=command.incident,
        title=command.title,
        alerts=command.alerts,
        groups=command.groups,
        told=dict(command.told),
        episodes=tuple(sorted(command.acting.episodes)) if command.acting else (),
        unclear=tuple(sorted(command.acting.unclear)) if command.acting else (),
    )
    events: tuple[Event, ...] = (absorbed,)
    worse = command.severity
    if worse is not None and worse in rules.plan.severities and rules.milder(incident.severity, than=worse):
        events = (absorbed, SeverityChanged(at=now, by=command.by, before=incident.severity, severity=worse))
    return (*events, *carry(rules, replay(incident.id, events, incident), command, now))
