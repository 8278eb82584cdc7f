"""Which message at Telegram fills which slot of an incident, and the way back from a message to its incident."""

from collections.abc import Iterable, Mapping
from typing import cast

from bot.store.batch import Batches, Call
from bot.store.keys import Keys
from bot.store.reads import Reads
from bot.store.records import Lease, LeaseLostError, MessageRef
from bot.store.scripts import REMEMBER


class Messages:
    """Messages by incident and slot."""

    def __init__(self, reads: Reads, batches: Batches, keys: Keys) -> None:
        self._reads = reads
        self._batches = batches
        self._keys = keys

    async def of(self, incidents: Iterable[str]) -> dict[str, dict[str, MessageRef]]:
        """The messages of each incident by slot, in one round trip."""
        names = tuple(incidents)
        if not names:
            return {}
        replies = await self._reads.ask(*(("HGETALL", self._keys.messages(name)) for name in names))
        hashes = cast("list[dict[str, str]]", replies)
        return {
            name: {slot: _ref(text) for slot, text in stored.items()}
            for name, stored in zip(names, hashes, strict=True)
        }

    async def find(self, chat: int, message: int) -> tuple[str, str] | None:
        """The incident and the slot a message fills, or filled before another took its place."""
        (found,) = await self._reads.ask(("HGET", self._keys.message_slots, f"{chat} {message}"))
        if found is None:
            return None
        incident, slot = cast("str", found).split(" ", 1)
        return incident, slot

    async def remember(self, incident: str, messages: Mapping[str, MessageRef | None], lease: Lease | None) -> None:
        """Keeps what fills which slot; None empties one and forgets its message.

        Raises:
            LeaseLostError: `lease` is old.
            StoreUnavailableError: Redis did not take it.
        """
        call = Call(
            REMEMBER,
            (self._keys.epochs, self._keys.messages(incident), self._keys.message_slots),
            (*((lease.name, lease.epoch) if lease else ("", 0)), *slots(incident, messages)),
        )
        if await self._batches.run(call) == "fenced":
            raise LeaseLostError(f"The lease {lease.name if lease else ''} has another holder.")


def slots(incident: str, messages: Mapping[str, MessageRef | None]) -> tuple[str | int, ...]:
    """Slots as arguments of `scripts/remembering.lua`."""
    return (
        incident,
        len(messages),
        *(part for slot, ref in messages.items() for part in (slot, *_parts(ref))),
    )


def _parts(ref: MessageRef | None) -> tuple[str | int, str | int, str]:
    return (ref.chat, ref.message, ref.digest) if ref else ("", "", "")


def _ref(text: str) -> MessageRef:
    chat, message, digest = text.split(" ", 2)
    return MessageRef(int(chat), int(message), digest)
