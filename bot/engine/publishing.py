"""What the public reads, kept beside the logs: an index that changes in the very commit of the approval behind it.

So the status page reads one index and no log, and shows nothing that was not approved.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.domain.commands import Command
from bot.domain.draft_commands import ApproveDraft
from bot.domain.events import Event
from bot.domain.incident import Incident
from bot.domain.public_status import Stories, Story, published
from bot.store.records import IndexChange
from bot.store.store import Store

PUBLISHED = "published"
"""The index from an incident to its public story, as JSON."""


@dataclass(slots=True)
class Board:
    """The stories as they were read, and as a batch of decisions leaves them."""

    before: Mapping[str, str] = field(default_factory=dict[str, str])
    now: dict[str, Story] = field(default_factory=dict[str, Story])

    def __post_init__(self) -> None:
        self.now = {incident: Story.model_validate_json(text) for incident, text in self.before.items()}

    def note(self, incident: Incident, events: Iterable[Event]) -> None:
        """Take in what a decision led to; `incident` is as it stands after these events."""
        every = tuple(events)
        numbered = dict(enumerate(every, start=incident.version - len(every) + 1))
        self.now = published(self.now, incident.id, incident.absorbed, numbered)

    def changes(self) -> tuple[IndexChange, ...]:
        """What to write with the events."""
        now = {incident: story.model_dump_json() for incident, story in self.now.items()}
        return tuple(
            IndexChange(PUBLISHED, incident, self.before.get(incident), now.get(incident))
            for incident in {**self.before, **now}
            if self.before.get(incident) != now.get(incident)
        )


def publishes(command: Command) -> bool:
    """Whether a command may change what the public reads."""
    return isinstance(command, ApproveDraft)


async def read_board(store: Store) -> Board:
    """The board as the store has it.

    Raises:
        StoreUnavailableError: Redis did not answer.
    """
    return Board(await store.index_all(PUBLISHED))


async def read_stories(store: Store) -> Stories:
    """What the public may read now.

    Raises:
        StoreUnavailableError: Redis did not answer.
    """
    return (await read_board(store)).now
