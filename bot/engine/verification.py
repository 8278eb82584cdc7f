"""The watch over fixes: the metrics of incidents under verification are looked at until their time is over.

What a look says becomes a command. The state that it is compared with lies in the incident's log, so a restart goes on
where the watch stood; a look that is told twice changes nothing.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta

import structlog

from bot.domain.actors import System
from bot.domain.incident import Incident
from bot.domain.measures import Verdict, compare
from bot.domain.plan import Metric
from bot.domain.resolving import Verification
from bot.domain.resolving_commands import MetricLook, ObserveFix
from bot.domain.rulings.verifying import SETTLES_IN
from bot.domain.verifying_times import LATE, watch_of
from bot.engine.desk import Desk
from bot.engine.evidence import Evidence
from bot.engine.locks import KeyedLocks
from bot.engine.missed_looks import Missed, look_up
from bot.engine.samples import Unknown
from bot.store.records import Lease, StoreUnavailableError
from bot.store.store import Store
from bot.views.charts.model import Side

LOOK_EVERY = timedelta(seconds=15)
"""Prometheus's usual scrape interval."""
HELD_FOR = timedelta(minutes=1)
"""A value outside of its target counts as a breach once every sample of this time is."""
MISSED_AFTER = timedelta(minutes=1)
"""Since the last look: then what was missed is read from the history. A breach that counts takes as long."""
SAID_AFTER = LOOK_EVERY / 2
"""Since the first failed look: a metric that can't be read at the next one, too, is called so. Two looks at the same
moment, of which one is to end the watch, are one: right after a start Prometheus may be starting, too."""
_HISTORY = ""
"""Under which a failed look into the past is noted, beside those at each metric."""

log = structlog.get_logger(__name__)


