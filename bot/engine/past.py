"""Incidents of a time that has passed, with their logs: for digests and reviews."""

from datetime import datetime

from bot.domain.events import Event
from bot.domain.incident import Incident
from bot.engine.casebook import Casebook
from bot.store.store import Store

PAGE = 100
"""Incidents read in one go."""


async def histories_since(
    store: Store, casebook: Casebook, since: datetime
) -> tuple[tuple[Incident, tuple[Event, ...]], ...]:
    """The incidents that wait for something or were declared or ended after `since`, by age, each with its log.

    Those that wait are open, or their review or an action item is. The others are read from the newest back to a page
    of which none is: numbers rise with time.

    Raises:
        StoreUnavailableError: Redis did not answer.
    """
    found = {incident.id: incident for incident in await casebook.many(await store.waiting_logs())}
    names = await store.recent_logs(PAGE)
    while names:
        concerned = [incident for incident in await casebook.many(names) if _concerns(incident, since)]
        found.update({incident.id: incident for incident in concerned})
        names = await store.recent_logs(PAGE, names[-1]) if concerned else ()
    logs = await store.load_many(found)
    ordered = sorted(found.values(), key=lambda incident: incident.declared_at)
    return tuple((incident, logs[incident.id]) for incident in ordered)


def _concerns(incident: Incident, since: datetime) -> bool:
    return incident.is_open or max(incident.declared_at, incident.resolved_at or incident.declared_at) >= since
