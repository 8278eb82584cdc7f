"""Where decisions and actions stand: in one incident, and across all of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import assert_never

from bot.domain.acting_events import (
    ActionEnding,
    ActionFinished,
    ActionLost,
    ActionRefused,
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
)
from bot.domain.actors import Actor, Responder, Stranger

ActingEvent = (
    Flagged
    | TriggerFired
    | DecisionRepeated
    | DecisionApproved
    | DecisionRejected
    | DecisionRefused
    | DecisionExpired
    | TriggerCleared
    | TriggerUnclear
    | TriggerReadable
    | ActionStarted
    | ActionFinished
    | ActionLost
    | ActionRefused
)


@dataclass(frozen=True, slots=True)
class Decision:
    """A question to humans. `number` is that of the event that asked; it is open while `settled_by` is None."""

    number: int
    trigger: str
    value: float | None
    why: WhyAsked | None
    asked_at: datetime
    last_asked_at: datetime
    repeats: int = 0
    settled_by: DecisionApproved | DecisionRejected | DecisionExpired | ActionStarted | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """An action that ran or runs. `number` is that of the event that started it."""

    number: int
    action: str
    trigger: str | None
    by: Actor
    started_at: datetime
    ended: ActionFinished | ActionLost | None = None

    @property
    def simulated(self) -> bool:
        """Whether it was not run at all: it is a drill."""
        return isinstance(self.ended, ActionFinished) and self.ended.ending is ActionEnding.SIMULATED

    @property
    def ok(self) -> bool:
        """Whether it ended well: exit status 0, or an HTTP status of the 2xx family; in a drill, always."""
        end = self.ended
        if self.simulated:
            return True
        if not isinstance(end, ActionFinished) or end.code is None:
            return False
        return (end.ending is ActionEnding.EXITED and end.code == 0) or (
            end.ending is ActionEnding.ANSWERED and 200 <= end.code < 300  # noqa: PLR2004 - the 2xx family of HTTP
        )


@dataclass(frozen=True, slots=True)
class Acting:
    """Decisions and runs of one incident.

    `episodes` are rows that fired here and whose breach has not ended; `unclear` those that humans were told can't be
    read; `refused` whose presses on what were refused and recorded, so that a finger that keeps pressing fills no log;
    `values` what each row read when it fired last.
    """

    flags: tuple[str, ...] = ()
    episodes: frozenset[str] = frozenset()
    unclear: frozenset[str] = frozenset()
    decisions: tuple[Decision, ...] = ()
    runs: tuple[Run, ...] = ()
    refused: frozenset[str] = frozenset()
    values: Mapping[str, float | None] = field(default_factory=dict[str, float | None])

    @property
    def pending(self) -> tuple[Decision, ...]:
        """The questions that wait for an answer, the oldest first."""
        return tuple(decision for decision in self.decisions if decision.settled_by is None)

    @property
    def running(self) -> tuple[Run, ...]:
        """The runs that have not ended, as far as is known."""
        return tuple(run for run in self.runs if run.ended is None)

    def decision(self, number: int) -> Decision | None:
        """The decision of that number."""
        return next((decision for decision in self.decisions if decision.number == number), None)

    def run(self, number: int) -> Run | None:
        """The run of that number."""
        return next((run for run in self.runs if run.number == number), None)


@dataclass(frozen=True, slots=True)
class Standing:
    """The last run of an action in any incident. `at`: since when it runs, or when it ended."""

    incident: str
    run: int
    running: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Across:
    """What a decision must know of other incidents.

    `standings`: action -> its last run. `episodes` and `unclear`: row of the matrix -> the incident that carries it.
    """

    standings: Mapping[str, Standing] = field(default_factory=dict[str, Standing])
    episodes: Mapping[str, str] = field(default_factory=dict[str, str])
    unclear: Mapping[str, str] = field(default_factory=dict[str, str])


def presser(by: Actor) -> str:
    """Who somebody is, as far as one can tell two of them apart."""
    match by:
        case Responder():
            return f"person {by.person}"
        case Stranger():
            return f"stranger {by.telegram}"
        case _:
            return by.kind


def after(acting: Acting, event: ActingEvent, number: int) -> Acting:  # noqa: C901, PLR0911 - one flat table of the events
    """Where things stand after one more event, the `number`th of the log."""
    match event:
        case Flagged():
            return replace(acting, flags=(*acting.flags, event.flag))
        case TriggerFired():
            return _fired(acting, event, number)
        case DecisionRepeated():
            return _decision(acting, event.decision, event)
        case DecisionApproved() | DecisionRejected() | DecisionExpired():
            acting = _decision(acting, event.decision, event)
            over = {event.trigger} if isinstance(event, DecisionExpired) else set[str]()
            return replace(acting, episodes=acting.episodes - over)
        case DecisionRefused():
            return replace(acting, refused=acting.refused | {f"decision {event.decision} {presser(event.by)}"})
        case ActionRefused():
            return replace(acting, refused=acting.refused | {f"action {event.action} {presser(event.by)}"})
        case TriggerCleared():
            return replace(acting, episodes=acting.episodes - {event.trigger})
        case TriggerUnclear():
            return replace(acting, unclear=acting.unclear | set(event.triggers))
        case TriggerReadable():
            return replace(acting, unclear=acting.unclear - set(event.triggers))
        case ActionStarted():
            run = Run(event.run, event.action, event.trigger, event.by, event.at)
            return replace(acting, runs=(*acting.runs, run), decisions=_answered_by(acting, event))
        case ActionFinished() | ActionLost():
            runs = tuple(replace(run, ended=event) if run.number == event.run else run for run in acting.runs)
            return replace(acting, runs=runs)
        case _:
            assert_never(event)


def with_rows(acting: Acting, episodes: tuple[str, ...], unclear: tuple[str, ...]) -> Acting:
    """The same with the rows of an incident that was merged into this one."""
    return replace(acting, episodes=acting.episodes | set(episodes), unclear=acting.unclear | set(unclear))


def _fired(acting: Acting, event: TriggerFired, number: int) -> Acting:
    episodes = acting.episodes | {event.trigger}
    acting = replace(acting, episodes=episodes, values={**acting.values, event.trigger: event.value})
    if not event.asks:
        return acting
    asked = Decision(number, event.trigger, event.value, event.why_asks, event.at, event.at)
    return replace(acting, decisions=(*acting.decisions, asked))


def _decision(
    acting: Acting, number: int, event: DecisionRepeated | DecisionApproved | DecisionRejected | DecisionExpired
) -> Acting:
    def moved(decision: Decision) -> Decision:
        if decision.number != number:
            return decision
        if isinstance(event, DecisionRepeated):
            return replace(decision, last_asked_at=event.at, repeats=decision.repeats + 1)
        return replace(decision, settled_by=event)

    return replace(acting, decisions=tuple(map(moved, acting.decisions)))


def _answered_by(acting: Acting, event: ActionStarted) -> tuple[Decision, ...]:
    """A rollback that a row or a person started answers every open question about it."""
    if event.trigger is None:
        return acting.decisions
    return tuple(
        replace(decision, settled_by=event) if decision.settled_by is None else decision
        for decision in acting.decisions
    )
