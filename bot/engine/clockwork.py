"""Timers: what falls due becomes a command. One replica does this at a time."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog

from bot.domain.actors import System
from bot.domain.commands import FireTimer
from bot.domain.team_events import TEAM_LOG
from bot.domain.timers import due
from bot.engine.desk import Desk
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

    `last_look` looks at the metrics of an incident whose watch over a fix would end by any of its timers without that:
    the bot may have been down in the meantime. Its time is bounded by Prometheus's own limits.
    """

    def __init__(
        self, store: Store, desk: Desk, team: TeamDesk, last_look: Callable[[str], Awaitable[None]] | None = None
    ) -> None:
        self._last_look = last_look
        self._store = store
        self._desk = desk
        self._team = team

    async def run(self, lease: Lease) -> None:
        """Fire timers until cancelled.

        Raises:
            LeaseLostError: another replica does this now.
        """
        with self._store.wakes.subscribe(Topic.TIMERS) as wake:
            while True:
                try:
                    fired = await self.fire_due(lease)
                    if not fired:
                        await self._until_due(wake)
                except StoreUnavailableError as error:
                    log.warning("timers wait for the store", reason=str(error))
                    await asyncio.sleep(_RETRY_AFTER_S)

    async def fire_due(self, lease: Lease) -> int:
        """Fire what is due now; how many timers that were. One that can't be fired comes back when its claim ends."""
        claimed = await self._store.claim_due(self._store.clock.now(), _BATCH, lease, CLAIM_FOR)
        results = await asyncio.gather(*(self._fire(timer) for timer in claimed), return_exceptions=True)
        for timer, error in zip(claimed, results, strict=True):
            if isinstance(error, StoreUnavailableError):
                log.warning("a timer waits for the store", incident=timer.log, timer=timer.key, reason=str(error))
            elif isinstance(error, Exception):
                # A mistake in one incident must not keep the deadlines of all others waiting.
                log.error("a timer can't be fired", incident=timer.log, timer=timer.key, exc_info=error)
        return len(claimed)

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

    async def _fire(self, timer: Due) -> None:
        if timer.log == TEAM_LOG:
            await self._team.look_around()
            return
        if self._last_look is not None:
            await self._last_look(timer.log)
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
