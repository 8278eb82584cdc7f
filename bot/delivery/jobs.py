"""What there is to send: a row of the outbox, an edit of it, a storm's summary. Times are monotonic seconds."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.delivery.rendering import EditInPlace
from bot.domain.intents import Lane
from bot.store.records import MessageRef, Row


@dataclass(slots=True, eq=False, kw_only=True)
class Job:
    """One message to send or edit. `held`: not now; a storm's summary stands for it, or its weight is not known yet.

    `parked`: without a turn in its chat, because it waits for something else. `turn_since_s`: when its turn came.
    """

    lane: Lane
    queued_at: datetime
    number: int
    attempts: int = 0
    retry_at_s: float = 0.0
    held: bool = False
    flying: bool = False
    parked: bool = False
    turn_since_s: float | None = None

    @property
    def urgency(self) -> tuple[Lane, datetime, int]:
        """The smallest goes first."""
        return (self.lane, self.queued_at, self.number)


@dataclass(slots=True, eq=False, kw_only=True)
class RowJob(Job):
    """A row of the outbox. While `parts_left`, its edits are jobs of their own.

    `first_card`: a card that was never sent. While `unsorted` that is not known yet, and it is held.
    `waits_for_card`: a reply to a card that was never sent. Kept as a flag: a storm has hundreds that wait.
    """

    chat: int | None
    row: Row
    first_card: bool = False
    unsorted: bool = False
    waits_for_card: bool = False
    parts_left: int = 0
    learnt: dict[str, MessageRef | None] = field(default_factory=dict[str, MessageRef | None])

    @property
    def incident(self) -> str:
        """The incident it is about."""
        return self.row.intent.incident

    @property
    def surely_fresh(self) -> bool:
        """Nothing of this row can have reached Telegram yet: its messages show what is remembered of them."""
        return self.row.sending_since is None and self.attempts == 0


@dataclass(slots=True, eq=False, kw_only=True)
class PartJob(Job):
    """One of the edits of a row that concerns several chats."""

    chat: int
    parent: RowJob
    edit: EditInPlace


@dataclass(slots=True, eq=False, kw_only=True)
class SummaryJob(Job):
    """The summary of a storm, sent or edited."""

    chat: int


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing may go now. `until_s`: when something may; None if nothing waits for a time."""

    until_s: float | None


AnyJob = RowJob | PartJob | SummaryJob


def waits_for_more(job: AnyJob) -> bool:
    """Whether it waits for something besides its turn."""
    return job.held or (isinstance(job, RowJob) and (job.parts_left > 0 or job.waits_for_card))
