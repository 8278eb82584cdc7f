"""The store's public face. Everything that is kept goes through here; nothing else knows Redis."""

import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from bot.domain.events import Event
from bot.domain.team_events import TeamEvent
from bot.store.batch import Batches
from bot.store.clock import Clock
from bot.store.commits import Commits
from bot.store.connect import Connection
from bot.store.durability import Problem, durability
from bot.store.facts import Facts
from bot.store.keys import Keys
from bot.store.lease import Leases
from bot.store.logs import Logs
from bot.store.messages import Messages
from bot.store.names import number_of
from bot.store.outbox import Outbox
from bot.store.reads import Reads
from bot.store.records import Backlog, Commit, CommitResult, Due, Lease, MessageRef, Row, Settlement
from bot.store.server_time import set_clock
from bot.store.timers import Timers
from bot.store.wakes import Wake, Wakes


class Store:
    """What is known and what is to be done, in one Redis.

    Every method raises StoreUnavailableError while Redis can't be reached or refuses, and every method that takes a
    lease raises LeaseLostError once the lease is old. Instants are aware and in UTC.
    """

    def __init__(self, connection: Connection, keys: Keys | None = None, clock: Clock | None = None) -> None:
        self.connection = connection
        self.keys = keys or Keys()
        self.clock = clock or Clock()
        self.wakes = Wakes(self.keys.channel)
        self.batches = Batches(connection)
        self._outbox = Outbox(connection, self.batches, self.keys)
        self._commits = Commits(connection, self.batches, self.keys, self.wakes, self._outbox)
        self.reads = Reads(connection)
        self._logs = Logs(self.reads, self.keys)
        self._timers = Timers(connection, self.batches, self.keys)
        self._messages = Messages(self.reads, self.batches, self.keys)
        self._facts = Facts(connection, self.batches, self.keys)
        self._leases = Leases(connection, self.batches, self.keys)

    async def commit(self, commit: Commit) -> CommitResult:
        """Writes all of a commit or nothing, and wakes whoever waits for it."""
        return await self._commits.commit(commit, self.clock.now())

    # Logs and indexes

    async def load(self, log: str, after: int = 0, most: int | None = None) -> tuple[Event, ...]:
        """The events of a log but for the first `after`, at most so many; none for a log that does not exist.

        Raises:
            UnreadableEventError: A newer Nabat wrote one, or one is damaged.
        """
        return await self._logs.load(log, after, most)

    async def load_team(self, after: int = 0, most: int | None = None) -> tuple[TeamEvent, ...]:
        """The events of the team's log but for the first `after`, at most so many.

        Raises:
            UnreadableEventError: A newer Nabat wrote one, or one is damaged.
        """
        return await self._logs.load_team(after, most)

    async def load_many(self, logs: Iterable[str]) -> dict[str, tuple[Event, ...]]:
        """The events of several logs, in one round trip."""
        return await self._logs.load_many(logs)

    async def versions(self, logs: Iterable[str]) -> dict[str, int]:
        """How many events each log has; 0 for one that does not exist."""
        return await self._logs.versions(logs)

    async def open_logs(self) -> tuple[str, ...]:
        """The logs whose last commit left them open, by number."""
        return await self._logs.open_logs()

    async def all_logs(self, *, others: bool = False) -> tuple[str, ...]:
        """All incidents by number; with `others`, also the logs that are no incidents, before them."""
        return await self._logs.all_logs(others=others)

    async def recent_logs(self, limit: int, before: str | None = None) -> tuple[str, ...]:
        """At most `limit` incidents, newest first, older than `before`."""
        return await self._logs.recent_logs(limit, before)

    async def highest_number(self) -> int:
        """The highest n of any incident `INC-<n>` ever written; 0 when there is none."""
        return await self._logs.highest_number()

    async def index_get(self, index: str, field: str) -> str | None:
        """What a field of an index holds."""
        return await self._logs.index_get(index, field)

    async def index_all(self, index: str) -> dict[str, str]:
        """A whole index."""
        return await self._logs.index_all(index)

    async def indexes(self) -> tuple[str, ...]:
        """The names of all indexes ever written."""
        return await self._logs.indexes()

    # Timers

    async def claim_due(self, now: datetime, limit: int, lease: Lease, claim_for: timedelta) -> tuple[Due, ...]:
        """Takes at most `limit` timers due at `now`, the longest due first; each comes back after `claim_for`.

        Only a commit of the log (or `rebuild_timers`) removes a timer.
        """
        return await self._timers.claim_due(now, limit, lease, claim_for)

    async def next_due(self) -> datetime | None:
        """When the next timer falls due, or a claim ends; None when there is no timer."""
        return await self._timers.next_due()

    async def rebuild_timers(self, log: str, due: Mapping[str, datetime], expected: int | None = None) -> bool:
        """Makes a log's timers exactly `due`. False: the log no longer has `expected` events, nothing was written."""
        return await self._timers.rebuild(log, due, expected)

    async def waiting_logs(self) -> tuple[str, ...]:
        """The incidents that have a timer: those that are open, and those whose review is not over."""
        return tuple(log for log in await self._timers.logs() if number_of(log))

    async def timers_of(self, log: str) -> dict[str, datetime]:
        """A log's timers as they were armed, claimed or not, the earliest first."""
        return await self._timers.timers_of(log)

    # Outbox

    async def claim_rows(self, now: datetime, limit: int, lease: Lease) -> tuple[Row, ...]:
        """Takes at most `limit` rows to send, by lane and then by age; they are marked on disk before this returns.

        `sending_since` is None in a fresh row, and set where an earlier life of the sender may have sent it.
        """
        return await self._outbox.claim(now, limit, lease)

    async def claim_next_rows(self, limit: int, lease: Lease, wake: Wake) -> tuple[Row, ...]:
        """As `claim_rows`, at the next wake-up; a commit of this process brings its rows in its own round trip."""
        return await self._outbox.claim_next(self.clock.now, limit, lease, wake)

    async def settle(self, settlement: Settlement, lease: Lease) -> bool:
        """A row is done: it goes and its messages are kept. False: it was asked for again and is back in the queue."""
        return (await self._outbox.settle((settlement,), lease))[0]

    async def settle_all(self, settlements: Sequence[Settlement], lease: Lease) -> tuple[bool, ...]:
        """As `settle`, for many, in one round trip."""
        return await self._outbox.settle(settlements, lease)

    async def release(self, row: Row, lease: Lease) -> None:
        """Puts a row back into the queue as it was when it was claimed."""
        await self._outbox.release(row, lease)

    async def rows_waiting(self) -> Backlog:
        """How much waits in each lane, and since when."""
        return await self._outbox.backlog()

    # Messages at Telegram

    async def messages(self, incident: str) -> dict[str, MessageRef]:
        """The messages of an incident by slot."""
        return (await self._messages.of((incident,)))[incident]

    async def messages_many(self, incidents: Iterable[str]) -> dict[str, dict[str, MessageRef]]:
        """The messages of several incidents, in one round trip."""
        return await self._messages.of(incidents)

    async def find_message(self, chat: int, message: int) -> tuple[str, str] | None:
        """The incident and the slot a message fills, or filled before another took its place."""
        return await self._messages.find(chat, message)

    async def remember(
        self, incident: str, messages: Mapping[str, MessageRef | None], lease: Lease | None = None
    ) -> None:
        """Keeps what fills which slot; None empties one and forgets its message."""
        await self._messages.remember(incident, messages, lease)

    # Plans, chats, facts

    async def keep_plan(self, digest: str, text: str) -> None:
        """Keeps a plan for ever: incidents are bound to theirs."""
        await self._facts.keep_plan(digest, text)

    async def plan(self, digest: str) -> str | None:
        """The plan with that digest."""
        return await self._facts.plan(digest)

    async def plans(self) -> dict[str, str]:
        """All plans by digest."""
        return await self._facts.plans()

    async def remember_migration(self, old: int, new: int) -> None:
        """The group `old` became the supergroup `new`."""
        await self._facts.remember_migration(old, new)

    async def migrations(self) -> dict[int, int]:
        """From the chat id a group had to the one it has as a supergroup."""
        return await self._facts.migrations()

    async def set_fact(self, name: str, value: str | None) -> None:
        """Keeps a value under a name; None forgets it."""
        await self._facts.set_fact(name, value)

    async def facts(self, prefix: str = "") -> dict[str, str]:
        """The facts whose name begins with `prefix`."""
        return await self._facts.facts(prefix)

    # Leases

    async def acquire(self, name: str, holder: str, ttl: timedelta) -> Lease | None:
        """Takes a lease for `ttl`, with a new epoch; None while somebody else holds it."""
        return await self._leases.acquire(name, holder, ttl)

    async def renew(self, lease: Lease, ttl: timedelta) -> bool:
        """Keeps a lease for `ttl` from now. False: it is lost."""
        return await self._leases.renew(lease, ttl)

    async def release_lease(self, lease: Lease) -> None:
        """Gives a lease up; what is still written in its name is refused."""
        await self._leases.release(lease)

    async def holder(self, name: str) -> str | None:
        """Who holds a lease."""
        return await self._leases.holder(name)

    # The server

    async def health(self) -> timedelta:
        """How long a round trip to Redis takes."""
        started_s = time.perf_counter()
        await self.connection.ask(("PING",))
        return timedelta(seconds=time.perf_counter() - started_s)

    async def durability(self) -> tuple[Problem, ...]:
        """What endangers the data on this server."""
        return await durability(self.connection)

    async def set_clock(self) -> None:
        """Sets the clock by Redis's."""
        await set_clock(self.clock, self.connection)
