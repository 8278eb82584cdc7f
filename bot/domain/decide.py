"""The decision: what a command leads to, given the state, the rules and the time. Pure.

A decision includes everything that falls due by it at once: declaring an incident pages on-call in the same breath.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from bot.domain.acting_commands import (
    ActingCommand,
    Decide,
    FinishAction,
    Flag,
    LoseAction,
    ObserveTrigger,
    ReportReadable,
    ReportUnclear,
    StartAction,
)
from bot.domain.actors import Actor, Responder, Stranger
from bot.domain.assessment_commands import Assess
from bot.domain.chasing_commands import ExplainSnooze
from bot.domain.checklist_commands import AddEvidence, TickItem
from bot.domain.commands import (
    Absorb,
    Acknowledge,
    Assign,
    ChangeSeverity,
    Command,
    Declare,
    DescribeImpact,
    Escalate,
    FireTimer,
    HandPageOver,
    MergeInto,
    Note,
    PostUpdate,
    Reopen,
    ReportReachable,
    ReportUnreachable,
    Resolve,
    Retitle,
    SnoozeUpdate,
    TakeAlerts,
)
from bot.domain.crew_commands import GiveRole
from bot.domain.draft_commands import ApproveDraft, AskDraft, DiscardDraft, EditDraft, MarkDraftSent
from bot.domain.drill import not_run
from bot.domain.events import Event
from bot.domain.evolving import replay
from bot.domain.incident import Incident
from bot.domain.looking_commands import RecordFindings, RecordSilence, RecordSilenceEnd, TickRunbookStep
from bot.domain.presence_commands import GiveSign
from bot.domain.rejections import NotOnTheTeam, Rejection
from bot.domain.resolving_commands import DescribeFix, NameCause, ObserveFix
from bot.domain.review_commands import (
    CloseReview,
    CreateActionItem,
    LearnLesson,
    SettleActionItem,
    SortLesson,
    TickDocumentation,
)
from bot.domain.rules import Rules
from bot.domain.rulings import (
    actions,
    alerting,
    assessing,
    chasing,
    checking,
    closing,
    crew,
    drafts,
    escalating,
    holding,
    looking,
    news,
    presence,
    resolving,
    review,
    rollback,
    severity,
    timing,
    verifying,
)

_SETTLING_LIMIT = 18
"""Timers besides the notify steps, the open decisions, the drafts and the open action items that may fall due within
one decision; there are fifteen kinds, and each is re-armed for later. More is a timer that re-arms itself at once."""


_RECORDED = (Decide, StartAction, ApproveDraft, DiscardDraft)
"""Who may give these is a ruling of its own, which records whom it refuses."""


@dataclass(frozen=True, slots=True)
class Decided:
    """The events to append, and the incident after them. No events: the command changed nothing, rightly so."""

    incident: Incident
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Rejected:
    """Refused, with the reason for a person; `incident` is as it was, None where there is none."""

    reason: Rejection
    incident: Incident | None


def open_incident(rules: Rules, incident_id: str, command: Declare, now: datetime) -> Decided | Rejected:
    """Decide on a new incident that will be called `incident_id`."""
    if not _may_act(rules, command.by):
        return Rejected(NotOnTheTeam(), None)
    ruling = alerting.declare(rules, command, now)
    if not isinstance(ruling, tuple):
        return Rejected(ruling, None)
    return _settled(rules, replay(incident_id, ruling), ruling, now)


def decide(rules: Rules, incident: Incident, command: Command, now: datetime) -> Decided | Rejected:
    """Decide on a command to an existing incident."""
    if not isinstance(command, _RECORDED) and not _may_act(rules, command.by):
        return Rejected(NotOnTheTeam(), incident)
    ruling = _rule(rules, incident, command, now)
    if not isinstance(ruling, tuple):
        return Rejected(ruling, incident)
    if not ruling:
        return Decided(incident, ())
    fired = command.key if isinstance(command, FireTimer) else None
    return _settled(rules, replay(incident.id, ruling, incident), ruling, now, fired)


def _may_act(rules: Rules, actor: Actor) -> bool:
    match actor:
        case Responder():
            return actor.person in rules.roster.people
        case Stranger():
            return False
        case _:
            return True


def _settled(
    rules: Rules, incident: Incident, events: tuple[Event, ...], now: datetime, fired: str | None = None
) -> Decided:
    asked = len(rules.severity(incident.severity).notify) + len(incident.acting.pending)
    asked += len(incident.review.open_items) + len(incident.drafts.all)
    for _ in range(_SETTLING_LIMIT + asked):
        more = not_run(incident, now) or _fallen_due(rules, incident, now, fired)
        if more is None:
            drafted = drafts.offers(rules, incident, events, now)
            return Decided(replay(incident.id, drafted, incident), (*events, *drafted))
        incident = replay(incident.id, more, incident)
        events += more
    raise AssertionError(f"timers of {incident.id} re-arm themselves at once")


def _fallen_due(rules: Rules, incident: Incident, now: datetime, fired: str | None) -> tuple[Event, ...] | None:
    """What the first of the timers due leads to; None while none is."""
    ripe = timing.ripe(rules, incident, now, fired)
    return timing.fire(rules, incident, ripe[0], now) if ripe else None


def _rule(rules: Rules, incident: Incident, command: Command, now: datetime) -> tuple[Event, ...] | Rejection:  # noqa: C901, PLR0911, PLR0912 - one flat table of all commands is the point
    match command:
        case Declare():
            raise ValueError("a declaration opens an incident; it is not for one that exists")
        case TakeAlerts():
            return alerting.take(rules, incident, command, now)
        case Retitle():
            return alerting.retitle(incident, command, now)
        case Acknowledge():
            return holding.acknowledge(rules, incident, command, now)
        case Assign():
            return holding.assign(rules, incident, command, now)
        case ChangeSeverity():
            return severity.change(rules, incident, command, now)
        case Escalate():
            return escalating.escalate(rules, incident, command, now)
        case Note() | DescribeImpact() | PostUpdate():
            return news.speak(incident, command, now)
        case SnoozeUpdate():
            return news.snooze(rules, incident, command, now)
        case RecordFindings():
            return looking.record_findings(command, now)
        case TickRunbookStep():
            return looking.tick(rules, incident, command, now)
        case RecordSilence() | RecordSilenceEnd():
            return looking.record_silence(incident, command, now)
        case ExplainSnooze():
            return chasing.explain(incident, command, now)
        case (
            LearnLesson() | SortLesson() | CreateActionItem() | SettleActionItem() | TickDocumentation() | CloseReview()
        ):
            return review.rule(rules, incident, command, now)
        case Assess():
            return assessing.assess(incident, command, now)
        case TickItem() | AddEvidence():
            return checking.rule(rules, incident, command, now)
        case NameCause() | DescribeFix():
            return resolving.write_down(incident, command, now)
        case AskDraft() | EditDraft() | ApproveDraft() | DiscardDraft() | MarkDraftSent():
            return drafts.rule(rules, incident, command, now)
        case GiveRole():
            return crew.give(rules, incident, command, now)
        case GiveSign():
            return presence.give_sign(rules, incident, command, now)
        case ObserveFix():
            return verifying.observe(rules, incident, command, now)
        case Resolve():
            return verifying.resolve(rules, incident, command, now)
        case Reopen():
            return closing.reopen(incident, command, now)
        case MergeInto():
            return closing.merge_into(incident, command, now)
        case Absorb():
            return closing.absorb(rules, incident, command, now)
        case FireTimer():
            return timing.fall_due(rules, incident, command.key, now)
        case ReportUnreachable():
            return escalating.unreachable(rules, incident, command, now)
        case ReportReachable():
            return escalating.reachable_again(rules, incident, command, now)
        case HandPageOver():
            return escalating.hand_page_over(rules, incident, command, now)
        case _:
            return _act(rules, incident, command, now)


def _act(rules: Rules, incident: Incident, command: ActingCommand, now: datetime) -> tuple[Event, ...] | Rejection:  # noqa: PLR0911 - one flat table of commands
    match command:
        case Flag():
            return rollback.flag(rules, incident, command, now)
        case ObserveTrigger():
            return rollback.observe(rules, incident, command, now)
        case ReportUnclear():
            return rollback.unclear(incident, command, rules, now)
        case ReportReadable():
            return rollback.readable(incident, command, now)
        case Decide():
            return rollback.decide(rules, incident, command, now)
        case StartAction():
            return actions.start(rules, incident, command, now)
        case FinishAction():
            return actions.finish(incident, command, now)
        case LoseAction():
            return actions.lose(incident, command, now)
        case _:
            assert_never(command)
