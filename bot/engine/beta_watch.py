"""What a beta launch has looked at by its rhythm: the plan's health checks, and the metrics for its digests.

What is found is committed to the team's log with the messages that tell of it: each look counts once, whichever
replica makes it and however often one is started again.
"""

import asyncio
from datetime import timedelta

import aiohttp
import structlog

from bot.domain.actors import Actor, System
from bot.domain.beta_events import CheckSeen, FigureSeen
from bot.domain.beta_looks import Look, look_due, next_look
from bot.domain.team_beta import NoteLook
from bot.engine.evidence import Known
from bot.engine.health import check_health
from bot.engine.readings import Readings
from bot.engine.team_desk import TeamDesk, TeamOutcome
from bot.store.records import Lease, StoreUnavailableError
from bot.store.store import Store

LOOK_AGAIN = timedelta(minutes=1)
"""A look whose commit was lost is made again within that time, though nothing rings."""
_RETRY_AFTER_S = 0.5
"""Between tries while Redis can't be reached."""

log = structlog.get_logger(__name__)


class BetaWatch:
    """Looks when it is time, and whenever somebody asks."""

    def __init__(self, store: Store, team: TeamDesk, http: aiohttp.ClientSession, readings: Readings) -> None:
        self._store = store
        self._team = team
        self._plan = team.duty.rules.plan
        self._http = http
        self._readings = readings

    async def run(self, lease: Lease) -> None:
        """Look as the launch's rhythm says, until cancelled."""
        del lease  # a look that another replica has made is not noted again
        with self._team.duty.listening() as news:
            while True:
                news.clear()
                began = self._store.clock.now()
                try:
                    await self._look_if_due()
                except StoreUnavailableError as error:
                    log.warning("a look of the beta launch waits for the store", reason=str(error))
                    await asyncio.sleep(_RETRY_AFTER_S)
                    continue
                following = next_look(self._plan, self._team.duty.team.beta, began)
                again = began + LOOK_AGAIN
                await self._store.clock.sleep_until(min(again, following) if following else again, news)

    async def digest(self, by: Actor, operation: str) -> TeamOutcome:
        """Look now, and send a digest of it, because somebody asks.

        Raises:
            StoreUnavailableError: nothing was saved.
        """
        return await self._note(by, None, operation, metrics=True)

    async def _look_if_due(self) -> None:
        look = look_due(self._plan, self._team.duty.team.beta, self._store.clock.now())
        if look is not None:
            await self._note(System(), look, None, metrics=look.digest_for is not None)

    async def _note(self, by: Actor, look: Look | None, operation: str | None, *, metrics: bool) -> TeamOutcome:
        checks, figures = await asyncio.gather(self._checks(), self._figures() if metrics else _none())
        return await self._team.handle(NoteLook(by, look, checks, figures), operation)

    async def _checks(self) -> tuple[CheckSeen, ...]:
        results = await check_health(self._http, self._plan.health_checks)
        return tuple(CheckSeen(name=result.name, ok=result.ok, reason=result.reason) for result in results)

    async def _figures(self) -> tuple[FigureSeen, ...]:
        """Every metric of the plan; what can't be read is unknown."""
        found = await self._readings.look()
        return tuple(
            FigureSeen(metric=name, value=reading.value if isinstance(reading, Known) else None)
            for name, reading in found.items()
        )


async def _none() -> tuple[FigureSeen, ...]:
    return ()
