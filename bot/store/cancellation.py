"""A cancellation that redis-py lost on its way is found again.

redis-py writes through `asyncio.wait_for`, which before Python 3.12 swallows a cancellation that arrives as the write
ends (CPython issue 86296): the task goes on as if nobody had asked it to stop, and the bot's own stop waits for ever.
"""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

ResultT = TypeVar("ResultT")


async def heeding_cancellation(work: Awaitable[ResultT]) -> ResultT:
    """The result of `work`, unless the task was cancelled meanwhile.

    Raises:
        CancelledError: it was, whether `work` noticed or not.
    """
    task = asyncio.current_task()
    before = task.cancelling() if task else 0
    result = await work
    if task and task.cancelling() > before:
        raise asyncio.CancelledError
    return result