class FixWatch:
    """Looks at the metrics under watch. `measured_at` is the time that Prometheus is asked about."""

    def __init__(self, store: Store, desk: Desk, evidence: Evidence, measured_at: Callable[[], datetime]) -> None:
        self._store = store
        self._desk = desk
        self._evidence = evidence
        self._measured_at = measured_at
        self._unread_since: dict[tuple[str, str], datetime] = {}
        self._looked_at: dict[str, datetime] = {}
        self._looking = KeyedLocks()

    async def run(self, lease: Lease) -> None:
        """Watch until cancelled.

        Raises:
            LeaseLostError: another replica does this now.
        """
        del lease  # what a stale holder tells changes a log, whose version is checked
        while True:
            began = self._store.clock.now()
            try:
                await self.check()
            except StoreUnavailableError as error:
                log.info("fixes are not watched without the store", reason=str(error))
            await self._store.clock.sleep_until(began + LOOK_EVERY)

    async def check(self) -> None:
        """Look once at whatever is under watch."""
        incidents = [(each, watch_of(each)) for each in await self._desk.open_incidents()]
        watched = [(each, watch) for each, watch in incidents if watch is not None and watch.metrics]
        self._forget_all_but({each.id for each, _ in watched})
        looked = (self._look_at(incident, watch) for incident, watch in watched)
        for (incident, _), error in zip(watched, await asyncio.gather(*looked, return_exceptions=True), strict=True):
            if isinstance(error, StoreUnavailableError):
                log.info("a fix is not watched without the store", incident=incident.id, reason=str(error))
            elif isinstance(error, Exception):
                # A mistake in one incident must not leave the fixes of all others unwatched.
                log.error("a fix can't be watched", incident=incident.id, exc_info=error)

    def _forget_all_but(self, incidents: set[str]) -> None:
        self._looked_at = {each: at for each, at in self._looked_at.items() if each in incidents}
        self._unread_since = {what: since for what, since in self._unread_since.items() if what[0] in incidents}

    async def last_look(self, incident_id: str) -> bool:
        """Look at one whose watch would end now without another look: the bot may have been down until now.

        False: it may not end yet, as what its metrics did could not be read this once.
        """
        incident = await self._desk.incident(incident_id)
        watch = watch_of(incident) if incident is not None else None
        if incident is None or watch is None or not watch.metrics:
            return True
        if self._store.clock.now() < watch.until + LATE:
            return True
        return await self._look_at(incident, watch)

    async def _look_at(self, incident: Incident, watch: Verification) -> bool:
        """One look at a time: the one that ends the watch must know what the one before it found in the history."""
        async with self._looking.holding(incident.id):
            return await self._look_anew(incident, watch)

    async def _look_anew(self, incident: Incident, watch: Verification) -> bool:
        """False: what was missed until now can't be read yet."""
        metrics = (await self._desk.rulebook.rules_for(incident.plan)).plan.metrics
        asked_at, at = self._store.clock.now(), self._measured_at()
        if not await self._catch_up(incident, watch, metrics, asked_at, at - asked_at):
            return False
        found = await asyncio.gather(*(self._look(incident.id, name, metrics[name], at) for name in watch.metrics))
        looks = tuple(look for look in found if look is not None)
        over = asked_at >= watch.until
        if over or any(look.held or watch.seen.get(look.metric) is not look.verdict for look in looks):
            await self._desk.handle(incident.id, ObserveFix(System(), looks, asked_at))
        return True

    async def _catch_up(
        self, incident: Incident, watch: Verification, metrics: Mapping[str, Metric], now: datetime, ahead: timedelta
    ) -> bool:
        """What happened since the last look, where that is long ago: in a stop, or on another replica's watch.

        `ahead` is how far Prometheus's time is ahead of the clock's. False: it could not be read this once, so that
        the next look has to; the present must not end a watch whose past is not known.
        """
        settled = watch.since + SETTLES_IN
        start = max(self._looked_at.get(incident.id, settled), settled)
        end = min(now, watch.until + LATE)
        if end - start >= MISSED_AFTER and not await self._look_up(
            incident, watch, metrics, (start + ahead, end + ahead)
        ):
            return False
        self._looked_at[incident.id] = now
        return True

    async def _look_up(
        self, incident: Incident, watch: Verification, metrics: Mapping[str, Metric], span: tuple[datetime, datetime]
    ) -> bool:
        """What it says is of before the end of the watch, and does not end it. False: it can't be read yet."""
        names = watch.metrics
        found = await asyncio.gather(*(look_up(self._evidence, metrics[name], *span, HELD_FOR) for name in names))
        if any(missed.unread for missed in found) and not self._still_unread(incident.id, _HISTORY):
            return False
        self._unread_since.pop((incident.id, _HISTORY), None)
        looks = tuple(look for name, missed in zip(names, found, strict=True) for look in _looks(name, missed))
        if looks:
            await self._desk.handle(incident.id, ObserveFix(System(), looks, watch.since))
        return True

    def _still_unread(self, incident: str, what: str) -> bool:
        """Whether it could not be read at an earlier look either."""
        now = self._store.clock.now()
        return now - self._unread_since.setdefault((incident, what), now) >= SAID_AFTER

    async def _look(self, incident: str, name: str, metric: Metric, at: datetime) -> MetricLook | None:
        """None: it could not be read this once."""
        reading = await self._evidence.read(metric, at)
        if isinstance(reading, Unknown):
            return MetricLook(name, Verdict.UNKNOWN) if self._still_unread(incident, name) else None
        self._unread_since.pop((incident, name), None)
        verdict = compare(reading.value, metric.target)
        held = verdict is Verdict.BAD and await self._held(metric, at)
        return MetricLook(name, verdict, reading.value, held)

    async def _held(self, metric: Metric, at: datetime) -> bool:
        side = Side.ABOVE if metric.target is not None and metric.target.below is not None else Side.BELOW
        window = await self._evidence.worst_over(metric, HELD_FOR, side, at)
        return not isinstance(window, Unknown) and compare(window.worst, metric.target) is Verdict.BAD


def _looks(metric: str, missed: Missed) -> Iterator[MetricLook]:
    """What was missed, as it would have been seen."""
    if missed.blind:
        yield MetricLook(metric, Verdict.UNKNOWN)
    if missed.breach is not None:
        yield MetricLook(metric, Verdict.BAD, missed.breach, held=True)
