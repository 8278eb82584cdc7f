"""Names of everything kept in Redis: one place, so that a stray key is recognised.

All keys of one bot hold the hash tag `{nabat}`, so that a Cluster keeps them in one slot and one script may touch them
all (Redis Cluster specification, "Hash tags").
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

ROOT = "{nabat}"


class Lifetime(Enum):
    """How long keys of a family stay."""

    FOREVER = "forever"
    """Until something is known to be over; losing it loses data."""
    EXPIRES = "expires"
    """Redis removes it: such a key must have a time to live."""


FAMILIES: Mapping[str, Lifetime] = MappingProxyType(
    {
        "log": Lifetime.FOREVER,
        "logs": Lifetime.FOREVER,
        "open": Lifetime.FOREVER,
        "timers": Lifetime.FOREVER,
        "timers-of": Lifetime.FOREVER,
        "outbox": Lifetime.FOREVER,
        "index": Lifetime.FOREVER,
        "indexes": Lifetime.FOREVER,
        "messages": Lifetime.FOREVER,
        "message-slots": Lifetime.FOREVER,
        "plans": Lifetime.FOREVER,
        "facts": Lifetime.FOREVER,
        "migrations": Lifetime.FOREVER,
        "epochs": Lifetime.FOREVER,
        "lease": Lifetime.EXPIRES,
        "seen": Lifetime.EXPIRES,
    }
)
"""Every family of keys: the word after the root."""


@dataclass(frozen=True, slots=True)
class Outbox:
    """The keys of the outbox, in the order in which its scripts take them."""

    rows: str
    """Hash: row key -> the row, as `scripts/rows.lua` writes it."""
    queue: str
    """Sorted set of all rows, by lane and then by the time they were queued."""
    ready: str
    """Those of `queue` that may be sent now, with the same score."""
    sending: str
    """Rows a sender took: score is the epoch of its lease."""
    revisions: str
    """Counter: each asking for a row gets the next number, so a settled revision never comes back."""

    def all(self) -> tuple[str, ...]:
        """As KEYS of a script."""
        return (self.rows, self.queue, self.ready, self.sending, self.revisions)


@dataclass(frozen=True, slots=True)
class Keys:
    """Key names under a root. Tests give each other's data a root of their own: `Keys("{nabat}:some-test")`."""

    root: str = ROOT

    def __post_init__(self) -> None:
        """A root without the hash tag would break a Cluster.

        Raises:
            ValueError: The root does not begin with the hash tag.
        """
        if not self.root.startswith(ROOT):
            raise ValueError(f"The root of the keys begins with {ROOT}, or a Redis Cluster can't keep them together.")

    def log(self, log: str) -> str:
        """List of a log's events as JSON; its length is the log's version."""
        return f"{self.root}:log:{log}"

    @property
    def logs(self) -> str:
        """Sorted set of all logs: score n for `INC-n`, 0 for others."""
        return f"{self.root}:logs"

    @property
    def open(self) -> str:
        """Sorted set of the logs that are open, scored as `logs`."""
        return f"{self.root}:open"

    @property
    def timers(self) -> str:
        """Sorted set of timers `<at> <log> <key>`: score is `at`, or the end of a claim, in microseconds."""
        return f"{self.root}:timers"

    def timers_of(self, log: str) -> str:
        """Set of the members of `timers` that belong to one log."""
        return f"{self.root}:timers-of:{log}"

    @property
    def outbox(self) -> Outbox:
        """What is to be sent."""
        names = ("rows", "queue", "ready", "sending", "revisions")
        return Outbox(*(f"{self.root}:outbox:{name}" for name in names))

    def index(self, index: str) -> str:
        """Hash of one index."""
        return f"{self.root}:index:{index}"

    @property
    def indexes(self) -> str:
        """Set of the names of all indexes ever written, for the backup."""
        return f"{self.root}:indexes"

    def messages(self, incident: str) -> str:
        """Hash of an incident's messages at Telegram: slot -> chat, message, digest."""
        return f"{self.root}:messages:{incident}"

    @property
    def message_slots(self) -> str:
        """Hash `<chat> <message>` -> incident and slot."""
        return f"{self.root}:message-slots"

    @property
    def plans(self) -> str:
        """Hash digest -> plan."""
        return f"{self.root}:plans"

    @property
    def facts(self) -> str:
        """Hash name -> value."""
        return f"{self.root}:facts"

    @property
    def migrations(self) -> str:
        """Hash of a group's chat id -> id of the supergroup it became."""
        return f"{self.root}:migrations"

    @property
    def epochs(self) -> str:
        """Hash of a lease's name -> its present epoch; outlives the lease, so that an epoch never comes back."""
        return f"{self.root}:epochs"

    def lease(self, name: str) -> str:
        """Who holds a lease, for as long as it does."""
        return f"{self.root}:lease:{name}"

    def seen(self, operation: str) -> str:
        """Marker of a committed operation: holds the token of the commit that carried it out."""
        return f"{self.root}:seen:{operation}"

    @property
    def channel(self) -> str:
        """Publish/subscribe channel on which replicas wake each other."""
        return f"{self.root}:wake"

    def family(self, key: str) -> str:
        """The family of a key under this root: one of `FAMILIES`, or a stray.

        Raises:
            ValueError: The key is not under this root.
        """
        if not key.startswith(f"{self.root}:"):
            raise ValueError(f"{key} is not under {self.root}.")
        return key.removeprefix(f"{self.root}:").split(":", 1)[0]
