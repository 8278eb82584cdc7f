"""The one way through: load, decide, commit; on conflict again.

Whatever changes an incident comes here as a command: a press, an alert, a timer, an API call.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace

from bot.domain.acting_events import ActionStarted
from bot.domain.actors import Actor
from bot.domain.alerts import AlertStatus
from bot.domain.commands import Absorb, Command, Declare, MergeInto, Resolve, TakeAlerts
from bot.domain.decide import Decided, Rejected, decide, open_incident
from bot.domain.events import Event
from bot.domain.incident import Incident
from bot.domain.plan import Plan
from bot.domain.rules import Verifiable
from bot.domain.rulings.alerting import fires_too_late
from bot.domain.telling import intents_of, is_answered
from bot.domain.timers import due
from bot.engine.casebook import Casebook
from bot.engine.claims import concern, read_claims
from bot.engine.draft import Draft
from bot.engine.locks import KeyedLocks
from bot.engine.mailbox import Letter, Mailbox
from bot.engine.outcomes import AlertOutcome, Done, DoneBefore, NoSuchIncident, NothingToDo, Outcome, Refused
from bot.engine.publishing import publishes, read_board
from bot.engine.rulebook import Rulebook
from bot.store.records import Append, Commit, Committed, Conflicted, IndexChange, Repeated, StoreUnavailableError
from bot.store.store import Store

GROUPS = "group"
"""The index from an alert group (`bot.engine.desk.Desk.take_alerts`) to the incident that carries it."""

PREFIX = "INC-"
"""An incident's id is this and its number: what people say to each other."""

_TRIES = 50
"""Conflicts in a row before a command gives up: each means that another replica got a commit in, so work goes on."""

Verify = Callable[[Plan], Verifiable]
"""What can bear a fix out here, asked whenever somebody says that it is over."""

OnStarted = Callable[[Incident, ActionStarted], None]
"""Called once an action's start is committed, where it was committed: that replica runs it."""


