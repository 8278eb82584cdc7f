"""The rollback matrix, watched: every metric row is asked of Prometheus, and what it says becomes a command.

Prometheus itself is asked whether a breach has held for its time, so a restart of the bot misses none and doubles none.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from bot.domain.acting_commands import Breach, Clear, ObserveTrigger, ReportReadable, ReportUnclear
from bot.domain.actors import System
from bot.domain.classify import classify
from bot.domain.commands import Declare
from bot.domain.incident import Incident
from bot.domain.plan import Metric, Rollback, Trigger, TriggerMode
from bot.domain.rulings.rollback import in_band
from bot.domain.sight import ReportSight
from bot.engine.claims import Claims, read_claims
from bot.engine.desk import Desk
from bot.engine.evidence import Evidence, HeldFor
from bot.engine.outcomes import Done, DoneBefore
from bot.engine.samples import Unknown, UnknownReason
from bot.engine.team_desk import TeamDesk
from bot.store.records import Lease, StoreUnavailableError
from bot.store.store import Store
from bot.views import conditions
from bot.views.charts.model import Side
from bot.views.translations import words_in

SAID_AT_CHECK = 2
"""The check at which an unknown row is told of: one that a restart of Prometheus or of the bot explains is not."""

_OF_THE_SET_UP = frozenset({UnknownReason.EMPTY, UnknownReason.STALE, UnknownReason.NAN, UnknownReason.MANY_SERIES})
"""Reasons for which a row may never have been readable at all; the others are trouble with Prometheus itself."""

log = structlog.get_logger(__name__)

Observation = Breach | Clear | Unknown | None
"""None: in the band, but not yet for the row's time."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A metric row of the matrix."""

    row: Trigger
    metric: Metric


