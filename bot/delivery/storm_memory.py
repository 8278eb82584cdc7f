"""What outlives the sender of a storm: its summary's message and its incidents, by chat."""

from pydantic import BaseModel, ConfigDict

from bot.store.records import MessageRef
from bot.store.store import Store

_FACT = "storm:"


class KeptStorm(BaseModel):
    """A storm that is on, as its summary last showed it."""

    model_config = ConfigDict(frozen=True)

    chat: int
    message: int
    incidents: tuple[str, ...]

    @property
    def summary(self) -> MessageRef:
        """The message that stands for the cards."""
        return MessageRef(self.chat, self.message)


async def kept_storms(store: Store) -> dict[int, KeptStorm]:
    """Every storm that is on, by the chat that its cards go to.

    Raises:
        StoreUnavailableError: Redis can't be asked.
    """
    facts = await store.facts(_FACT)
    return {int(name.removeprefix(_FACT)): KeptStorm.model_validate_json(text) for name, text in facts.items()}


async def keep_storm(store: Store, chat: int, storm: KeptStorm | None) -> None:
    """Remember how a storm stands; None: it is over.

    Raises:
        StoreUnavailableError: Redis can't be asked.
    """
    await store.set_fact(f"{_FACT}{chat}", storm.model_dump_json() if storm is not None else None)
