"""What goes into the store and what comes out: the contract between the engine, delivery and Redis."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.events import Event
from bot.domain.intents import Intent, Lane
from bot.domain.team_events import TeamEvent


class StoreUnavailableError(Exception):
    """Redis did not take it: unreachable, out of memory, read-only. Nothing was saved; the caller may try again.

    Where the connection broke twice and the answer stayed unknown, the message says so. Trying again is safe all the
    same: with the same operation ids, or after loading the logs anew.
    """


class OutcomeUnknownError(StoreUnavailableError):
    """The connection broke after a write was sent and no second try could tell: it may have been saved, or not."""


class LeaseLostError(Exception):
    """Another replica holds the lease now. Nothing was saved; stop what only the holder may do."""


@dataclass(frozen=True, slots=True)
class Lease:
    """Proof of holding what must be single. Every write made in its name is refused once `epoch` is old."""

    name: str
    epoch: int


@dataclass(frozen=True, slots=True)
class Append:
    """Events to add to one log, if it still has `expected` events; the log's timers become exactly `due`."""

    log: str
    expected: int
    events: tuple[Event, ...] | tuple[TeamEvent, ...]
    due: Mapping[str, datetime]
    is_open: bool


@dataclass(frozen=True, slots=True)
class IndexChange:
    """A field of an index (for example `group` -> incident), set only while it still holds `expected`."""

    index: str
    field: str
    expected: str | None
    value: str | None


@dataclass(frozen=True, slots=True)
class Commit:
    """What is written all at once or not at all.

    `operations` are ids of what caused it (`tg:<update_id>`); one that was seen before stops the whole commit.
    """

    operations: tuple[str, ...] = ()
    appends: tuple[Append, ...] = ()
    outbox: tuple[Intent, ...] = ()
    index: tuple[IndexChange, ...] = ()
    lease: Lease | None = None


@dataclass(frozen=True, slots=True)
class Committed:
    """Everything was written."""


@dataclass(frozen=True, slots=True)
class Conflicted:
    """Somebody was faster with `logs` or with an index field: load again, decide again."""

    logs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Repeated:
    """These operations were committed before: nothing was written now. `logs`: the first log each of them changed."""

    operations: tuple[str, ...]
    logs: tuple[str, ...] = ()


CommitResult = Committed | Conflicted | Repeated


@dataclass(frozen=True, slots=True)
class Due:
    """A timer that fell due and is claimed: if it is not fired before `claimed_until`, another worker gets it."""

    log: str
    key: str
    at: datetime
    claimed_until: datetime


@dataclass(frozen=True, slots=True)
class MessageRef:
    """A message at Telegram. `digest` is that of what was last shown, so that an unchanged edit is not sent."""

    chat: int
    message: int
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """An intent in the outbox.

    `revision` rises when the same key is asked for again; settling an older revision leaves the row in place.
    `sending_since` is set when a sender took it, and still set after a crash: what it sent may have arrived.
    """

    key: str
    intent: Intent
    revision: int
    queued_at: datetime
    sending_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Settlement:
    """A row is done: it goes, and what was learnt about its messages is kept.

    `messages` maps a slot (`card`, `page:<person>`) of the intent's incident to the message that now fills it.
    """

    row: Row
    messages: Mapping[str, MessageRef | None] = field(default_factory=dict[str, MessageRef | None])


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits in the outbox, sent or not yet: how many rows in each lane, and since when the oldest (UTC)."""

    counts: Mapping[Lane, int]
    oldest: Mapping[Lane, datetime]
