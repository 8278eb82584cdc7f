"""Whom a message may go to: what the plan, the roster and the log name, read from their data alone.

Nothing here asks the code that decides or tells. So where that code is wrong, the two differ.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from bot.domain.acting_events import ActionFinished, ActionLost, ActionStarted, DecisionRepeated, TriggerFired
from bot.domain.actors import Responder, System
from bot.domain.chasing_events import UpdateEscalated
from bot.domain.crew_events import IncidentRole, RoleGiven
from bot.domain.draft_events import DraftApproved, DraftOffered, DraftsAwaited
from bot.domain.events import (
    Declared,
    Escalated,
    Event,
    PageCause,
    Paged,
    PageFailed,
    Reopened,
    ResolutionOverdue,
    Resolved,
    ResponseOverdue,
    SeverityChanged,
    UpdateOverdue,
    UpdatePosted,
)
from bot.domain.intents import Audience, Intent, Page, Ping, RefreshCard, RefreshPages, RefreshTold, ShowPicture, Tell
from bot.domain.plan import TriggerMode
from bot.domain.presence_events import HolderAsked, HolderSilent
from bot.domain.resolving_events import VerificationBroken, VerificationStarted
from bot.domain.review_events import ActionItemCreated, ActionItemReminded, ReviewOverdue, ReviewReminded
from bot.domain.rules import Rules
from tests.domain.log_facts import Facts, facts_of
from tests.domain.named import Named

_TURNS = (Declared, Resolved, Reopened, VerificationStarted, VerificationBroken, SeverityChanged)
"""What stakeholders are told of besides the updates (issue: declared, severity, update, resolved)."""


def unnamed(rules: Rules, log: tuple[Event, ...], new: int, now: datetime, intents: Iterable[Intent]) -> Iterator[str]:
    """What goes to somebody whom nothing names; the last `new` events of the log are those of the decision."""
    for number in range(len(log) - new, len(log)):
        named = Named(rules, log[: number + 1], now)
        if isinstance(named.event, Paged):
            yield from _strangers(named, named.event.people, paged(named, named.event))
        if isinstance(named.event, DraftOffered | DraftApproved) and not goes_outside(named, named.event):
            yield f"the outside is told: {named.event}"
    for intent in intents:
        yield from _amiss(rules, log, now, intent)


def _amiss(rules: Rules, log: tuple[Event, ...], now: datetime, intent: Intent) -> Iterator[str]:
    match intent:
        case Page():
            event = log[intent.number - 1]
            yield from _strangers(
                Named(rules, log[: intent.number], now),
                (intent.person,),
                set(event.people) if isinstance(event, Paged) else set(),
            )
        case Ping():
            named = Named(rules, log[: intent.number], now)
            yield from _strangers(named, (intent.person,), pinged(named, log))
        case Tell(audience=Audience.STAKEHOLDERS):
            named = Named(rules, log[: intent.number], now)
            if not stakeholders_hear(named, facts_of(log)):
                yield f"stakeholders are told: {named.event}"
        case Tell() | RefreshCard() | RefreshPages() | RefreshTold() | ShowPicture():
            return  # those who work on it
        case _:
            yield f"an incident says what is not its own: {intent}"


def _strangers(named: Named, told: Iterable[str], those: set[str]) -> Iterator[str]:
    for person in told:
        if person not in those:
            yield f"{person} is told, and not one of {sorted(those)}: {named.event}"


def paged(named: Named, event: Paged) -> set[str]:  # noqa: PLR0911 - one flat table of the causes
    """Who may be paged for a cause."""
    facts, before = named.facts, named.log[:-1]
    match event.cause:
        case PageCause.STEP:
            return _by_a_step(named, event)
        case PageCause.REPEAT:
            due = (role for step in _steps_due(named) for role in step[1])
            return named.or_stand_ins(facts.asked | named.meant(*due))
        case PageCause.UNANSWERED:
            return _unanswered(named)
        case PageCause.UNREACHABLE:
            failed = any(isinstance(each, PageFailed) and each.at == event.at for each in before)
            return named.next_asked() if failed else set()
        case PageCause.ESCALATION:
            return _called(named)
        case PageCause.ASSIGNED:
            return {facts.holder} if facts.holder else set()
        case PageCause.HANDOVER:
            return named.meant("on_call")
        case PageCause.DECISION:
            return _deciders(named)
        case PageCause.BETA:
            owed = named.launch_owed() is not None
            return named.or_stand_ins(named.meant(*named.rules.plan.beta.escalate_to)) if owed else set()


def _steps_due(named: Named) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The notify steps of the severity whose time has come, and their roles."""
    facts, plan = named.facts, named.rules.plan
    for number, step in enumerate(plan.severities[facts.severity].notify):
        if plan.calendar.after(facts.since, step.after) <= named.now:
            yield number, step.roles


def _by_a_step(named: Named, event: Paged) -> set[str]:
    roles = dict(_steps_due(named)).get(-1 if event.step is None else event.step)
    if roles is None:
        return set()
    step = named.rules.plan.severities[named.facts.severity].notify[event.step or 0]
    if step.unless == "acknowledged" and named.facts.holder is not None:
        return set()
    return named.or_stand_ins(named.meant(*roles))


def _unanswered(named: Named) -> set[str]:
    """The next authority once the time to respond is over; those asked before where none is left."""
    facts, plan = named.facts, named.rules.plan
    times = [plan.calendar.after(facts.since, plan.severities[facts.severity].respond_within)]
    launch = named.launch_owed()
    if launch is not None:
        times.append(max(launch.since, facts.since) + plan.beta.respond_within)
    late = isinstance(named.log[-2], ResponseOverdue) and facts.holder is None and min(times) <= named.now
    return (named.next_asked() or named.or_stand_ins(facts.asked)) if late else set()