class Watch:
    """Looks at every metric row each `check_every`. `measured_at` is the time that Prometheus is asked about."""

    def __init__(
        self, store: Store, desk: Desk, team: TeamDesk, evidence: Evidence, measured_at: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._desk = desk
        self._team = team
        self._evidence = evidence
        self._measured_at = measured_at
        self._unknown_checks: dict[str, int] = {}

    async def run(self, lease: Lease) -> None:
        """Watch until cancelled.

        Raises:
            LeaseLostError: another replica does this now.
        """
        del lease  # what a stale holder does is caught by the checks of the commits that fire a row
        while True:
            rollback = self._desk.rulebook.current.plan.rollback
            if rollback is None:
                await asyncio.Event().wait()
                return
            began = self._store.clock.now()
            try:
                await self.check(rollback)
            except StoreUnavailableError as error:
                log.info("the matrix is not watched without the store", reason=str(error))
            await self._store.clock.sleep_until(began + rollback.check_every)

    async def check(self, rollback: Rollback) -> None:
        """Look at every row once."""
        metrics = self._desk.rulebook.current.plan.metrics
        rows = [Watched(row, metrics[row.metric]) for row in rollback.triggers if row.metric is not None]
        at = self._measured_at()
        found = await asyncio.gather(*(look(self._evidence, each, at) for each in rows))
        seen = list(zip(rows, found, strict=True))
        claims = await read_claims(self._store)
        for each, observation in seen:
            await self._tell(each, observation, claims)
        unread = await self._tell_sight(seen)
        await self._tell_unclear([each for each in seen if each[0].row.name not in unread], claims)

    async def _tell_sight(self, seen: list[tuple[Watched, Observation]]) -> frozenset[str]:
        """Rows that can't be read and never could: a matter of the set-up, said once and to nobody's pager."""
        if self._team.duty.unreadable:
            return frozenset()  # nobody knows what could be read before: whatever can't be read now goes to humans
        read = tuple(watched.row.name for watched, found in seen if not isinstance(found, Unknown))
        known = self._team.duty.team.sight
        unread = {
            watched.row.name: found.detail
            for watched, found in seen
            if isinstance(found, Unknown) and found.reason in _OF_THE_SET_UP and watched.row.name not in known.read
        }
        missing = tuple(name for name in unread if self._unknown_checks.get(name, 0) + 1 >= SAID_AT_CHECK)
        if set(read) - known.read or set(missing) - known.missing:
            why = "; ".join(dict.fromkeys(unread[name] for name in missing))
            await self._team.handle(ReportSight(System(), read, missing, why))
        for name in unread:
            self._unknown_checks[name] = self._unknown_checks.get(name, 0) + 1
        return frozenset(unread)

    async def _tell(self, watched: Watched, observation: Observation, claims: Claims) -> None:
        row, carried_by = watched.row, claims.across.episodes.get(watched.row.name)
        if isinstance(observation, Clear) and carried_by is not None:
            await self._desk.handle(carried_by, ObserveTrigger(System(), row.name, observation))
        if isinstance(observation, Breach) and carried_by is None and not self._waits(row, claims):
            incident = await self._joined() or await self._declared(watched, observation.value)
            if incident is not None:
                await self._desk.handle(incident.id, ObserveTrigger(System(), row.name, observation))

    def _waits(self, row: Trigger, claims: Claims) -> bool:
        """While a rollback runs, only a row that may not wait opens an incident."""
        rollback = self._desk.rulebook.current.plan.rollback
        last = claims.across.standings.get(rollback.action) if rollback is not None else None
        return last is not None and last.running and row.mode is not TriggerMode.IMMEDIATE

    async def _tell_unclear(self, seen: list[tuple[Watched, Observation]], claims: Claims) -> None:
        told = claims.across.unclear
        news: dict[str, str] = {}
        back: dict[str, list[str]] = {}
        for watched, observation in seen:
            name = watched.row.name
            if not isinstance(observation, Unknown):
                self._unknown_checks.pop(name, None)
                if name in told:
                    back.setdefault(told[name], []).append(name)
                continue
            self._unknown_checks[name] = self._unknown_checks.get(name, 0) + 1
            if self._unknown_checks[name] >= SAID_AT_CHECK and name not in told:
                news[name] = observation.detail
        for incident_id, names in back.items():
            await self._desk.handle(incident_id, ReportReadable(System(), tuple(names)))
        incident = (await self._joined() or await self._declared_blind()) if news else None
        if incident is not None:
            why = "; ".join(dict.fromkeys(news.values()))
            await self._desk.handle(incident.id, ReportUnclear(System(), tuple(news), why))

    async def _joined(self) -> Incident | None:
        """The worst open incident that is decided by the matrix as it is now, and that is no exercise."""
        digest = self._desk.rulebook.digest
        incidents = await self._desk.open_incidents()
        return next((each for each in incidents if each.plan == digest and not each.drill), None)

    async def _declared(self, watched: Watched, value: float) -> Incident | None:
        """A new incident for a row that holds; what may not wait is of the worst severity."""
        rules = self._desk.rulebook.for_a_declaration
        metric = watched.row.metric or ""
        severity = next(iter(rules.plan.severities))
        if watched.row.mode is not TriggerMode.IMMEDIATE:
            severity = classify(replace(rules, readings={**rules.readings, metric: value}), ())
        words = words_in(rules.roster.chats.responders, rules.plan.timezone)
        title = conditions.condition(words, rules, watched.row, value).plain
        return await self._opened(Declare(System(), title, severity=severity))

    async def _declared_blind(self) -> Incident | None:
        rules = self._desk.rulebook.current
        words = words_in(rules.roster.chats.responders, rules.plan.timezone)
        return await self._opened(Declare(System(), conditions.blind(words).plain))

    async def _opened(self, command: Declare) -> Incident | None:
        outcome = await self._desk.declare(command)
        if isinstance(outcome, Done | DoneBefore):
            return outcome.incident
        log.error("an incident for the matrix was refused", outcome=outcome)
        return None


async def look(evidence: Evidence, watched: Watched, at: datetime) -> Observation:
    """The present value first: out of the band it ends a breach, whatever the window before it lacks."""
    reading = await evidence.read(watched.metric, at)
    if isinstance(reading, Unknown):
        return reading
    if not in_band(watched.row, reading.value):
        return Clear(reading.value)
    side = Side.ABOVE if watched.row.above is not None else Side.BELOW
    held = await evidence.worst_over(watched.metric, watched.row.for_, side, at)
    if isinstance(held, Unknown):
        # The present value is there: what the time before it lacks is a gap, however long.
        return replace(held, reason=UnknownReason.GAPS) if held.reason is UnknownReason.EMPTY else held
    return Breach(reading.value) if _held(watched.row, held) else None


def _held(row: Trigger, held: HeldFor) -> bool:
    """Whether both extremes of the window are in the band, so that every sample is."""
    return in_band(row, held.worst) and in_band(row, held.best)
