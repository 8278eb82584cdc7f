"""Actions under way: each runs once, its output is shown while it comes, and its end is told, whatever happens.

A run is claimed by the commit that starts it (`bot.engine.claims`) and carried out by the replica that committed it,
which holds a lease of the run's own meanwhile. It does not depend on holding the lease of the singles: a rollback must
not stop half-way because Redis was slow for a moment. A run whose lease has run out has nobody any more: its outcome is
unknown, which humans are told, and it is never run again by itself.
"""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog

from bot.domain.acting import Standing
from bot.domain.acting_commands import FinishAction, LoseAction
from bot.domain.acting_events import ActionEnding, ActionStarted
from bot.domain.actors import System
from bot.domain.incident import Incident
from bot.domain.intents import RefreshTold
from bot.domain.plan import Action
from bot.engine.claims import read_claims
from bot.engine.desk import Desk
from bot.engine.endings import ActionResult, Answered, Ending, Exited, Killed, NotAnswered, NotStarted, TimedOut
from bot.engine.output import Output
from bot.engine.runner import Runner
from bot.store.records import Commit, Lease, StoreUnavailableError
from bot.store.store import Store

SHOW_EVERY_S = 5.0
"""A live message that is edited so often takes 12 of a group's 20 messages a minute."""
SHOWN_CHARACTERS = 1500
"""Of the output, its end: about a screen of a phone."""
OUTPUT = "output:"
"""Facts of this name hold what a run has printed so far: `output:<incident>:<run>`."""
LOOK_EVERY_S = 5.0
"""Between looks for runs whose runner is gone."""
LAST_WORDS_S = 5.0
"""How long a stopping bot tries to note how it ended a run."""

_RETRY_AFTER_S = 0.5
_RENEWALS = 3

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Mine:
    incident: str
    run: int

    @property
    def lease(self) -> str:
        return f"run:{self.incident}:{self.run}"

    @property
    def fact(self) -> str:
        return f"{OUTPUT}{self.incident}:{self.run}"


