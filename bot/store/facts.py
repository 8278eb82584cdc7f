"""Small things kept beside the logs: plans, moved chats, facts about people."""

from typing import cast

from bot.store.batch import Batches
from bot.store.connect import Connection
from bot.store.keys import Keys


class Facts:
    """Plain values by name."""

    def __init__(self, connection: Connection, batches: Batches, keys: Keys) -> None:
        self._connection = connection
        self._batches = batches
        self._keys = keys

    async def keep_plan(self, digest: str, text: str) -> None:
        """Keeps a plan for as long as there are incidents, which is for ever."""
        await self._connection.ask(("HSET", self._keys.plans, digest, text))

    async def plan(self, digest: str) -> str | None:
        """The plan with that digest."""
        (text,) = await self._connection.ask(("HGET", self._keys.plans, digest))
        return cast("str | None", text)

    async def plans(self) -> dict[str, str]:
        """All plans by digest."""
        return await self._hash(self._keys.plans)

    async def remember_migration(self, old: int, new: int) -> None:
        """A group became a supergroup (Bot API, Message.migrate_to_chat_id)."""
        await self._connection.ask(("HSET", self._keys.migrations, old, new))

    async def migrations(self) -> dict[int, int]:
        """From the chat id a group had to the one it has as a supergroup."""
        return {int(old): int(new) for old, new in (await self._hash(self._keys.migrations)).items()}

    async def set_fact(self, name: str, value: str | None) -> None:
        """Keeps a value under a name; None forgets it."""
        if value is None:
            await self._connection.ask(("HDEL", self._keys.facts, name))
        else:
            await self._connection.ask(("HSET", self._keys.facts, name, value))

    async def facts(self, prefix: str) -> dict[str, str]:
        """The facts whose name begins with `prefix`."""
        stored = await self._hash(self._keys.facts)
        return {name: value for name, value in stored.items() if name.startswith(prefix)}

    async def _hash(self, key: str) -> dict[str, str]:
        (values,) = await self._connection.ask(("HGETALL", key))
        return cast("dict[str, str]", values)
