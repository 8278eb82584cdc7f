"""Incidents decoded from their logs, kept by version so that a hot one is not read again and again."""

from collections import OrderedDict

import structlog

from bot.domain.evolving import replay
from bot.domain.incident import Incident
from bot.store.codec import UnreadableEventError
from bot.store.store import Store

log = structlog.get_logger(__name__)

_KEPT = 2000
"""Decoded incidents kept in memory. One of 200 events takes about 100 kB, most far less."""


class Casebook:
    """A cache that may be stale: whoever commits on it is told so by the store's version check."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: OrderedDict[str, Incident] = OrderedDict()

    async def get(self, incident_id: str) -> Incident | None:
        """The incident, from memory or from its log; None where there is none.

        Raises:
            StoreUnavailableError: Redis did not answer.
        """
        kept = self._kept.get(incident_id)
        if kept is not None:
            self._kept.move_to_end(incident_id)
            return kept
        return await self.read(incident_id)

    async def read(self, incident_id: str) -> Incident | None:
        """The incident as the store has it now; only the events that memory lacks are read."""
        kept = self._kept.get(incident_id)
        events = await self._store.load(incident_id, after=kept.version if kept else 0)
        if not events:
            return kept
        incident = replay(incident_id, events, kept)
        self.keep(incident)
        return incident

    def keep(self, incident: Incident) -> None:
        """Remember a state that was committed, unless a newer one is known."""
        kept = self._kept.get(incident.id)
        if kept is None or kept.version < incident.version:
            self._kept[incident.id] = incident
        self._kept.move_to_end(incident.id)
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)

    async def many(self, incident_ids: tuple[str, ...]) -> tuple[Incident, ...]:
        """Several incidents as the store has them now; those that are not in memory are read in one go.

        One that can't be read (a newer Nabat wrote to it) is left out and logged: it must not hide the others.
        """
        unknown = [incident_id for incident_id in incident_ids if incident_id not in self._kept]
        try:
            logs = await self._store.load_many(unknown)
        except UnreadableEventError:
            logs = {}  # read one by one below, so that only that one is missing
        for incident_id, events in logs.items():
            if events:
                self.keep(replay(incident_id, events))
        versions = await self._store.versions(incident_ids)
        found = [await self._fresh(incident_id, versions.get(incident_id, 0)) for incident_id in incident_ids]
        return tuple(incident for incident in found if incident is not None)

    async def _fresh(self, incident_id: str, version: int) -> Incident | None:
        kept = self._kept.get(incident_id)
        if kept and kept.version >= version:
            return kept
        try:
            return await self.read(incident_id)
        except UnreadableEventError as error:
            log.error("an incident can't be read", incident=incident_id, reason=str(error))  # noqa: TRY400 - its reason is the whole story
            return None
