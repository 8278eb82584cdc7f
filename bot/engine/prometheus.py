"""Questions to Prometheus from the event loop, through a small pool of threads of its own.

The client library is synchronous: a hung server must never take more threads than these, nor make a caller wait past
its deadline. When all of them are busy and the queue is full, a further question is refused at once.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated

import requests
from prometheus_api_client import PrometheusApiClientException, PrometheusConnect
from pydantic import BaseModel, BeforeValidator, TypeAdapter

from bot.domain.masking import Masker
from bot.engine.prometheus_http import PrometheusRefusedError, PrometheusTooSlowError, connect

THREADS = 4
IN_FLIGHT = 32
"""Six metrics of a chart and their yesterdays fit; more means that the server does not keep up."""
TIMEOUT = timedelta(seconds=5)
DEADLINE_MARGIN = timedelta(seconds=1)

_mask = Masker()


class UnknownReason(StrEnum):
    """Why there is no figure: never healthy, never a breach."""

    EMPTY = "empty"
    STALE = "stale"
    NAN = "nan"
    ERROR = "error"
    TIMEOUT = "timeout"
    NOT_CONFIGURED = "not_configured"
    MANY_SERIES = "many_series"
    GAPS = "gaps"


@dataclass(frozen=True, slots=True)
class Unknown:
    """There is no figure to be had; `detail` is for people and holds nothing secret."""

    reason: UnknownReason
    detail: str


@dataclass(frozen=True, slots=True)
class Sample:
    """One series' labels and its points: unix seconds and value."""

    labels: dict[str, str]
    points: tuple[tuple[float, float], ...]


class _Series(BaseModel):
    """A series as the HTTP API writes it: `value` of an instant query, `values` of a range (Prometheus, HTTP API)."""

    metric: dict[str, str]
    value: Annotated[tuple[tuple[float, float], ...], BeforeValidator(lambda pair: (pair,))] = ()
    values: tuple[tuple[float, float], ...] = ()


_RESULT: TypeAdapter[tuple[float, float] | list[_Series]] = TypeAdapter(tuple[float, float] | list[_Series])

Answer = tuple[Sample, ...] | Unknown


class Prometheus:
    """Asks one Prometheus server; without a URL every answer is that none is configured."""

    def __init__(self, url: str | None, timeout: timedelta = TIMEOUT, in_flight: int = IN_FLIGHT) -> None:
        self._timeout = timeout
        self._in_flight = in_flight
        self._busy = 0
        self._client = None if url is None else connect(url, timeout)
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

    async def _ask(self, question: Callable[[PrometheusConnect], object]) -> Answer:
        client = self._client
        if client is None:
            return Unknown(UnknownReason.NOT_CONFIGURED, "no Prometheus is configured")
        if self._busy >= self._in_flight:
            return Unknown(UnknownReason.TIMEOUT, "Prometheus does not keep up: too many questions are waiting")
        self._busy += 1
        job = self._threads.submit(_answer, client, question)
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

    def _release(self) -> None:
        self._busy -= 1


def _call_if_open(loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(call)


def _answer(client: PrometheusConnect, question: Callable[[PrometheusConnect], object]) -> Answer:
    """Runs in a thread: the question, and every way in which it can fail."""
    try:
        return _samples(question(client))
    except (requests.Timeout, PrometheusTooSlowError):
        return Unknown(UnknownReason.TIMEOUT, "Prometheus did not answer in time")
    except PrometheusRefusedError as error:
        return Unknown(UnknownReason.ERROR, _mask(f"Prometheus refused the query: {error}"))
    except requests.ConnectionError:
        return Unknown(UnknownReason.ERROR, "Prometheus can't be reached")
    except (requests.RequestException, PrometheusApiClientException):
        return Unknown(UnknownReason.ERROR, "Prometheus can't be asked: the request failed")
    except (KeyError, TypeError, ValueError):
        return Unknown(UnknownReason.ERROR, "what answered is not a Prometheus server")


def _samples(result: object) -> tuple[Sample, ...]:
    """The library's `result`: a list of series, or a scalar's bare pair.

    Raises:
        ValueError: it is neither.
    """
    match _RESULT.validate_python(result):
        case tuple() as scalar:
            return (Sample({}, (scalar,)),)
        case series:
            return tuple(Sample(each.metric, each.values or each.value) for each in series)
