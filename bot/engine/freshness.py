"""Cards and questions of open incidents stay fresh: ages, deadlines and figures move on though nobody acts."""

from datetime import timedelta

import structlog

from bot.domain.intents import RefreshCard, RefreshTold
from bot.engine.desk import Desk
from bot.store.records import Commit, Lease, StoreUnavailableError
from bot.store.store import Store

EVERY = timedelta(minutes=1)
"""A card shows minutes; and each refresh of a changed card is one of a group's 20 messages a minute."""

AT_MOST = 5
"""The worst so many: a quarter of what a group takes in a minute."""

log = structlog.get_logger(__name__)


class Freshness:
    """Asks for the cards of the worst open incidents to be shown anew, once a minute."""

    def __init__(self, store: Store, desk: Desk) -> None:
        self._store = store
        self._desk = desk

    async def run(self, lease: Lease) -> None:
        """Refresh until cancelled.

        Raises:
            LeaseLostError: another replica does this now.
        """
        began = self._store.clock.now()
        while True:
            await self._store.clock.sleep_until(began + EVERY)
            began = self._store.clock.now()
            try:
                await self.refresh(lease)
            except StoreUnavailableError as error:
                log.info("cards are not refreshed without the store", reason=str(error))

    async def refresh(self, lease: Lease) -> None:
        """Ask for the cards now. One that would show the same costs nothing."""
        worst = (await self._desk.open_incidents())[:AT_MOST]
        if worst:
            cards = tuple(RefreshCard(incident=incident.id) for incident in worst)
            asked = tuple(
                RefreshTold(incident=incident.id, number=decision.number)
                for incident in worst
                for decision in incident.acting.pending
            )
            await self._store.commit(Commit(outbox=(*cards, *asked), lease=lease))
