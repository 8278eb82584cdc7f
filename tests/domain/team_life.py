"""The life of a team and of an incident that it has: switches, stand-ins, looks, standstills, and another roster."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from bot.domain.actors import Actor, Responder, System
from bot.domain.beta_events import CheckSeen, FigureSeen
from bot.domain.beta_looks import look_due, next_look
from bot.domain.commands import Command, FireTimer
from bot.domain.decide import Decided, decide
from bot.domain.plan import Plan
from bot.domain.roster import Roster
from bot.domain.sight import ReportSight
from bot.domain.team import (
    EndOverride,
    LookAround,
    SetOverride,
    Team,
    TeamCommand,
    TeamDecided,
    TeamRules,
    decide_team,
    due_team,
    replay_team,
)
from bot.domain.team_beta import LONGEST_LAUNCH, NoteLook, SwitchOff, SwitchOn
from bot.domain.team_events import TeamEvent
from bot.domain.team_telling import team_intents
from bot.domain.timers import BETA, due
from tests.domain.builders import (
    BUILT_IN,
    EVERYBODY,
    NABAT,
    PEOPLE,
    Course,
    a_plan,
    a_roster,
    hours,
    minutes,
    the_rules,
)
from tests.domain.random_commands import RESPONSE, actors, any_of, responders
from tests.domain.team_audiences import amiss
from tests.domain.team_facts import TeamFacts

START = datetime(2026, 1, 10, 20, tzinfo=UTC)
"""Four hours before the built-in plan's launch."""
A_DAY = timedelta(days=1)
"""So long the incident fires each timer at its time; over more than that its pages would be all that happens."""
UNEVEN = BUILT_IN.model_copy(
    update={
        "beta": BUILT_IN.beta.model_copy(
            update={
                "launch": None,
                "phase": timedelta(days=3),
                "health_check_every": minutes(20),
                "digest_every": minutes(45),
                "escalate_to": ("cto", "on_call"),
            }
        )
    }
)
BARE = a_plan({"SEV-1": {"repeat_every": "5m"}, "SEV-2": {}}, timezone="Europe/Berlin")
"""Nothing of a launch but what is the default: no reviews, and nobody is told of every issue."""
TURNS = {
    "rotations": [{"name": "primary", "people": ["anna", "dan", "eve"], "every": "8h", "starts": "2026-01-05T10:00"}]
}


def some_people(gone: set[str], *, stakeholders: bool, turns: bool) -> Roster:
    """The five people but those, with or without turns on call."""
    whole = a_roster({**PEOPLE, "dan": ("on_call",)}, stakeholders=stakeholders).model_dump(mode="json")
    roster = Roster.model_validate({**whole, "on_call": TURNS if turns else None})
    return roster.model_copy(update={"people": {name: it for name, it in roster.people.items() if name not in gone}})


checks = st.builds(CheckSeen, name=st.sampled_from(("api", "db")), ok=st.booleans())
check_lists = st.lists(checks, max_size=2, unique_by=lambda check: check.name).map(tuple)
figures = st.lists(
    st.builds(FigureSeen, metric=st.just("error_rate"), value=st.sampled_from((None, 0.0, 0.2))), max_size=2
).map(tuple)
matrix_rows = st.lists(st.sampled_from(("errors", "latency", "down")), max_size=2, unique=True).map(tuple)


@dataclass(frozen=True, slots=True)
class Said:
    """What a decision of the team led to: the numbers of its events, and the keys of its messages."""

    first: int
    keys: tuple[str, ...]


