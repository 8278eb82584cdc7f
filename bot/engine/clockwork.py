"""Timers: what falls due becomes a command. One replica does this at a time."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from functools import partial

import structlog

from bot.domain.actors import System
from bot.domain.commands import FireTimer
from bot.domain.team_events import TEAM_LOG
from bot.domain.timers import due
from bot.domain.verifying_times import END
from bot.engine.desk import Desk
from bot.engine.errands import Errands
from bot.engine.outcomes import Done, NoSuchIncident
from bot.engine.team_desk import TeamDesk
from bot.store.records import Due, Lease, StoreUnavailableError
from bot.store.store import Store
from bot.store.wakes import POLL, Topic, Wake

CLAIM_FOR = timedelta(seconds=30)
"""How long a claimed timer is left to its worker: far longer than a commit takes, far shorter than any deadline."""

_BATCH = 200
_GATHERS_FOR_S = 0.02
"""After a commit has planned anew: the answer to it goes first, and the commits of a crowd are looked at once."""
_RETRY_AFTER_S = 0.5
"""Between tries while Redis can't be reached."""

log = structlog.get_logger(__name__)


class Clockwork:
    """Fires timers as they fall due; what fell due while nobody ran fires once.

    `last_look` looks at the metrics of an incident whose watch over a fix is about to end by its time limit: the bot
    may have been down in the meantime. It says whether the watch may end now. Nothing else waits for it.
    """

    def __init__(
        self, store: Store, desk: Desk, team: TeamDesk, last_look: Callable[[str], Awaitable[bool]] | None = None
    ) -> None:
        self._last_look = last_look
        self._store = store
        self._desk = desk
        self._team = team
        self._errands = Errands()

    async def run(self, lease: Lease) -> None:
        """Fire timers until cancelled.

        Raises:
            LeaseLostError: another replica does this now.
        """
        try:
            with self._store.wakes.subscribe(Topic.TIMERS) as wake:
                while True:
                    try:
                        fired = await self.fire_due(lease)
                        if not fired:
                            await self._until_due(wake)
                    except StoreUnavailableError as error:
                        log.warning("timers wait for the store", reason=str(error))
                        await asyncio.sleep(_RETRY_AFTER_S)
        finally:
            await self.close()

    async def close(self) -> None:
        """Drop the ends of watches that still wait for Prometheus: their timers come back."""
        await self._errands.close()

    async def fire_due(self, lease: Lease) -> int:
        """Fire what is due now; how many timers that were. One that can't be fired comes back when its claim ends."""
        claimed = await self._store.claim_due(self._store.clock.now(), _BATCH, lease, CLAIM_FOR)
        await asyncio.gather(*(self._see_to(timer) for timer in claimed))
        return len(claimed)

    async def _see_to(self, timer: Due) -> None:
        """Fire it, beside everything else where Prometheus is asked first: pages never wait for a Prometheus."""
        if timer.key == END and self._last_look is not None:
            end = partial(self._end_watch, timer, self._last_look)
            self._errands.run_once(timer.log, partial(self._carry_out, timer, end))
        else:
            await self._carry_out(timer, partial(self._fire, timer))

    async def _carry_out(self, timer: Due, fire: Callable[[], Coroutine[None, None, None]]) -> None:
        """A mistake in one incident must not keep the deadlines of all others waiting."""
        (error,) = await asyncio.gather(fire(), return_exceptions=True)
        if isinstance(error, StoreUnavailableError):
            log.warning("a timer waits for the store", incident=timer.log, timer=timer.key, reason=str(error))
        elif isinstance(error, Exception):
            log.error("a timer can't be fired", incident=timer.log, timer=timer.key, exc_info=error)

    async def _until_due(self, wake: Wake) -> None:
        """Until the next timer; what another replica planned is seen within `POLL`, though its wake-up was lost."""
        due_at = await self._store.next_due()
        try:
            async with asyncio.timeout(POLL.total_seconds()):
                if not await self._store.clock.sleep_until(due_at, wake.event):
                    await asyncio.sleep(_GATHERS_FOR_S)
        except TimeoutError:
            return
        finally:
            wake.event.clear()

    async def _end_watch(self, timer: Due, last_look: Callable[[str], Awaitable[bool]]) -> None:
        """Unless it can't be told yet what its metrics did: then the timer comes back when its claim ends."""
        if await last_look(timer.log):
            await self._fire(timer)
        else:
            log.info("a watch does not end yet: what its metrics did can't be read", incident=timer.log)

    async def _fire(self, timer: Due) -> None:
        if timer.log == TEAM_LOG:
            await self._team.look_around()
            return
        outcome = await self._desk.handle(timer.log, FireTimer(System(), timer.key))
        match outcome:
            case Done(events=()):
                await self._plan_anew(timer)
            case NoSuchIncident():
                log.error("a timer of an incident that does not exist", incident=timer.log, timer=timer.key)
                await self._store.rebuild_timers(timer.log, {})
            case _:
                log.debug("timer fired", incident=timer.log, timer=timer.key)

    async def _plan_anew(self, timer: Due) -> None:
        """The stored timer is not what the state asks for (an older version planned it): store what it asks for."""
        incident = await self._desk.incident(timer.log)
        if incident is not None:
            rules = await self._desk.rulebook.rules_for(incident.plan)
            await self._store.rebuild_timers(timer.log, due(rules, incident), expected=incident.version)
