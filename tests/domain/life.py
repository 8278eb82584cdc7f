"""The life of an incident: random commands, timers, standstills, and changes of everything around it."""

from dataclasses import dataclass
from datetime import datetime

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from bot.domain.acting_commands import Decide, FinishAction
from bot.domain.acting_events import ActionEnding
from bot.domain.actors import Actor, Responder, Source
from bot.domain.alerts import Alert
from bot.domain.beta import Period, Switches, beta_schedule
from bot.domain.commands import Acknowledge, Command, Escalate, FireTimer, HandPageOver, PostUpdate, Reopen, Resolve
from bot.domain.decide import Decided, decide
from bot.domain.draft_commands import ApproveDraft, DiscardDraft, EditDraft, MarkDraftSent
from bot.domain.incident import Status
from bot.domain.measures import Verdict
from bot.domain.plan import Plan
from bot.domain.resolving_commands import MetricLook, ObserveFix
from bot.domain.review_commands import CloseReview
from bot.domain.rules import Verifiable
from bot.domain.timers import BETA, due
from tests.domain.builders import (
    BUILT_IN,
    DAN,
    EVERYBODY,
    NABAT,
    PEOPLE,
    Course,
    a_plan,
    a_roster,
    minutes,
    the_rules,
)
from tests.domain.random_commands import NEWS, RESPONSE, REVIEW, WORK, alerts, any_of, people, words

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


OUTSIDE = {"SEV-1": ("status_page",), "SEV-2": ("customers", "partners"), "SEV-3": (), "SEV-4": ("partners",)}
OUTWARD_PLAN = BUILT_IN.model_copy(
    update={
        "severities": {
            name: severity.model_copy(update={"external": OUTSIDE[name]})
            for name, severity in BUILT_IN.severities.items()
        },
        "verification": BUILT_IN.verification.model_copy(update={"watch_for": minutes(150)}),
        "communication": BUILT_IN.communication.model_copy(update={"approved_by": "cto"}),
        "beta": BUILT_IN.beta.model_copy(update={"phase": minutes(180), "escalate_to": ("cto",)}),
    }
)
PLANS = (BUILT_IN, OUTWARD_PLAN, OWN_PLAN)


