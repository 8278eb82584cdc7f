"""Rows that are done: written to the store in one go, beside the sending, so that the next message need not wait."""

import asyncio
from collections.abc import Callable, Sequence

import structlog

from bot.delivery.circuit import backoff_s
from bot.delivery.real_time import RealTime
from bot.store.records import Lease, MessageRef, Settlement, StoreUnavailableError
from bot.store.store import Store

_log = structlog.get_logger("nabat.delivery")


class Ledger:
    """Settlements on their way to the store; what they learnt counts at once."""

    def __init__(self, store: Store, real_time: RealTime) -> None:
        self._store = store
        self._real_time = real_time
        self._waiting: list[Settlement] = []
        self._some = asyncio.Event()

    @property
    def is_busy(self) -> bool:
        """Something is not written yet."""
        return bool(self._waiting)

    def add(self, settlement: Settlement) -> None:
        """Notes that a row is done."""
        self._waiting.append(settlement)
        self._some.set()

    async def messages(self, incident: str) -> dict[str, MessageRef]:
        """The messages of an incident, those included that the store does not know yet.

        Raises:
            StoreUnavailableError: Redis can't be asked.
        """
        return (await self.messages_many((incident,)))[incident]

    async def messages_many(self, incidents: Sequence[str]) -> dict[str, dict[str, MessageRef]]:
        """The messages of several incidents, those included that the store does not know yet.

        Raises:
            StoreUnavailableError: Redis can't be asked.
        """
        # What waits is read first: what is written meanwhile is then seen twice rather than not at all.
        fresher = tuple(self._waiting)
        known: dict[str, dict[str, MessageRef | None]] = {
            incident: dict(messages) for incident, messages in (await self._store.messages_many(incidents)).items()
        }
        for settlement in fresher:
            if (found := known.get(settlement.row.intent.incident)) is not None:
                found.update(settlement.messages)
        return {
            incident: {slot: ref for slot, ref in messages.items() if ref is not None}
            for incident, messages in known.items()
        }

    async def run(self, lease: Lease, on_again: Callable[[], None]) -> None:
        """Writes what is done as soon as there is something, until cancelled. `on_again`: a row is in the queue again.

        Raises:
            LeaseLostError: another replica sends now; what was not written is sent again by it.
        """
        failures = 0
        while True:
            await self._some.wait()
            try:
                if await self.write(lease):
                    on_again()
                failures = 0
            except StoreUnavailableError as error:
                failures += 1
                _log.warning("sent messages can't be noted in the store", reason=str(error), waiting=len(self._waiting))
                await self._real_time.wait(asyncio.Event(), self._real_time.now_s() + backoff_s(failures))

    async def write(self, lease: Lease) -> bool:
        """Writes what is done by now. True: a row was asked for again meanwhile and is back in the queue.

        Raises:
            StoreUnavailableError: nothing is forgotten; write again.
            LeaseLostError: another replica sends now.
        """
        self._some.clear()
        batch = tuple(self._waiting)
        if not batch:
            return False
        try:
            gone = await self._store.settle_all(batch, lease)
        except StoreUnavailableError:
            self._some.set()
            raise
        del self._waiting[: len(batch)]
        return not all(gone)
