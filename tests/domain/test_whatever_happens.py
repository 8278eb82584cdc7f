"""Whatever happens, in whatever order: what holds of every incident at every time."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

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
from bot.domain.acting_events import ActionEnding
from bot.domain.actors import Actor, Responder, Source, Stranger, System
from bot.domain.alerts import Alert
from bot.domain.assessment_commands import Assess
from bot.domain.assessment_events import Answer, Aspect
from bot.domain.beta import Period, Switches, beta_schedule
from bot.domain.chasing_commands import ExplainSnooze
from bot.domain.checklist_commands import TickItem
from bot.domain.commands import (
    Absorb,
    Acknowledge,
    Assign,
    ChangeSeverity,
    Command,
    DescribeImpact,
    Escalate,
    FireTimer,
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
from bot.domain.decide import Decided, decide
from bot.domain.draft_commands import ApproveDraft, AskDraft, DiscardDraft, EditDraft, MarkDraftSent
from bot.domain.draft_events import DraftApproved, DraftOffered
from bot.domain.drafting import approver
from bot.domain.events import PageCause, Paged
from bot.domain.incident import Status
from bot.domain.intents import Page
from bot.domain.measures import Verdict
from bot.domain.paging import answerable
from bot.domain.plan import Plan
from bot.domain.presence_commands import GiveSign
from bot.domain.resolving_commands import MetricLook, ObserveFix
from bot.domain.review_commands import (
    CloseReview,
    CreateActionItem,
    LearnLesson,
    SettleActionItem,
    SortLesson,
    TickDocumentation,
)
from bot.domain.review_events import Documentation, LessonKind
from bot.domain.review_times import ITEM, REVIEW
from bot.domain.rules import Verifiable
from bot.domain.rulings.actions import has_authority
from bot.domain.rulings.drafts import audiences
from bot.domain.timers import BETA, BETA_TELL, NOTIFY, REPEAT, RESPOND, UPDATE, UPDATE_OVERDUE, deadlines, due
from tests.domain.builders import (
    BUILT_IN,
    EVERYBODY,
    NABAT,
    PEOPLE,
    THURSDAY,
    Course,
    a_plan,
    a_roster,
    an_alert,
    minutes,
    the_rules,
)

people = st.sampled_from((*EVERYBODY, "zoe"))
actors: st.SearchStrategy[Actor] = st.one_of(
    st.builds(Responder, person=people),
    st.just(Source(name="api")),
    st.just(System()),
    st.just(Stranger(telegram=None, name="Anonymous")),
)
severities = st.sampled_from(("SEV-1", "SEV-2", "SEV-3", "SEV-4", "SEV-9"))
words = st.sampled_from(("", "x", "y" * 3001))


@st.composite
def alert(draw: st.DrawFn) -> Alert:
    """One of a few alerts, firing or not, rated or not."""
    label = draw(st.sampled_from(("", "critical", "high", "warning", "info")))
    started = THURSDAY + minutes(draw(st.integers(0, 3)))
    return an_alert(draw(st.sampled_from("abc")), firing=draw(st.booleans()), starts_at=started, severity=label)


alerts = st.lists(alert(), max_size=3).map(tuple)
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
lengths = st.one_of(st.none(), st.integers(-1, 70).map(minutes))

rows = st.sampled_from(("error-rate-critical", "error-rate-elevated", "pqc-fallback", "security-breach", "none"))
numbers = st.integers(2, 12)

commands: st.SearchStrategy[Command] = st.one_of(
    st.builds(TakeAlerts, by=actors, alerts=alerts, truncated=st.integers(0, 1)),
    st.builds(Retitle, by=actors, title=words),
    st.builds(Acknowledge, by=actors, on_behalf_of=st.one_of(st.none(), people)),
    st.builds(Assign, by=actors, person=people),
    st.builds(
        ChangeSeverity,
        by=actors,
        severity=severities,
        confirmed=st.booleans(),
        seen=st.one_of(st.none(), severities),
    ),
    st.builds(Escalate, by=actors, role=st.sampled_from((None, "on_call", "team_lead", "cto", "team", "ceo"))),
    st.builds(Note, by=actors, text=words),
    st.builds(DescribeImpact, by=actors, text=words),
    st.builds(PostUpdate, by=actors, text=words),
    st.builds(SnoozeUpdate, by=actors, length=lengths),
    st.builds(GiveRole, by=actors, role=st.sampled_from(IncidentRole), person=st.one_of(st.none(), people)),
    st.builds(GiveSign, by=actors),
    st.builds(Assess, by=actors, aspect=st.sampled_from(Aspect), answer=st.sampled_from(Answer)),
    st.builds(ExplainSnooze, by=actors, reason=words),
    st.builds(AskDraft, by=actors, audience=st.sampled_from((None, "customers", "status_page", "press")), text=words),
    st.builds(EditDraft, by=actors, draft=numbers, text=words),
    st.builds(ApproveDraft, by=actors, draft=numbers, seen=st.integers(0, 1)),
    st.builds(DiscardDraft, by=actors, draft=numbers),
    st.builds(MarkDraftSent, by=actors, draft=numbers),
    st.builds(Resolve, by=actors, reason=words, at_once=st.booleans()),
    st.builds(
        ObserveFix,
        by=st.just(NABAT),
        looks=st.lists(
            st.builds(
                MetricLook,
                metric=st.sampled_from(("error_rate", "latency_p95", "none")),
                verdict=st.sampled_from(Verdict),
                held=st.booleans(),
            ),
            max_size=2,
        ).map(tuple),
        asked_at=st.integers(0, 90).map(lambda minute: THURSDAY + minutes(minute)),
    ),
    st.builds(TickItem, by=actors, item=st.sampled_from(("impact", "ticket", "none")), done=st.booleans()),
    st.builds(Reopen, by=actors),
    st.builds(MergeInto, by=actors, incident=st.sampled_from(("INC-1", "INC-2"))),
    st.builds(
        Absorb,
        by=actors,
        incident=st.sampled_from(("INC-1", "INC-2")),
        title=words,
        alerts=alerts,
        groups=st.just(("g", "h")),
        severity=st.one_of(st.none(), severities),
    ),
    st.builds(FireTimer, by=actors, key=timer_keys),
    st.builds(LearnLesson, by=actors, text=words, about=st.sampled_from(LessonKind)),
    st.builds(SortLesson, by=actors, lesson=st.integers(0, 2), about=st.sampled_from(LessonKind)),
    st.builds(
        CreateActionItem,
        by=actors,
        text=words,
        owner=people,
        due=st.one_of(st.none(), st.integers(-1, 400).map(lambda days: THURSDAY.date() + timedelta(days=days))),
    ),
    st.builds(SettleActionItem, by=actors, item=st.integers(0, 2), done=st.booleans()),
    st.builds(TickDocumentation, by=actors, part=st.sampled_from(Documentation), done=st.booleans()),
    st.builds(CloseReview, by=actors, reason=words),
    st.builds(ReportUnreachable, by=st.just(NABAT), person=people, reason=st.just("403")),
    st.builds(ReportReachable, by=st.just(NABAT), person=people),
    st.builds(Flag, by=actors, flag=st.sampled_from(("security_breach", "pqc_fallback", "fire"))),
    st.builds(
        ObserveTrigger,
        by=st.just(NABAT),
        trigger=rows,
        observation=st.one_of(st.builds(Breach, value=st.just(0.12)), st.builds(Clear, value=st.just(0.0))),
    ),
    st.builds(ReportUnclear, by=st.just(NABAT), triggers=st.lists(rows, max_size=2).map(tuple), reason=words),
    st.builds(ReportReadable, by=st.just(NABAT), triggers=st.lists(rows, max_size=2).map(tuple)),
    st.builds(Decide, by=actors, decision=st.one_of(st.none(), numbers), approve=st.booleans(), reason=words),
    st.builds(
        StartAction,
        by=actors,
        action=st.sampled_from(("rollback", "deploy", "sudo")),
        confirmed=st.booleans(),
        seen=st.one_of(st.none(), st.integers(0, 2)),
    ),
    st.builds(FinishAction, by=st.just(NABAT), run=numbers, ending=st.sampled_from(ActionEnding), code=st.just(0)),
    st.builds(LoseAction, by=st.just(NABAT), run=numbers),
)

OWN_PLAN = a_plan(
    {
        "SEV-1": {
            "notify": [{"after": "1m", "roles": ["team_lead"]}, {"after": "4m", "roles": ["on_call"]}],
            "repeat_every": "3m",
            "update_every": "4m",
        },
        "SEV-2": {"notify": [], "repeat_every": "7m"},
        "SEV-3": {"notify": [{"after": "0s", "roles": ["cto", "team"]}, {"after": "0s", "roles": ["team"]}]},
        "SEV-4": {"respond_within": "1 business day", "resolve_within": "1w"},
    },
    updates={"overdue_after": "0s"},
)


class Life(RuleBasedStateMachine):
    """An incident under random commands, timers, standstills and changes of the roster."""

    def __init__(self) -> None:
        super().__init__()
        self.course = Course()

    @initialize(
        plan=st.sampled_from((BUILT_IN, OWN_PLAN)),
        severity=st.sampled_from((None, "SEV-1", "SEV-2", "SEV-3", "SEV-4")),
        alerts=alerts,
    )
    def begin(self, plan: Plan, severity: str | None, alerts: tuple[Alert, ...]) -> None:
        """Declare it."""
        able = Verifiable(has_metrics=True, runnable=frozenset({"smoke_tests"}))
        self.course = Course(the_rules(plan, verifiable=able)).declare(severity, by=Source(name="api"), alerts=alerts)

    @rule(command=commands)
    def command(self, command: Command) -> None:
        """Give it any command; it is accepted or refused, and never fails."""
        before = self.course.incident
        decided = decide(self.course.rules, before, command, self.course.now)
        if isinstance(decided, Decided):
            self.course.do(command)
        else:
            assert decided.incident == before

    @rule(length=st.integers(0, 40))
    def walk(self, length: int) -> None:
        """Let the clock run, firing each timer at its time."""
        self.course.at(self.course.now - self.course.started + minutes(length))

    @precondition(lambda self: self.course.state is not None and self.course.incident.is_open)
    @rule(length=st.integers(0, 400), which=st.integers(0, 20))
    def stand_still(self, length: int, which: int) -> None:
        """Stop for a while; then any of the timers due is the first to be handed out."""
        self.course.sleep_until(self.course.now - self.course.started + minutes(length))
        timers = due(self.course.rules, self.course.incident)
        ripe = sorted(key for key, at in timers.items() if at <= self.course.now)
        if ripe:
            self.course.do(FireTimer(by=NABAT, key=ripe[which % len(ripe)]))

    @rule(gone=st.sets(st.sampled_from(EVERYBODY[1:])))
    def change_the_roster(self, gone: set[str]) -> None:
        """Some people leave the roster, or come back."""
        remaining = {name: roles for name, roles in PEOPLE.items() if name not in gone}
        self.course.with_rules(roster=a_roster(remaining))

    @precondition(lambda self: self.course.state is not None)
    @rule(length=st.one_of(st.none(), st.integers(1, 90)))
    def switch_beta(self, length: int | None) -> None:
        """Somebody switches the beta launch on for so many minutes, or off; the incident is planned anew at once."""
        now = self.course.now
        on = None if length is None else Period(since=now, until=now + minutes(length))
        self.course.with_rules(beta=beta_schedule(self.course.rules.plan, Switches(on, None if on else now)))
        timers = due(self.course.rules, self.course.incident)
        if BETA in timers and timers[BETA] <= now:
            self.course.do(FireTimer(by=NABAT, key=BETA))

    @rule()
    def lose_everybody_waited_for(self) -> None:
        """Every page sent comes back."""
        for person in self.course.incident.paged:
            self.course.lose(person)

    @invariant()
    def the_log_makes_the_state(self) -> None:
        """Replaying the log gives the same state, as many events as its version."""
        if self.course.state is not None:
            assert self.course.replayed() == self.course.incident
            assert self.course.incident.version == len(self.course.log)

    @invariant()
    def an_open_incident_always_waits_for_something(self) -> None:
        """Open means that a deadline lies ahead; closed means that none does but those of the review."""
        incident = self.course.state
        if incident is None:
            return
        timers = due(self.course.rules, incident)
        assert incident.is_open or all(key.startswith((REVIEW, ITEM)) for key in timers)
        if incident.is_open:
            assert not all(key.startswith((REVIEW, ITEM)) for key in timers)
            limits = deadlines(self.course.rules, incident)
            assert (limits.respond_by is None) is (incident.status is not Status.UNANSWERED)
            assert (incident.holder is None) is (incident.status is Status.UNANSWERED)

    @invariant()
    def nothing_goes_out_that_the_plan_does_not_name(self) -> None:
        """Each draft is for an audience of the plan; what was told outside, somebody with the authority approved."""
        rules, log = self.course.rules, self.course.log
        for event in log:
            if isinstance(event, DraftOffered):
                assert event.audience in audiences(rules.plan)
            if isinstance(event, DraftApproved):
                assert has_authority(rules, event.by, approver(rules.plan))
                offered = log[event.draft - 1]
                assert isinstance(offered, DraftOffered)
                assert offered.audience == event.audience

    @invariant()
    def no_timer_is_older_than_the_severity(self) -> None:
        """Nothing is due at a time before the present severity began, but for a call that outlives it."""
        incident = self.course.state
        if incident is None:
            return
        timers = due(self.course.rules, incident)
        steps = {f"{NOTIFY}{number}" for number, _ in enumerate(self.course.rules.severity(incident.severity).notify)}
        assert {key for key in timers if key.startswith(NOTIFY)} <= steps
        assert all(at >= incident.severity_since for key, at in timers.items() if key != "escalation")

    @invariant()
    def no_timer_is_left_of_a_launch(self) -> None:
        """What is due follows the launch that is on, the stricter of its times and the severity's, and no other."""
        incident = self.course.state
        if incident is None or not incident.is_open:
            return
        rules = self.course.rules
        launch = rules.beta.launch_at(self.course.now)
        assert incident.following.since == (launch.since if launch else None)
        severity = rules.severity(incident.severity)
        usual = rules.plan.calendar.after(incident.severity_since, severity.respond_within)
        strict = max(launch.since, incident.severity_since) + rules.plan.beta.respond_within if launch else usual
        timers = due(rules, incident)
        assert RESPOND not in timers or timers[RESPOND] == min(usual, strict)
        assert launch is not None or BETA_TELL not in timers
        assert bool({UPDATE, UPDATE_OVERDUE} & set(timers)) is (
            incident.status is not Status.VERIFYING and (launch is not None or severity.update_every is not None)
        )
        assert launch is None or timers[BETA] == launch.until

    @invariant()
    def a_page_is_never_lost_in_silence(self) -> None:
        """While nobody has it and somebody was asked, a repeat or the deadline to respond is ahead, or all is done."""
        incident = self.course.state
        if incident is None or incident.status is not Status.UNANSWERED:
            return
        severity = self.course.rules.severity(incident.severity)
        timers = due(self.course.rules, incident)
        assert incident.response_overdue or RESPOND in timers
        if severity.repeat_every and incident.last_paged_at is not None:
            assert REPEAT in timers
        repeats = [event for event in self.course.log if isinstance(event, Paged) and event.cause is PageCause.REPEAT]
        assert all(event.people for event in repeats)

    @invariant()
    def nobody_asked_waits_longer_than_the_cadence(self) -> None:
        """While nobody has it, each one asked who can be reached is paged again within the cadence of repeats."""
        incident = self.course.state
        if incident is None or incident.status is not Status.UNANSWERED:
            return
        every = self.course.rules.severity(incident.severity).repeat_every
        repeat = due(self.course.rules, incident).get(REPEAT)
        if every and repeat:
            for person in answerable(self.course.rules, incident, incident.paged):
                assert repeat <= incident.told_at[person] + every