class Acts:
    """Carries out the runs that this replica started, and looks after those that nobody carries out any more.

    `replica` names this replica, the same after a restart. `ttl` is how long a run may be silent before it counts as
    lost.
    """

    def __init__(self, store: Store, desk: Desk, runner: Runner, ttl: timedelta, replica: Callable[[], str]) -> None:
        self._store = store
        self._desk = desk
        self._runner = runner
        self._ttl = ttl
        self._replica = replica
        self._running: dict[_Mine, asyncio.Task[None]] = {}

    def begin(self, incident: Incident, started: ActionStarted) -> None:
        """Carry out a run whose start was committed just now."""
        mine = _Mine(incident.id, started.run)
        task = asyncio.create_task(self._carry_out(mine, incident.plan, started.action), name=mine.lease)
        self._running[mine] = task
        task.add_done_callback(lambda ended: self._ended(mine, ended))

    async def close(self) -> None:
        """End what runs, with everything it started, and note that."""
        for task in self._running.values():
            task.cancel()
        if self._running:
            await asyncio.wait(self._running.values())

    async def look_after(self, lease: Lease) -> None:
        """Until cancelled, give up runs whose runner is gone.

        Raises:
            LeaseLostError: another replica does this now.
        """
        del lease  # whatever is noted here changes a log, whose version is checked
        while True:
            try:
                await self.give_up_lost()
            except StoreUnavailableError as error:
                log.info("runs are not looked after without the store", reason=str(error))
            await asyncio.sleep(min(LOOK_EVERY_S, self._ttl.total_seconds()))

    async def give_up_lost(self) -> None:
        """Note each run that has no runner any more."""
        standings = (await read_claims(self._store)).across.standings
        for standing in standings.values():
            if standing.running and await self._is_lost(standing):
                log.warning("a run has no runner any more", incident=standing.incident, run=standing.run)
                await self._desk.handle(standing.incident, LoseAction(System(), standing.run))

    async def _is_lost(self, standing: Standing) -> bool:
        mine = _Mine(standing.incident, standing.run)
        if mine in self._running:
            return False
        holder = await self._store.holder(mine.lease)
        if holder is not None:
            return holder == self._replica()  # an earlier life of this replica, which ended without a word
        # Whoever committed the start a moment ago is about to take the run's lease.
        return self._store.clock.now() - standing.at > self._ttl

    async def _carry_out(self, mine: _Mine, plan: str, action: str) -> None:
        rules = await _until_answered(lambda: self._desk.rulebook.rules_for(plan))
        latest: list[Output] = []
        async with asyncio.TaskGroup() as beside:
            helpers = [
                beside.create_task(self._hold(mine)),
                beside.create_task(self._show(mine, latest)),
            ]
            finish = await self._run(mine, rules.plan.actions[action], latest)
            for helper in helpers:
                helper.cancel()
        await self._note(mine, finish)

    async def _run(self, mine: _Mine, action: Action, latest: list[Output]) -> FinishAction:
        def keep(output: Output) -> None:
            latest[:] = [output]

        try:
            return _finished(mine.run, await self._runner.run(action, keep))
        except asyncio.CancelledError:
            tail = _tail(latest[-1]) if latest else ""
            stopped = FinishAction(System(), mine.run, ActionEnding.STOPPED, tail=tail)
            await self._last_words(mine, stopped)
            raise

    async def _last_words(self, mine: _Mine, finish: FinishAction) -> None:
        """A bot that is told to stop says so of what it ended; what it can't save, it finds lost after its restart."""
        try:
            async with asyncio.timeout(LAST_WORDS_S):
                await self._note(mine, finish)
        except TimeoutError:
            log.warning("how a run ended could not be noted", incident=mine.incident, run=mine.run)

    async def _note(self, mine: _Mine, finish: FinishAction) -> None:
        await _until_answered(lambda: self._desk.handle(mine.incident, finish))
        await _until_answered(lambda: self._store.set_fact(mine.fact, None))

    async def _hold(self, mine: _Mine) -> None:
        """Keep the run's lease, so that nobody takes it for lost."""
        while True:
            try:
                lease = await self._store.acquire(mine.lease, self._replica(), self._ttl)
                while lease is not None:
                    await asyncio.sleep((self._ttl / _RENEWALS).total_seconds())
                    if not await self._store.renew(lease, self._ttl):
                        lease = None
            except StoreUnavailableError as error:
                log.warning("a run goes on without the store", incident=mine.incident, run=mine.run, reason=str(error))
            await asyncio.sleep(_RETRY_AFTER_S)

    async def _show(self, mine: _Mine, latest: list[Output]) -> None:
        """Show the output while it comes."""
        shown = ""
        while True:
            await asyncio.sleep(SHOW_EVERY_S if shown else 1.0)
            text = _tail(latest[-1]) if latest else ""
            if text == shown:
                continue
            try:
                await self._store.set_fact(mine.fact, text)
                await self._store.commit(Commit(outbox=(RefreshTold(incident=mine.incident, number=mine.run),)))
                shown = text
            except StoreUnavailableError as error:
                log.info("output is not shown without the store", reason=str(error))

    def _ended(self, mine: _Mine, task: asyncio.Task[None]) -> None:
        self._running.pop(mine, None)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a run broke off", incident=mine.incident, run=mine.run, exc_info=error)


async def _until_answered(ask: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    while True:
        try:
            return await ask()
        except StoreUnavailableError as error:
            log.warning("the end of a run waits for the store", reason=str(error))
            await asyncio.sleep(_RETRY_AFTER_S)


def _tail(output: Output) -> str:
    return output.text[-SHOWN_CHARACTERS:]


def _finished(run: int, result: ActionResult) -> FinishAction:
    ending, code, detail = _told(result.ending)
    return FinishAction(System(), run, ending, code, detail, _tail(result.output), result.took)


def _told(ending: Ending) -> tuple[ActionEnding, int | None, str]:
    match ending:
        case Exited(code):
            return ActionEnding.EXITED, code, ""
        case Killed(signal):
            return ActionEnding.KILLED, None, signal
        case TimedOut():
            return ActionEnding.TIMED_OUT, None, ""
        case NotStarted(reason):
            return ActionEnding.NOT_STARTED, None, reason
        case Answered(status):
            return ActionEnding.ANSWERED, status, ""
        case NotAnswered(reason):
            return ActionEnding.NOT_ANSWERED, None, reason