class TeamLife(RuleBasedStateMachine):
    """A team, its log and the clock; an incident beside it follows its launches and its turns."""

    def __init__(self) -> None:
        super().__init__()
        self.decided_by = TeamRules(BUILT_IN, a_roster())
        self.now = START
        self.team = Team()
        self.log: list[TeamEvent] = []
        self.said: list[Said] = []
        self.course = Course()
        self.awake = False

    @initialize(
        plan=st.sampled_from((BUILT_IN, BUILT_IN, UNEVEN, BARE)),
        stakeholders=st.booleans(),
        turns=st.booleans(),
        drill=st.sampled_from((False, False, True)),
    )
    def begin(self, plan: Plan, stakeholders: bool, turns: bool, drill: bool) -> None:
        """The bot begins, and there is an incident."""
        self.decided_by = TeamRules(plan, some_people(set(), stakeholders=stakeholders, turns=turns))
        self.look_around(())
        self.course = Course(the_rules(plan, self.decided_by.roster), START, started=START)
        self.follow()
        self.course.declare("SEV-2", by=Responder(person="anna"), drill=drill)

    @property
    def facts(self) -> TeamFacts:
        """How things stand, by the log alone."""
        return TeamFacts(self.decided_by, tuple(self.log))

    def do(self, command: TeamCommand) -> None:
        """Give the team a command; it is accepted or refused, and what it says is held against the plan."""
        decided = decide_team(self.decided_by, self.team, command, self.now)
        if not isinstance(decided, TeamDecided):
            return
        assert not _is_refused_to(self.facts, command), f"nobody may give this: {command}"
        intents = team_intents(self.decided_by, self.team, decided)
        self.log.extend(decided.events)
        wrong = list(amiss(self.decided_by, tuple(self.log), len(decided.events), intents))
        assert not wrong, wrong
        self.said.append(Said(self.team.version + 1, tuple(intent.key for intent in intents)))
        self.team = decided.team
        assert self.team == replay_team(self.log)
        self.follow()

    def follow(self) -> None:
        """The incident is decided by the launches and the roster that the team knows, and is planned anew at once."""
        self.course.with_rules(roster=self.decided_by.roster, beta=self.decided_by.beta(self.team))
        if self.course.state is None:
            return
        self.course.now = self.now
        if due(self.course.rules, self.course.incident).get(BETA, self.now + minutes(1)) <= self.now:
            self.course.do(FireTimer(by=NABAT, key=BETA))

    def look_around(self, unreachable: tuple[str, ...]) -> None:
        """A timer of the team falls due; what is due by that again fires at once, and then nothing is."""
        self.do(LookAround(NABAT, unreachable))
        if min(due_team(self.decided_by, self.team).values()) <= self.now:
            self.do(LookAround(NABAT, unreachable))
        self.awake = True

    @rule(by=actors, length=st.one_of(st.none(), st.integers(0, 300).map(minutes), st.just(LONGEST_LAUNCH * 2)))
    def switch_on(self, by: Actor, length: timedelta | None) -> None:
        """Somebody launches."""
        self.do(SwitchOn(by, length))

    @rule(by=actors)
    def switch_off(self, by: Actor) -> None:
        """Somebody ends it."""
        self.do(SwitchOff(by))

    @rule(by=actors, person=st.sampled_from((*EVERYBODY, "zoe")), length=st.integers(0, 20).map(hours))
    def stand_in(self, by: Actor, person: str, length: timedelta) -> None:
        """Somebody is to be on call."""
        self.do(SetOverride(by, person, length))

    @rule(by=st.one_of(responders, actors))
    def stand_in_no_more(self, by: Actor) -> None:
        """Nobody stands in any more."""
        self.do(EndOverride(by))

    @rule(read=matrix_rows, missing=matrix_rows)
    def look_at_the_matrix(self, read: tuple[str, ...], missing: tuple[str, ...]) -> None:
        """Rows of the matrix can be read, or not."""
        self.do(ReportSight(System(), read, tuple(row for row in missing if row not in read), "no series"))

    @rule(by=st.one_of(responders, actors), checks=check_lists, figures=figures)
    def ask_for_a_digest(self, by: Actor, checks: tuple[CheckSeen, ...], figures: tuple[FigureSeen, ...]) -> None:
        """Somebody asks how things are."""
        self.do(NoteLook(by, None, checks, figures))

    @rule(checks=check_lists, figures=figures, twice=st.booleans(), late=st.sampled_from((0, 0, 7, 50)))
    def look(self, checks: tuple[CheckSeen, ...], figures: tuple[FigureSeen, ...], twice: bool, late: int) -> None:
        """What is due by the launch's rhythm is looked at; by two replicas, perhaps, or so slowly that time goes on."""
        found = look_due(self.decided_by.plan, self.team.beta, self.now)
        if found is not None:
            self.walk(minutes(late), looking=False)
            for _ in range(1 + twice):
                self.do(NoteLook(NABAT, found, checks, figures))

    @rule(length=st.one_of(st.integers(0, 200), st.integers(0, 8 * 24 * 60)), ok=st.booleans())
    def let_time_pass(self, length: int, ok: bool) -> None:
        """Each timer fires at its time, and each look is made at its time."""
        if not self.awake:
            self.look_around(())
        self.walk(minutes(length), ok=ok)

    @rule(
        length=st.one_of(st.integers(0, 200), st.integers(0, 20 * 24 * 60)),
        unreachable=st.sets(st.sampled_from(EVERYBODY)),
    )
    def stand_still(self, length: int, unreachable: set[str]) -> None:
        """The bot is down for a while; what comes first when it is back may be anything."""
        self.now += minutes(length)
        self.awake = False
        self.sleep()
        if length % 2:
            self.look_around((*sorted(unreachable), "zoe"))
            self.look_if_due(ok=bool(length % 3))

    @rule(gone=st.sets(st.sampled_from(EVERYBODY[1:])), stakeholders=st.booleans(), turns=st.booleans())
    def change_the_roster(self, gone: set[str], stakeholders: bool, turns: bool) -> None:
        """The bot begins anew with another roster."""
        self.decided_by = replace(self.decided_by, roster=some_people(gone, stakeholders=stakeholders, turns=turns))
        self.follow()
        self.sleep()
        self.look_around(())

    @precondition(lambda self: self.course.state is not None)
    @rule(command=any_of(RESPONSE))
    def work_on_the_incident(self, command: Command) -> None:
        """What is done for an incident is no affair of the team's log."""
        before = len(self.log)
        if isinstance(decide(self.course.rules, self.course.incident, command, self.now), Decided):
            self.course.do(command)
        assert len(self.log) == before

    def look_if_due(self, *, ok: bool) -> None:
        """The launch's rhythm asks for a look."""
        found = look_due(self.decided_by.plan, self.team.beta, self.now)
        if found is not None:
            self.do(NoteLook(NABAT, found, (CheckSeen(name="api", ok=ok),)))

    def sleep(self) -> None:
        """The incident's clock moves, and what fell due fires."""
        self.course.sleep_until(self.now - self.course.started)
        ripe = [key for key, at in due(self.course.rules, self.course.incident).items() if at <= self.now]
        if ripe:
            self.course.do(FireTimer(by=NABAT, key=min(ripe)))

    def walk(self, length: timedelta, *, looking: bool = True, ok: bool = True) -> None:
        """The clock runs from one thing that is due to the next."""
        until = self.now + length
        while True:
            timers = [*due_team(self.decided_by, self.team).values()]
            following = next_look(self.decided_by.plan, self.team.beta, self.now) if looking else None
            moment = min([at for at in (*timers, following) if at is not None and at > self.now], default=until)
            self.now = min(moment, until)
            if length <= A_DAY:
                self.course.at(self.now - self.course.started)
            else:
                self.sleep()
            if timers and min(timers) <= self.now:
                self.look_around(())
            if looking:
                self.look_if_due(ok=ok)
            if self.now >= until:
                return


def _is_refused_to(facts: TeamFacts, command: TeamCommand) -> bool:
    """Whether only a member of the team may give it, and somebody else did."""
    asks = isinstance(command, SetOverride | EndOverride | SwitchOn | SwitchOff)
    asks = asks or (isinstance(command, NoteLook) and command.look is None)
    return asks and not facts.is_member(command.by)