@dataclass(frozen=True, slots=True)
class Turns:
    """Two people take turns on call, half an hour each."""

    people: tuple[str, str] = ("anna", "dan")

    def on_call(self, at: datetime) -> tuple[str, ...]:
        """Whose half hour it is."""
        return (self.people[at.minute // 30],)


class Life(RuleBasedStateMachine):
    """An incident under random commands, timers, standstills and changes of the roster."""

    def __init__(self) -> None:
        super().__init__()
        self.course = Course()

    @initialize(
        plan=st.sampled_from(PLANS),
        severity=st.sampled_from((None, "SEV-1", "SEV-2", "SEV-3", "SEV-4")),
        alerts=alerts,
        by=st.sampled_from((Source(name="api"), DAN)),
        drill=st.sampled_from((False, False, False, True)),
        duty=st.sampled_from((None, Turns())),
    )
    def begin(
        self,
        plan: Plan,
        severity: str | None,
        alerts: tuple[Alert, ...],
        by: Actor,
        drill: bool,
        duty: Turns | None,
    ) -> None:
        """Declare it."""
        able = Verifiable(has_metrics=True, runnable=frozenset({"smoke_tests"}))
        rules = the_rules(plan, verifiable=able, duty=duty)
        self.course = Course(rules).declare(severity, by=by, alerts=alerts, drill=drill)

    @rule(command=any_of(RESPONSE))
    def work_on_it(self, command: Command) -> None:
        """Whatever those who work on it can do."""
        self.command(command)

    @rule(command=any_of(NEWS))
    def speak_of_it(self, command: Command) -> None:
        """Whatever can be said of it."""
        self.command(command)

    @rule(command=any_of(WORK))
    def mend_it(self, command: Command) -> None:
        """Whatever is looked at, decided and run."""
        self.command(command)

    @rule(command=any_of(REVIEW))
    def learn_from_it(self, command: Command) -> None:
        """Whatever is checked and learned."""
        self.command(command)

    def command(self, command: Command) -> None:
        """Give it any command; it is accepted or refused, and never fails."""
        before = self.course.incident
        decided = decide(self.course.rules, before, command, self.course.now)
        if isinstance(decided, Decided):
            self.course.do(command)
        else:
            assert decided.incident == before

    @rule(person=people, reason=words, held=st.booleans(), number=st.integers(0, 3))
    def take_a_turn(self, person: str, reason: str, held: bool, number: int) -> None:
        """Somebody does what usually comes next: takes it, says that it is fixed, watches, or finds it open again."""
        by, incident = Responder(person=person), self.course.incident
        match incident.status:
            case Status.UNANSWERED:
                self.command(Acknowledge(by))
            case Status.IN_HAND:
                turns = (Resolve(by), Resolve(by, reason, at_once=True), PostUpdate(by, reason), Escalate(by))
                self.command(turns[number])
            case Status.VERIFYING:
                verdict = Verdict.BAD if held else Verdict.GOOD
                watched = incident.resolution.verification
                metrics = watched.metrics if watched is not None else ()
                self.command(
                    ObserveFix(NABAT, tuple(MetricLook(each, verdict, held=held) for each in metrics), self.course.now)
                )
            case _:
                self.command(Reopen(by) if held else CloseReview(by, reason))

    @precondition(lambda self: self.course.state is not None and self.course.incident.drafts.all)
    @rule(which=st.integers(0, 9), person=people, approve=st.booleans())
    def decide_on_a_draft(self, which: int, person: str, approve: bool) -> None:
        """Somebody says yes or no to a draft as it stands, whether that is theirs to say or not."""
        drafts = self.course.incident.drafts.all
        draft, by = drafts[which % len(drafts)], Responder(person=person)
        self.command(EditDraft(by, draft.number, "x") if which % 2 else MarkDraftSent(by, draft.number))
        seen = self.course.incident.drafts.all[which % len(drafts)].edits
        self.command(ApproveDraft(by, draft.number, seen) if approve else DiscardDraft(by, draft.number))

    @precondition(lambda self: self.course.state is not None and self.course.incident.acting.decisions)
    @rule(which=st.integers(0, 9), person=people, approve=st.booleans())
    def answer_a_question(self, which: int, person: str, approve: bool) -> None:
        """Somebody says yes or no to a rollback that was asked about."""
        asked = self.course.incident.acting.decisions
        self.command(Decide(Responder(person=person), asked[which % len(asked)].number, approve))

    @precondition(lambda self: self.course.state is not None and self.course.incident.acting.running)
    @rule(ending=st.sampled_from(ActionEnding), code=st.integers(0, 1))
    def end_a_run(self, ending: ActionEnding, code: int) -> None:
        """An action that runs ends, well or not."""
        self.command(FinishAction(NABAT, self.course.incident.acting.running[0].number, ending, code))

    @rule(length=st.integers(0, 40))
    def walk(self, length: int) -> None:
        """Let the clock run, firing each timer at its time."""
        self.course.at(self.course.now - self.course.started + minutes(length))

    @precondition(lambda self: self.course.state is not None and not self.course.incident.is_open)
    @rule(days=st.integers(1, 20))
    def let_days_go_by(self, days: int) -> None:
        """After its end the clock runs on to the review, and past it."""
        self.walk(days * 24 * 60)

    @precondition(lambda self: self.course.state is not None and self.course.incident.pages)
    @rule(which=st.integers(0, 9))
    def send_a_page_late(self, which: int) -> None:
        """A page waited so long that somebody else may be on call."""
        pages = sorted(self.course.incident.pages.items())
        person, page = pages[which % len(pages)]
        self.command(HandPageOver(NABAT, person, page.event))

    @precondition(lambda self: self.course.state is not None and self.course.incident.is_open)
    @rule(length=st.integers(0, 400), which=st.integers(0, 20))
    def stand_still(self, length: int, which: int) -> None:
        """Stop for a while; then any of the timers due is the first to be handed out."""
        self.course.sleep_until(self.course.now - self.course.started + minutes(length))
        timers = due(self.course.rules, self.course.incident)
        ripe = sorted(key for key, at in timers.items() if at <= self.course.now)
        if ripe:
            self.course.do(FireTimer(by=NABAT, key=ripe[which % len(ripe)]))

    @rule(gone=st.sets(st.sampled_from(EVERYBODY[1:])), stakeholders=st.booleans())
    def change_the_roster(self, gone: set[str], stakeholders: bool) -> None:
        """Some people leave the roster, or come back; so does the stakeholders' chat."""
        remaining = {name: roles for name, roles in PEOPLE.items() if name not in gone}
        self.course.with_rules(roster=a_roster(remaining, stakeholders=stakeholders))

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
