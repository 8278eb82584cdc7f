"""Commands of every kind, at random: some that fit, and some that nobody should give."""

from datetime import timedelta
from typing import get_args

from hypothesis import strategies as st

from bot.domain.acting import Acting, Decision
from bot.domain.acting_commands import (
    Breach,
    Clear,
    Decide,
    FinishAction,
    Flag,
    LoseAction,
    ObserveTrigger,
    ReportReadable,
    ReportUnclear,
    StartAction,
)
from bot.domain.acting_events import ActionEnding, WhyAsked
from bot.domain.actors import Actor, Responder, Source, Stranger, System
from bot.domain.alerts import Alert
from bot.domain.assessment_commands import Assess
from bot.domain.assessment_events import Answer, Aspect
from bot.domain.chasing_commands import ExplainSnooze
from bot.domain.checklist_commands import AddEvidence, TickItem
from bot.domain.commands import (
    Absorb,
    Acknowledge,
    Assign,
    ChangeSeverity,
    Command,
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
from bot.domain.crew_events import IncidentRole
from bot.domain.draft_commands import ApproveDraft, AskDraft, DiscardDraft, EditDraft, MarkDraftSent
from bot.domain.looking_commands import RecordFindings, RecordSilence, RecordSilenceEnd, TickRunbookStep
from bot.domain.measures import Verdict
from bot.domain.plan_communication import Moment
from bot.domain.presence_commands import GiveSign
from bot.domain.resolving_commands import DescribeFix, MetricLook, NameCause, ObserveFix
from bot.domain.review_commands import (
    CloseReview,
    CreateActionItem,
    LearnLesson,
    SettleActionItem,
    SortLesson,
    TickDocumentation,
)
from bot.domain.review_events import Documentation, LessonKind
from bot.domain.timers import REPEAT, RESPOND
from tests.domain.builders import EVERYBODY, NABAT, THURSDAY, an_alert, minutes

people = st.sampled_from((*EVERYBODY, *EVERYBODY, "zoe"))
responders = st.builds(Responder, person=people)
actors: st.SearchStrategy[Actor] = st.one_of(
    responders,
    st.builds(Responder, person=st.sampled_from(EVERYBODY)),
    st.builds(Responder, person=st.sampled_from(EVERYBODY[:3])),
    st.sampled_from((Source(name="api"), System(), Stranger(telegram=None, name="Anonymous"))),
)
severities = st.sampled_from(("SEV-1", "SEV-2", "SEV-3", "SEV-4", "SEV-1", "SEV-2", "SEV-3", "SEV-4", "SEV-9"))
words = st.sampled_from(("x", "y", "z", "", "y" * 3001))
lengths = st.one_of(st.none(), st.integers(-1, 70).map(minutes))
rows = st.sampled_from(("error-rate-critical", "error-rate-elevated", "pqc-fallback", "security-breach", "none"))
row_sets = st.lists(rows, max_size=2).map(tuple)
numbers = st.integers(2, 8)
others = st.sampled_from(("INC-2", "INC-2", "INC-1"))
exercises = st.sampled_from((False, False, True))
audiences = st.sampled_from(("customers", "status_page", "social_media", "press"))
items = st.sampled_from(("acknowledged", "impact", "ticket", "documentation", "none"))
timer_keys = st.sampled_from(
    (
        RESPOND,
        REPEAT,
        "resolve",
        "escalation",
        "update",
        "update_overdue",
        "update_escalate",
        "notify:1",
        "review:overdue",
        "item:1",
        "none",
    )
)


@st.composite
def alert(draw: st.DrawFn) -> Alert:
    """One of a few alerts, firing or not, rated or not."""
    label = draw(st.sampled_from(("", "critical", "high", "warning", "info")))
    started = THURSDAY + minutes(draw(st.integers(0, 3)))
    return an_alert(draw(st.sampled_from("abc")), firing=draw(st.booleans()), starts_at=started, severity=label)


def _asking(trigger: str) -> Acting:
    """Where a row of the matrix has asked humans, and nobody has answered yet."""
    return Acting(decisions=(Decision(2, trigger, 0.07, WhyAsked.MODE, THURSDAY, THURSDAY),))


alerts = st.lists(alert(), max_size=3).map(tuple)
looks = st.builds(
    MetricLook,
    metric=st.sampled_from(("error_rate", "latency_p95", "none")),
    verdict=st.sampled_from(Verdict),
    held=st.booleans(),
)
questions = rows.map(_asking)
days = st.integers(-1, 400).map(lambda count: THURSDAY.date() + timedelta(days=count))

Kinds = dict[type[Command], st.SearchStrategy[Command]]

RESPONSE: Kinds = {
    TakeAlerts: st.builds(TakeAlerts, by=actors, alerts=alerts, truncated=st.integers(0, 1)),
    Retitle: st.builds(Retitle, by=actors, title=words),
    Acknowledge: st.builds(Acknowledge, by=actors, on_behalf_of=st.one_of(st.none(), people)),
    Assign: st.builds(Assign, by=actors, person=people),
    ChangeSeverity: st.builds(
        ChangeSeverity, by=actors, severity=severities, confirmed=st.booleans(), seen=st.one_of(st.none(), severities)
    ),
    Escalate: st.builds(
        Escalate, by=actors, role=st.sampled_from((None, "on_call", "team_lead", "cto", "team", "ceo"))
    ),
    GiveRole: st.builds(GiveRole, by=actors, role=st.sampled_from(IncidentRole), person=st.one_of(st.none(), people)),
    GiveSign: st.builds(GiveSign, by=actors),
    ReportUnreachable: st.builds(ReportUnreachable, by=st.just(NABAT), person=people, reason=st.just("403")),
    ReportReachable: st.builds(ReportReachable, by=st.just(NABAT), person=people),
    HandPageOver: st.builds(HandPageOver, by=st.just(NABAT), person=people, number=numbers),
    Reopen: st.builds(Reopen, by=actors),
    MergeInto: st.builds(MergeInto, by=actors, incident=others, drill=exercises),
    Absorb: st.builds(
        Absorb,
        by=actors,
        incident=others,
        title=words,
        alerts=alerts,
        groups=st.just(("g", "h")),
        severity=st.one_of(st.none(), severities),
        acting=st.one_of(st.none(), questions),
        told=st.dictionaries(st.sampled_from(("customers", "status_page")), st.sampled_from(Moment), max_size=1),
        drill=exercises,
    ),
    FireTimer: st.builds(FireTimer, by=actors, key=timer_keys),
}
"""Those who work on it."""

NEWS: Kinds = {
    Note: st.builds(Note, by=actors, text=words),
    DescribeImpact: st.builds(DescribeImpact, by=actors, text=words),
    PostUpdate: st.builds(PostUpdate, by=actors, text=words, privately=st.booleans()),
    SnoozeUpdate: st.builds(SnoozeUpdate, by=actors, length=lengths),
    ExplainSnooze: st.builds(ExplainSnooze, by=actors, reason=words),
    AskDraft: st.builds(AskDraft, by=actors, audience=st.one_of(st.none(), audiences), text=words),
    EditDraft: st.builds(EditDraft, by=actors, draft=numbers, text=words),
    ApproveDraft: st.builds(ApproveDraft, by=actors, draft=numbers, seen=st.integers(0, 1)),
    DiscardDraft: st.builds(DiscardDraft, by=actors, draft=numbers),
    MarkDraftSent: st.builds(MarkDraftSent, by=actors, draft=numbers),
}
"""What is said of it, inside and outside."""

WORK: Kinds = {
    Assess: st.builds(Assess, by=actors, aspect=st.sampled_from(Aspect), answer=st.sampled_from(Answer)),
    RecordFindings: st.builds(RecordFindings, by=actors, text=words),
    TickRunbookStep: st.builds(
        TickRunbookStep, by=actors, runbook=st.integers(0, 2), step=st.integers(0, 2), done=st.booleans()
    ),
    RecordSilence: st.builds(
        RecordSilence,
        by=actors,
        silence=st.just("s1"),
        what=words,
        until=st.just(THURSDAY + minutes(60)),
        alerts=st.integers(0, 2),
    ),
    RecordSilenceEnd: st.builds(RecordSilenceEnd, by=actors, silence=st.sampled_from(("s1", "s2"))),
    Flag: st.builds(Flag, by=actors, flag=st.sampled_from(("security_breach", "pqc_fallback", "fire"))),
    ObserveTrigger: st.builds(
        ObserveTrigger,
        by=st.just(NABAT),
        trigger=rows,
        observation=st.one_of(st.builds(Breach, value=st.just(0.12)), st.builds(Clear, value=st.just(0.0))),
    ),
    ReportUnclear: st.builds(ReportUnclear, by=st.just(NABAT), triggers=row_sets, reason=words),
    ReportReadable: st.builds(ReportReadable, by=st.just(NABAT), triggers=row_sets),
    Decide: st.builds(Decide, by=actors, decision=st.one_of(st.none(), numbers), approve=st.booleans(), reason=words),
    StartAction: st.builds(
        StartAction,
        by=actors,
        action=st.sampled_from(("rollback", "deploy", "sudo")),
        confirmed=st.booleans(),
        seen=st.one_of(st.none(), st.integers(0, 2)),
    ),
    FinishAction: st.builds(
        FinishAction, by=st.just(NABAT), run=numbers, ending=st.sampled_from(ActionEnding), code=st.just(0)
    ),
    LoseAction: st.builds(LoseAction, by=st.just(NABAT), run=numbers),
    Resolve: st.builds(Resolve, by=actors, reason=words, at_once=st.booleans()),
    ObserveFix: st.builds(
        ObserveFix,
        by=st.just(NABAT),
        looks=st.lists(looks, max_size=2).map(tuple),
        asked_at=st.integers(0, 90).map(lambda minute: THURSDAY + minutes(minute)),
    ),
}
"""What is looked at, decided, run and verified."""

REVIEW: Kinds = {
    NameCause: st.builds(NameCause, by=actors, text=words),
    DescribeFix: st.builds(DescribeFix, by=actors, text=words),
    TickItem: st.builds(TickItem, by=actors, item=items, done=st.booleans()),
    AddEvidence: st.builds(AddEvidence, by=actors, item=items, evidence=words),
    LearnLesson: st.builds(LearnLesson, by=actors, text=words, about=st.sampled_from(LessonKind)),
    SortLesson: st.builds(SortLesson, by=actors, lesson=st.integers(0, 2), about=st.sampled_from(LessonKind)),
    CreateActionItem: st.builds(CreateActionItem, by=actors, text=words, owner=people, due=st.one_of(st.none(), days)),
    SettleActionItem: st.builds(SettleActionItem, by=actors, item=st.integers(0, 2), done=st.booleans()),
    TickDocumentation: st.builds(TickDocumentation, by=actors, part=st.sampled_from(Documentation), done=st.booleans()),
    CloseReview: st.builds(CloseReview, by=actors, reason=words),
}
"""What is checked and learned."""

KINDS: Kinds = RESPONSE | NEWS | WORK | REVIEW


def any_of(kinds: Kinds) -> st.SearchStrategy[Command]:
    """One of these."""
    return st.one_of(*kinds.values())


def every_kind() -> frozenset[type[Command]]:
    """Each kind of command that can be given."""
    return frozenset(get_args(Command))
