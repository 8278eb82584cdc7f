"""Questions to Prometheus from the event loop, through a small pool of threads of its own.

The client library is synchronous: a hung server must never take more threads than these, nor make a caller wait past
its deadline. When all of them are busy and the queue is full, a further question is refused at once.
"""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.engine.samples import Answer, Unknown, UnknownReason

if TYPE_CHECKING:
    from prometheus_api_client import PrometheusConnect

    from bot.engine.prometheus_http import Client

THREADS = 4
IN_FLIGHT = 32
"""Six metrics of a chart and their yesterdays fit; more means that the server does not keep up."""
TIMEOUT = timedelta(seconds=5)
DEADLINE_MARGIN = timedelta(seconds=1)


class Prometheus:
    """Asks one Prometheus server; without a URL every answer is that none is configured."""

    def __init__(self, url: str | None, timeout: timedelta = TIMEOUT, in_flight: int = IN_FLIGHT) -> None:
        self._url = url
        self._timeout = timeout
        self._in_flight = in_flight
        self._busy = 0
        self._client: Client | None = None
        self._connecting = threading.Lock()
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="prometheus")

    def close(self) -> None:
        """Let go of threads and connections; requests under way end by their own timeouts."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        if self._client is not None:
            self._client.close()

    async def instant(self, query: str, at: datetime, lookback: timedelta | None = None) -> Answer:
        """The query's value of each series at a moment; a scalar counts as one series without labels.

        `lookback` bounds how old a sample may be (Prometheus's `lookback_delta`; its own default is five minutes).
        """
        params = {"time": f"{at.timestamp():.3f}", "timeout": self._server_timeout()}
        if lookback is not None:
            params["lookback_delta"] = f"{lookback.total_seconds():g}s"
        return await self._ask(lambda client: client.custom_query(query, params))

    async def over(self, query: str, start: datetime, end: datetime, step: timedelta) -> Answer:
        """The query evaluated every `step` from `start` to `end` (both cut to whole seconds by the library)."""
        params = {"timeout": self._server_timeout()}
        step_s = f"{step.total_seconds():g}"
        return await self._ask(lambda client: client.custom_query_range(query, start, end, step_s, params))

    def _server_timeout(self) -> str:
        """Prometheus stops evaluating when nobody will be there to read the answer."""
        return f"{self._timeout.total_seconds():g}s"

    async def _ask(self, question: "Callable[[PrometheusConnect], object]") -> Answer:
        url = self._url
        if url is None:
            return Unknown(UnknownReason.NOT_CONFIGURED, "no Prometheus is configured")
        if self._busy >= self._in_flight:
            return Unknown(UnknownReason.TIMEOUT, "Prometheus does not keep up: too many questions are waiting")
        self._busy += 1
        job = self._threads.submit(lambda: self._connected(url).answer(question))
        # Counted until the thread is done, not until the caller has given up.
        loop = asyncio.get_running_loop()
        answered = asyncio.wrap_future(job)
        job.add_done_callback(lambda _: _call_if_open(loop, self._release))
        deadline = self._timeout + DEADLINE_MARGIN
        try:
            async with asyncio.timeout(deadline.total_seconds()):
                return await answered
        except TimeoutError:
            return Unknown(UnknownReason.TIMEOUT, f"Prometheus did not answer within {deadline.total_seconds():g} s")

    def _connected(self, url: str) -> "Client":
        """Runs in a thread, where importing the library keeps nobody waiting: a start need not."""
        with self._connecting:
            if self._client is None:
                from bot.engine.prometheus_http import Client  # noqa: PLC0415 - as said

                self._client = Client(url, self._timeout)
            return self._client

    def _release(self) -> None:
        self._busy -= 1


def _call_if_open(loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(call)