Life.TestCase.settings = settings(
    max_examples=40,
    stateful_step_count=20,
    deadline=None,
    database=None,
    derandomize=True,  # the same lives in every run: a build is red by a change, never by luck
    suppress_health_check=[HealthCheck.too_slow],
)


class TestWhateverHappens(Life.TestCase):
    """Runs the machine above."""


@pytest.mark.parametrize("severity", ["SEV-1", "SEV-2", "SEV-3", "SEV-4"])
def test_an_unanswered_incident_pages_somebody_by_its_deadline(severity: str) -> None:
    """With all of on-call out of reach from the start, somebody who can be reached is paged by the deadline."""
    course = Course().declare(severity)
    course.lose("anna")
    reached = [page for page in course.pages() if page.person != "anna"]
    assert reached
    assert reached[0].after == timedelta(0)


def test_a_plan_that_would_never_settle_is_found_out() -> None:
    """A timer that re-arms itself at once is a mistake of the program, and ends the decision instead of hanging."""
    plan = a_plan({"SEV-1": {"update_every": "1m"}})
    broken = plan.severities["SEV-1"].model_copy(update={"update_every": timedelta(0)})
    course = Course(the_rules(plan)).declare()
    course.with_rules(plan=plan.model_copy(update={"severities": {"SEV-1": broken}})).sleep_until(minutes(60))
    with pytest.raises(AssertionError, match="re-arm themselves"):
        decide(course.rules, course.incident, FireTimer(by=NABAT, key="update"), course.now)


def test_pages_are_intents() -> None:
    """Every person in a page of the log gets a row of the outbox, and nobody else does."""
    course = Course().declare().at(minutes(20))
    logged = [person for event in course.log if isinstance(event, Paged) for person in event.people]
    sent = [intent.person for moment in course.moments for intent in moment.intents if isinstance(intent, Page)]
    assert sent == logged
