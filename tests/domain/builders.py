"""Plans, people, alerts and a course of events to test the domain with; every decision is checked on its way."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.actors import Actor, Responder, Source, Stranger, System
from bot.domain.alerts import Alert, AlertStatus
from bot.domain.commands import Command, Declare, FireTimer, ReportReachable, ReportUnreachable
from bot.domain.decide import Decided, Rejected, decide, open_incident
from bot.domain.draft_events import DraftsAwaited
from bot.domain.events import Event, PageCause, Paged
from bot.domain.evolving import replay
from bot.domain.incident import Incident
from bot.domain.intents import Intent, Page, Ping, Tell
from bot.domain.plan import Holding, Plan
from bot.domain.rejections import Rejection
from bot.domain.roster import Roster
from bot.domain.rules import Rules
from bot.domain.telling import intents_of
from bot.domain.timers import due
from bot.domain.verifying_times import waits_for_a_look
from bot.settings import load_plan
from tests.domain.named_by_plan import unnamed

THURSDAY = datetime(2026, 3, 5, 10, 0, tzinfo=UTC)
"""A working morning, far from the beta launch."""

ANNA, BORIS, CLARA, DAN, EVE = (Responder(person=name) for name in ("anna", "boris", "clara", "dan", "eve"))
ALERTMANAGER, STRANGER, NABAT = Source(name="alertmanager"), Stranger(telegram=666, name="Mallory"), System()
EVERYBODY = ("anna", "boris", "clara", "dan", "eve")

PEOPLE: dict[str, tuple[str, ...]] = {
    "anna": ("on_call",),
    "boris": ("team_lead",),
    "clara": ("cto",),
    "dan": (),
    "eve": (),
}


def minutes(count: float) -> timedelta:
    """So many minutes."""
    return timedelta(minutes=count)


def hours(count: float) -> timedelta:
    """So many hours."""
    return timedelta(hours=count)


def a_roster(people: Mapping[str, tuple[str, ...]] = PEOPLE, *, stakeholders: bool = True) -> Roster:
    """A roster of people with their roles."""
    chats: dict[str, Any] = {"responders": {"id": -1001}}
    if stakeholders:
        chats["stakeholders"] = {"id": -1002}
    return Roster.model_validate(
        {
            "people": {
                name: {"name": name.title(), "telegram": 1001 + number, "roles": roles}
                for number, (name, roles) in enumerate(people.items())
            },
            "chats": chats,
        }
    )


def a_plan(severities: Mapping[str, Any] | None = None, **parts: Any) -> Plan:
    """A small plan; each severity given replaces the defaults of a severity."""
    defaults = {"respond_within": "15m", "resolve_within": "4h"}
    named = severities or {"SEV-1": {}}
    return Plan.model_validate(
        {
            "name": "test",
            "version": "1",
            "roles": ["on_call", "team_lead", "cto"],
            "severities": {name: {"title": name, **defaults, **given} for name, given in named.items()},
            "classification": {"default": list(named)[-1]},
            **parts,
        }
    )


def without(*names: str) -> dict[str, tuple[str, ...]]:
    """The five people but these."""
    return {name: roles for name, roles in PEOPLE.items() if name not in names}


BUILT_IN = load_plan()


def patient(plan: Plan) -> Plan:
    """The same plan for a holder who is never asked whether they are still on it."""
    holding = Holding.model_validate({"ask_after": "3650d"})
    severities = {name: it.model_copy(update={"holding": holding}) for name, it in plan.severities.items()}
    return plan.model_copy(update={"severities": severities})


PATIENT = patient(BUILT_IN)


def the_rules(plan: Plan = BUILT_IN, roster: Roster | None = None, **more: Any) -> Rules:
    """The built-in plan with five people, unless told otherwise."""
    return Rules(plan=plan, plan_digest="digest", roster=roster or a_roster(), **more)


def an_alert(fingerprint: str = "a", *, firing: bool = True, starts_at: datetime = THURSDAY, **labels: str) -> Alert:
    """An alert of a fingerprint with labels."""
    status = AlertStatus.FIRING if firing else AlertStatus.RESOLVED
    return Alert(fingerprint=fingerprint, status=status, labels={"alertname": "Test", **labels}, starts_at=starts_at)


@dataclass(frozen=True, slots=True)
class Moment:
    """One decision of a course of events, `after` the start."""

    after: timedelta
    decided: Decided
    intents: tuple[Intent, ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """A private page, `after` the start."""

    after: timedelta
    person: str
    cause: PageCause


def walk(rules: Rules, incident: Incident, until: datetime) -> list[tuple[datetime, Decided]]:
    """Fire every timer at the very time it falls due, up to and including `until`."""
    decisions: list[tuple[datetime, Decided]] = []
    while True:
        timers = due(rules, incident)
        at, key = min(((at, key) for key, at in timers.items()), default=(until + minutes(1), ""))
        if at > until:
            return decisions
        decided = decide(rules, incident, FireTimer(by=NABAT, key=key), at)
        assert isinstance(decided, Decided)
        assert decided.events, f"{key} fell due and led to nothing"
        decisions.append((at, decided))
        incident = decided.incident


@dataclass(slots=True)
class Course:
    """An incident, the clock, and everything that has happened and been said."""

    rules: Rules = field(default_factory=the_rules)
    now: datetime = THURSDAY
    moments: list[Moment] = field(default_factory=list[Moment])
    log: list[Event] = field(default_factory=list[Event])
    started: datetime = THURSDAY
    id: str = "INC-1"
    state: Incident | None = None

    @property
    def incident(self) -> Incident:
        """The incident as it stands."""
        assert self.state is not None
        return self.state

    def declare(self, severity: str | None = "SEV-1", by: Actor = DAN, **more: Any) -> "Course":
        """Open the incident now."""
        decided = open_incident(
            self.rules, self.id, Declare(by=by, title="It burns", severity=severity, **more), self.now
        )
        assert isinstance(decided, Decided), decided
        self.started = self.now
        self._keep(None, decided)
        return self

    def do(self, command: Command) -> Decided:
        """A command that must be accepted."""
        decided = decide(self.rules, self.incident, command, self.now)
        assert isinstance(decided, Decided), decided
        self._keep(self.incident, decided)
        return decided

    def refuse(self, command: Command) -> Rejection:
        """A command that must be refused, and change nothing; why it was."""
        rejected = decide(self.rules, self.incident, command, self.now)
        assert isinstance(rejected, Rejected), rejected
        assert rejected.incident == self.incident
        return rejected.reason

    def at(self, after: timedelta) -> "Course":
        """Walk the clock to `after` the start: each timer fires at its time."""
        until = self.started + after
        assert until >= self.now
        for at, decided in walk(self.rules, self.incident, until):
            self.now = at
            self._keep(self.incident, decided)
        self.now = until
        return self

    def sleep_until(self, after: timedelta) -> "Course":
        """Move the clock while Nabat stands still: no timer fires."""
        self.now = self.started + after
        return self

    def wake(self) -> "Course":
        """After a stop, fire whichever timer the store hands out first."""
        self.do(FireTimer(by=NABAT, key=min(due(self.rules, self.incident))))
        return self

    def replayed(self) -> Incident:
        """The state that the log alone amounts to."""
        return replay(self.id, self.log)

    def lose(self, person: str) -> Decided:
        """A page to this person comes back: 403."""
        return self.do(ReportUnreachable(by=NABAT, person=person, reason="Forbidden: bot was blocked by the user"))

    def find(self, person: str) -> Decided:
        """This person has pressed Start."""
        return self.do(ReportReachable(by=NABAT, person=person))

    def with_rules(self, **changed: Any) -> "Course":
        """From here on, other rules."""
        self.rules = replace(self.rules, **changed)
        return self

    def pages(self) -> list[Heard]:
        """Every private page so far."""
        return [Heard(m.after, i.person, i.cause) for m in self.moments for i in m.intents if isinstance(i, Page)]

    def paged(self, person: str) -> list[float]:
        """Minutes after the start at which a person was paged."""
        return [heard.after / minutes(1) for heard in self.pages() if heard.person == person]

    def paged_at(self, after: timedelta) -> set[str]:
        """Who was paged at that moment."""
        return {heard.person for heard in self.pages() if heard.after == after}

    def pinged(self, person: str) -> list[float]:
        """Minutes after the start at which a person was pinged, but for drafts that wait for their yes."""
        return [after for after, event in self._pings(person) if not isinstance(event, DraftsAwaited)]

    def asked_for_a_yes(self, person: str) -> list[float]:
        """Minutes after the start at which a person was asked to decide on drafts."""
        return [after for after, event in self._pings(person) if isinstance(event, DraftsAwaited)]

    def _pings(self, person: str) -> Iterator[tuple[float, Event]]:
        for moment in self.moments:
            for intent in moment.intents:
                if isinstance(intent, Ping) and intent.person == person:
                    yield moment.after / minutes(1), self.log[intent.number - 1]

    def told(self, audience: str, kind: type[Event]) -> list[float]:
        """Minutes after the start at which an audience was told of a kind of event."""
        return [
            moment.after / minutes(1)
            for moment in self.moments
            for intent in moment.intents
            if isinstance(intent, Tell)
            and intent.audience.value == audience
            and isinstance(self.log[intent.number - 1], kind)
        ]

    def happened(self, kind: type[Event]) -> list[float]:
        """Minutes after the start at which a kind of event happened."""
        return [(event.at - self.started) / minutes(1) for event in self.log if isinstance(event, kind)]

    def _keep(self, before: Incident | None, decided: Decided) -> None:
        intents = intents_of(self.rules, before, decided)
        check(self.rules, before, decided, self.now, intents)
        self.log.extend(decided.events)
        if (
            len(self.log) == decided.incident.version
        ):  # else the test has doctored the log, or has none of the beginning
            amiss = list(unnamed(self.rules, tuple(self.log), len(decided.events), self.now, intents))
            assert not amiss, amiss
        self.moments.append(Moment(self.now - self.started, decided, intents))
        self.state = decided.incident


def check(rules: Rules, before: Incident | None, decided: Decided, now: datetime, intents: Iterable[Intent]) -> None:
    """What holds of every decision whatsoever."""
    incident = decided.incident
    assert incident.version == (before.version if before else 0) + len(decided.events)
    timers = due(rules, incident)
    assert timers or not incident.is_open, "an open incident is forgotten"
    if decided.events:
        late = {key for key, at in timers.items() if at <= now and not waits_for_a_look(incident, key)}
        assert not late, "something was due and did not happen"
    paged = [person for event in decided.events if isinstance(event, Paged) for person in event.people]
    assert len(paged) == len(set(paged)), "somebody is paged twice at one instant"
    addressed = [intent.person for intent in intents if isinstance(intent, Page | Ping)]
    assert set(addressed) <= set(rules.roster.people)
    keys = [intent.key for intent in intents]
    assert len(keys) == len(set(keys)), "the same is said twice"