class Desk:
    """Handles commands. Safe to call from many tasks and in many replicas at once."""

    def __init__(self, store: Store, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.casebook = Casebook(store)
        self.store = store
        self._mailboxes: dict[str, Mailbox] = {}
        self._opening = asyncio.Lock()
        self._highest: int | None = None
        self._groups = KeyedLocks()
        self.on_started: OnStarted = _nobody_runs
        self.verifiable: Verify = _nothing_verifiable

    async def handle(
        self, incident_id: str, command: Command, operation: str | None = None, *, answers: int | None = None
    ) -> Outcome:
        """The outcome of a command to an existing incident; `operation` names what caused it, and acts once.

        `answers` is the message in the responders chat that asked for it: what the thread is told answers that.

        Raises:
            StoreUnavailableError: nothing was saved; say so, or answer 503.
        """
        mailbox = self._mailboxes.get(incident_id)
        if mailbox is None:
            mailbox = self._mailboxes[incident_id] = Mailbox(lambda letters: self._work(incident_id, letters))
        try:
            return await mailbox.post(command, operation, answers)
        finally:
            if mailbox.idle:
                self._mailboxes.pop(incident_id, None)

    async def declare(self, command: Declare, operation: str | None = None) -> Outcome:
        """Open a new incident under the current plan.

        Raises:
            StoreUnavailableError: nothing was saved; say so, or answer 503.
        """
        for _ in range(_TRIES):
            outcome = await self._declare(command, operation, ())
            if outcome is not None:
                return outcome
        raise _too_many_conflicts()

    async def take_alerts(self, group: str, command: Declare, operation: str | None = None) -> AlertOutcome:
        """Alerts of a group join its incident, or open one (with the title and texts of `command`).

        Raises:
            StoreUnavailableError: nothing was saved; answer 503, so that the sender tries again.
        """
        async with self._groups.holding(group):
            for _ in range(_TRIES):
                outcome = await self._take_alerts(group, command, operation)
                if outcome is not None:
                    return outcome
        raise _too_many_conflicts()

    async def carrier_of(self, group: str) -> Incident | None:
        """The incident that an alert group belongs to, after merges the one that carries it on; None: none yet."""
        known = await self.store.index_get(GROUPS, group)
        return await self._carrier(known) if known else None

    async def incident(self, incident_id: str) -> Incident | None:
        """The incident as the store has it now; None where there is none."""
        return await self.casebook.read(incident_id)

    async def open_incidents(self) -> tuple[Incident, ...]:
        """The open incidents, the worst first, then the oldest."""
        incidents = await self.casebook.many(await self.store.open_logs())
        rank = self.rulebook.current.plan.severities
        order = {name: number for number, name in enumerate(rank)}
        still_open = [incident for incident in incidents if incident.is_open]
        return tuple(sorted(still_open, key=lambda i: (order.get(i.severity, len(order)), i.declared_at)))

    async def merge(
        self,
        incident_id: str,
        other_id: str,
        by: Actor,
        operation: str | None = None,
        *,
        answers: int | None = None,
        together: bool = False,
    ) -> Outcome:
        """Make `other_id` a part of `incident_id`: both logs change in one commit, or neither. `answers` as above.

        `together`: it is one of many, of which whoever asked for it is told once.

        Raises:
            StoreUnavailableError: nothing was saved.
        """
        for _ in range(_TRIES):
            outcome = await self._merge(incident_id, other_id, by, operation, answers, together=together)
            if outcome is not None:
                return outcome
        raise _too_many_conflicts()

    async def _work(self, incident_id: str, letters: list[Letter]) -> None:
        """Decide a batch and commit it; letters whose operation was committed earlier are answered so and left out."""
        incident = await self.casebook.get(incident_id)
        for _ in range(_TRIES):
            if incident is None:
                _answer([(letter, NoSuchIncident(incident_id)) for letter in letters])
                return
            draft = await self._draft(incident, letters)
            result = await self._commit(incident, draft)
            match result:
                case Committed():
                    self.casebook.keep(draft.incident)
                    self._begin_runs(draft)
                    _answer(draft.outcomes)
                    return
                case Repeated():
                    again = [letter for letter in letters if letter.operation in result.operations]
                    letters = [letter for letter in letters if letter.operation not in result.operations]
                    incident = await self.casebook.read(incident_id) or incident
                    _answer([(letter, DoneBefore(incident)) for letter in again])
                case Conflicted():
                    incident = await self.casebook.read(incident_id)
        raise _too_many_conflicts()

    def _begin_runs(self, draft: Draft) -> None:
        for event in draft.events:
            if isinstance(event, ActionStarted) and not draft.incident.drill:
                self.on_started(draft.incident, event)

    async def _draft(self, incident: Incident, letters: list[Letter]) -> Draft:
        rules = await self.rulebook.rules_for(incident.plan)
        draft = Draft(incident)
        # What a drill does stands for nobody else, and nothing of others stands in its way.
        if not incident.drill and any(concern(letter.command) for letter in letters):
            draft.claims = await read_claims(self.store)
        if any(publishes(letter.command) for letter in letters):
            draft.board = await read_board(self.store)
        if any(isinstance(letter.command, Resolve) for letter in letters):
            rules = replace(rules, verifiable=self.verifiable(rules.plan))
        for letter in letters:
            rules = replace(rules, across=draft.claims.across)
            decision = decide(rules, draft.incident, letter.command, self.store.clock.now())
            match decision:
                case Decided():
                    draft.take(letter, decision, intents_of(rules, draft.incident, decision, letter.answers))
                case Rejected():
                    draft.outcomes.append((letter, Refused(decision.reason, decision.incident)))
        return draft

    async def _commit(self, before: Incident, draft: Draft) -> Committed | Conflicted | Repeated:
        """Write the draft. One without events is only checked: a refusal must not rest on a stale state."""
        if not draft.events:
            versions = await self.store.versions((before.id,))
            return Committed() if versions[before.id] == before.version else Conflicted((before.id,))
        append = await self._append(before.version, draft.incident, draft.events)
        return await self.store.commit(
            Commit(
                operations=tuple(draft.operations),
                appends=(append,),
                outbox=tuple(draft.intents.values()),
                index=(*draft.claims.changes(), *draft.board.changes()),
            )
        )

    async def _append(self, expected: int, incident: Incident, events: tuple[Event, ...]) -> Append:
        rules = await self.rulebook.rules_for(incident.plan)
        return Append(incident.id, expected, events, due(rules, incident), incident.is_open)

    async def _take_alerts(self, group: str, command: Declare, operation: str | None) -> AlertOutcome | None:
        """None: another replica was faster with this group; look again."""
        known = await self.store.index_get(GROUPS, group)
        incident = await self._carrier(known) if known else None
        if incident is None:
            if not any(alert.status is AlertStatus.FIRING for alert in command.alerts):
                return NothingToDo()
            return await self._declare(command, operation, (IndexChange(GROUPS, group, known, None),))
        rules = await self.rulebook.rules_for(incident.plan)
        if fires_too_late(rules, incident, command.alerts, self.store.clock.now()):
            follower = replace(command, follows=incident.id)
            return await self._declare(follower, operation, (IndexChange(GROUPS, group, known, None),))
        taken = TakeAlerts(command.by, command.alerts, command.truncated)
        return await self.handle(incident.id, taken, operation)

    async def _carrier(self, incident_id: str) -> Incident | None:
        """The incident itself, or the one that carries it on after a merge."""
        incident = await self.casebook.read(incident_id)
        while incident is not None and incident.merged_into is not None:
            incident = await self.casebook.read(incident.merged_into)
        return incident

    async def _declare(
        self, command: Declare, operation: str | None, index: tuple[IndexChange, ...]
    ) -> Done | Refused | DoneBefore | None:
        """Open the incident under the next free number; None: the number or an index field was taken meanwhile."""
        rules = self.rulebook.for_a_declaration
        async with self._opening:
            number = await self._free_number()
            incident_id = f"{PREFIX}{number}"
            decision = open_incident(rules, incident_id, command, self.store.clock.now())
            if isinstance(decision, Rejected):
                return Refused(decision.reason, None)
            commit = Commit(
                operations=(operation,) if operation else (),
                appends=(await self._append(0, decision.incident, decision.events),),
                outbox=intents_of(rules, None, decision),
                index=tuple(replace(change, value=incident_id) for change in index),
            )
            result = await self.store.commit(commit)
            self._highest = number if isinstance(result, Committed) else None
        match result:
            case Committed():
                self.casebook.keep(decision.incident)
                return Done(decision.incident, decision.events)
            case Repeated():
                declared = await self.casebook.read(result.logs[0])
                return DoneBefore(declared) if declared else None
            case Conflicted():
                return None

    async def _free_number(self) -> int:
        """The next one, as far as is known here: if another replica took it, the commit says so."""
        return (await self.store.highest_number() if self._highest is None else self._highest) + 1

    async def _merge(
        self,
        incident_id: str,
        other_id: str,
        by: Actor,
        operation: str | None,
        answers: int | None,
        *,
        together: bool,
    ) -> Outcome | None:
        """None: one of the two changed meanwhile; look again."""
        incident, other = await self.casebook.read(incident_id), await self.casebook.read(other_id)
        if incident is None or other is None:
            return NoSuchIncident(incident_id if incident is None else other_id)
        alerts = tuple(other.alerts.values())
        whole = (other.title, alerts, other.groups, other.severity, other.acting, other.drafts.told, other.drill)
        absorb = Absorb(by, other.id, *whole)
        claims = await read_claims(self.store)
        drafts: list[Draft] = []
        into = MergeInto(by, incident.id, incident.drill, together)
        for state, command in ((other, into), (incident, absorb)):
            draft = await self._draft(state, [Letter(command, operation, answers)])
            if isinstance(draft.outcomes[0][1], Refused):
                return draft.outcomes[0][1]
            drafts.append(draft)
        moved, grown = drafts
        if not incident.drill:
            claims.note(incident.id, grown.events)
        result = await self.store.commit(
            Commit(
                operations=(operation,) if operation else (),
                appends=(
                    await self._append(other.version, moved.incident, moved.events),
                    await self._append(incident.version, grown.incident, grown.events),
                ),
                outbox=(*moved.intents.values(), *grown.intents.values()),
                index=claims.changes(),
            )
        )
        match result:
            case Committed():
                self.casebook.keep(moved.incident)
                self.casebook.keep(grown.incident)
                answered = is_answered((*moved.intents.values(), *grown.intents.values()))
                return Done(grown.incident, grown.events, answered=answered)
            case Repeated():
                return DoneBefore(incident)
            case Conflicted():
                return None


def _nothing_verifiable(_plan: Plan) -> Verifiable:
    """A desk without eyes and hands verifies nothing."""
    return Verifiable()


def _nobody_runs(_incident: Incident, _event: ActionStarted) -> None:
    """A desk without hands: whoever looks after runs finds this one without a runner, and says so."""


def _answer(outcomes: list[tuple[Letter, Outcome]]) -> None:
    for letter, outcome in outcomes:
        if not letter.outcome.done():
            letter.outcome.set_result(outcome)


def _too_many_conflicts() -> StoreUnavailableError:
    return StoreUnavailableError(f"lost {_TRIES} races in a row; nothing was saved")