def _called(named: Named) -> set[str]:
    """Those of the role that the last call names, and those whom a call named before."""
    called = [each for each in named.log[:-1] if isinstance(each, Escalated | HolderSilent)]
    earlier = {
        person
        for each in named.log[:-1]
        if isinstance(each, Paged) and each.cause is PageCause.ESCALATION
        for person in each.people
    }
    if not called:
        return set()
    call, order = called[-1], (*named.rules.plan.roles, "team")
    if isinstance(call, HolderSilent):
        above = named.above(call.person)
        below = named.rules.plan.roles[: -len(above)] if above else named.rules.plan.roles
        return named.rung((*above, *reversed(below), "team"), {call.person}) | {*call.people} | earlier
    goes_on = isinstance(call.by, System) and len(called) > 1 and called[-1].at != called[-2].at
    if goes_on and order.index(call.role) <= order.index(called[-2].role):
        return set()  # a call that goes on by itself goes up
    return named.meant(call.role) | earlier


def _deciders(named: Named) -> set[str]:
    """The authority of the row, or the next that is within reach."""
    asked = [each for each in named.log[:-1] if isinstance(each, TriggerFired | DecisionRepeated)]
    plan = named.rules.plan
    if not asked or plan.rollback is None:
        return set()
    row = next(each for each in plan.rollback.triggers if each.name == asked[-1].trigger)
    role = row.authority if row.authority in plan.roles else plan.actions[plan.rollback.action].authority
    return named.rung(plan.roles[plan.roles.index(role) :], ()) or named.meant(role)


def pinged(named: Named, log: tuple[Event, ...]) -> set[str]:  # noqa: C901, PLR0911, PLR0912 - one flat table of the events
    """Who may be written to in private about an event."""
    event, facts, plan = named.event, named.facts, named.rules.plan
    match event:
        case UpdateOverdue():
            return named.answers_for_it() | {facts.crew.get(IncidentRole.COMMUNICATIONS) or ""}
        case ResolutionOverdue() | VerificationBroken():
            return named.answers_for_it()
        case HolderAsked():
            return {facts.holder or ""}
        case RoleGiven():
            return {event.person or "", event.before or ""}
        case UpdateEscalated():
            above = named.above(facts.holder)
            higher = named.within_reach(named.meant(*above)) - {facts.holder or ""}
            return higher or named.meant("team")
        case DraftsAwaited():
            return named.meant(*plan.roles[named.approver - 1 :])
        case TriggerFired():
            rows = plan.rollback.triggers if plan.rollback is not None and plan.rollback.enabled else ()
            alone = any(row.name == event.trigger and row.mode is TriggerMode.AUTO for row in rows)
            return named.meant("team") if alone and not event.asks else set()
        case ActionFinished() | ActionLost():
            begun = log[event.run - 1]
            starter = begun.by.person if isinstance(begun, ActionStarted) and isinstance(begun.by, Responder) else ""
            return {facts.holder or "", starter} | named.meant("on_call")
        case ReviewReminded():
            return _owes_the_review(named)
        case ReviewOverdue():
            return _owes_the_review(named) | named.meant(*plan.roles[1:])
        case ActionItemCreated():
            return {event.owner}
        case ActionItemReminded():
            return {facts.items[event.item]}
        case _:
            return set()


def _owes_the_review(named: Named) -> set[str]:
    """The commander, else the holder, else whoever resolved it, else those on call."""
    for person in (named.facts.crew.get(IncidentRole.COMMANDER), named.facts.holder, named.facts.resolver):
        if person in named.rules.roster.people:
            return {person}
    return named.meant("on_call")


def stakeholders_hear(named: Named, after: Facts) -> bool:
    """An update always; each turn of a severity that owes them updates, or while a launch owes them; no drill ever."""
    event, rules = named.event, named.rules
    if after.drill or isinstance(event, UpdatePosted):
        return not after.drill
    if rules.roster.chats.stakeholders is None or not isinstance(event, _TURNS):
        return False
    severities = {named.facts.severity, after.severity} - {""}
    if isinstance(event, Declared | SeverityChanged):
        severities.add(event.severity)
    owed = any(rules.plan.severities[name].update_every is not None for name in severities)
    return owed or rules.beta.launch_at(named.now) is not None


def goes_outside(named: Named, event: DraftOffered | DraftApproved) -> bool:
    """Only to an audience of the plan, never in a drill; and nothing is approved below the plan's authority."""
    facts, plan = named.facts, named.rules.plan
    listed = {name for severity in plan.severities.values() for name in severity.external}
    if facts.drill or event.audience not in listed | facts.told_outside:  # one that a merged incident's plan named, too
        return False
    now = event.audience in plan.severities[facts.severity].external or event.audience in facts.told_outside
    if isinstance(event, DraftOffered):
        phase = named.rules.beta.phase_at(named.now) is not None and event.audience == "customers"
        return now or phase or not isinstance(event.by, System)
    offered = named.log[event.draft - 1]
    authorised = isinstance(event.by, Responder) and named.rank(event.by.person) >= named.approver
    asked_for = isinstance(offered, DraftOffered) and (offered.proactive or isinstance(offered.by, Responder))
    return (
        authorised and isinstance(offered, DraftOffered) and offered.audience == event.audience and (now or asked_for)
    )
