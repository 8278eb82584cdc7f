"""Opening the store: from the settings to a store that is ready, with all that runs beside it."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final

from bot.settings.loading import unusable
from bot.settings.redis_target import EmbeddedRedis, RedisTarget
from bot.store.clock import Clock
from bot.store.connect import Connection
from bot.store.dial import dial, dial_socket
from bot.store.embedded import EmbeddedServer, UnusableFolderError
from bot.store.keys import Keys
from bot.store.server_time import keep_clock_set
from bot.store.store import Store

_CANCEL_AGAIN: Final = timedelta(milliseconds=100)


@asynccontextmanager
async def open_store(
    target: RedisTarget, data_dir: Path, *, keys: Keys | None = None, clock: Clock | None = None
) -> AsyncGenerator[Store]:
    """A store that is reachable, with its clock set; an embedded server lives as long as the block.

    Raises:
        StoreUnavailableError: Redis can't be reached.
        EmbeddedServerError: The embedded server can't run.
        ConfigurationError: The data directory can't be used.
    """
    async with AsyncExitStack() as stack:
        connection = await _connection(target, data_dir, stack)
        store = Store(connection, keys, clock)
        stack.push_async_callback(store.batches.close)
        stack.push_async_callback(store.reads.close)
        await store.set_clock()
        for name, work in (
            ("store clock", keep_clock_set(store.clock, connection)),
            ("store wakes", store.wakes.listen(connection.subscriber)),
        ):
            stack.push_async_callback(end_task, asyncio.create_task(work, name=name))
        yield store


async def _connection(target: RedisTarget, data_dir: Path, stack: AsyncExitStack) -> Connection:
    if isinstance(target, EmbeddedRedis):
        server = EmbeddedServer(data_dir)
        try:
            await server.start()
        except UnusableFolderError as error:
            raise unusable(
                "NABAT_DATA_DIR", str(error), "a folder that the bot's user may make and write to"
            ) from error
        stack.push_async_callback(server.stop)
        connection = dial_socket(str(server.socket))
    else:
        connection = dial(target)
    stack.push_async_callback(connection.close)
    return connection


async def end_task(task: asyncio.Task[None]) -> None:
    """Cancels a task and waits until it is over.

    Again and again, because redis-py now and then swallows a cancellation that comes while it connects or reads.
    """
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=_CANCEL_AGAIN.total_seconds())
