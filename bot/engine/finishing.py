"""Cleaning up that comes to its end, however often whoever waits for it is cancelled meanwhile."""

import asyncio
from collections.abc import Coroutine


async def to_the_end(work: Coroutine[None, None, None]) -> None:
    """Do all of it. A cancellation that comes meanwhile is passed on afterwards.

    Raises:
        CancelledError: whoever waited was cancelled; the work is done.
    """
    task = asyncio.create_task(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as error:
            cancelled = error
    task.result()
    if cancelled is not None:
        raise cancelled
