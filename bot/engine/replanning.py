"""Open incidents follow a beta launch that somebody switches: each is planned anew, and none keeps a stale timer.

An incident's own timers hold the next launch that is known when they are written; a switch by hand, another plan and
what a replica wrote that had not heard of the switch yet are found here.
"""

import asyncio
from datetime import timedelta

import structlog

from bot.domain.actors import System
from bot.domain.beta import BetaSchedule
from bot.domain.commands import FireTimer
from bot.domain.incident import Incident
from bot.domain.timers import BETA, due
from bot.engine.desk import Desk
from bot.engine.duty import OnDuty
from bot.engine.outcomes import Done
from bot.store.records import Lease, StoreUnavailableError
from bot.store.store import Store

EVERY = timedelta(minutes=1)
"""How long at most an incident may follow what was switched before."""
_RETRY_AFTER_S = 0.5
"""Between tries while Redis can't be reached."""

log = structlog.get_logger(__name__)


class Replanning:
    """Holds every open incident against the launches that are known."""

    def __init__(self, store: Store, desk: Desk, duty: OnDuty) -> None:
        self._store = store
        self._desk = desk
        self._duty = duty
        self._done_for: BetaSchedule | None = None

    async def run(self, lease: Lease) -> None:
        """Replan where the lease begins, at every switch, and once in a while; until cancelled."""
        del lease  # an incident that is planned anew twice is planned the same
        self._done_for = None
        with self._duty.listening() as news:
            while True:
                news.clear()
                began = self._store.clock.now()
                try:
                    await self.replan()
                except StoreUnavailableError as error:
                    log.warning("incidents wait for the store to be planned anew", reason=str(error))
                    await asyncio.sleep(_RETRY_AFTER_S)
                    continue
                await self._store.clock.sleep_until(began + EVERY, news)

    async def replan(self) -> None:
        """Plan anew whatever follows another launch than the one that is on.

        Raises:
            StoreUnavailableError: Redis did not answer; those that are left come next time.
        """
        known = self._duty.beta
        switched = known != self._done_for
        for incident in await self._desk.open_incidents():
            await self._replan(incident, switched=switched)
        self._done_for = known

    async def _replan(self, incident: Incident, *, switched: bool) -> None:
        rules = await self._desk.rulebook.rules_for(incident.plan)
        timers = due(rules, incident)
        if BETA in timers and timers[BETA] <= self._store.clock.now():
            outcome = await self._desk.handle(incident.id, FireTimer(System(), BETA))
            switched = not (isinstance(outcome, Done) and outcome.events)
        if switched:
            # The launch that it follows may end at another time than its stored timer says.
            await self._store.rebuild_timers(incident.id, due(rules, incident), expected=incident.version)
