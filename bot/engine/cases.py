"""What delivery asks about incidents, answered by the desk's books."""

from bot.domain.events import Event
from bot.domain.incident import Incident
from bot.domain.rules import Rules
from bot.engine.acts import OUTPUT
from bot.engine.desk import Desk
from bot.store.store import Store


class Cases:
    """Reads incidents and single events. Every method may raise `StoreUnavailableError`."""

    def __init__(self, desk: Desk, store: Store) -> None:
        self._desk = desk
        self._store = store

    def current_rules(self) -> Rules:
        """The rules of today."""
        return self._desk.rulebook.current

    async def rules_of(self, incident: Incident) -> Rules:
        """The rules an incident is decided by."""
        return await self._desk.rulebook.rules_for(incident.plan)

    async def incident(self, incident_id: str) -> Incident | None:
        """The incident as the store has it now."""
        return await self._desk.incident(incident_id)

    async def event(self, incident_id: str, number: int) -> Event | None:
        """One event of its log, the first being 1; None past the end."""
        events = await self._store.load(incident_id, after=number - 1)
        return events[0] if events else None

    async def output(self, incident_id: str, number: int) -> str:
        """What the run of that number has printed so far, masked and bounded; nothing when it does not run."""
        incident = await self._desk.incident(incident_id)
        if incident is None or incident.acting.run(number) is None:
            return ""
        name = f"{OUTPUT}{incident_id}:{number}"
        return (await self._store.facts(name)).get(name, "")
