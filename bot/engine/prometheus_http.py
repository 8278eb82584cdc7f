"""The HTTP below `prometheus-api-client`: every request ends, in time and in size.

A timeout of `requests` counts from byte to byte, so a server that drips would hold a thread for ever; and its answers
are read whole, however long. Both are bounded here. The library mounts its own retries unless told not to.
"""

import json
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Annotated

import requests
from prometheus_api_client import PrometheusApiClientException, PrometheusConnect
from pydantic import BaseModel, BeforeValidator, TypeAdapter
from urllib3.util.retry import Retry

from bot.domain.masking import Masker
from bot.engine.samples import Answer, Sample, Unknown, UnknownReason

MOST_ANSWER_BYTES = 16 * 1024 * 1024
"""Five series of 11,000 points (Prometheus's own limit for a range) are about 2 MB of JSON."""
READ_BYTES = 64 * 1024
ERROR_CHARACTERS = 300

_mask = Masker()


class PrometheusRefusedError(Exception):
    """Prometheus answered with an error; the text is its own, shortened."""


class PrometheusTooSlowError(Exception):
    """The whole answer was not there by the deadline."""


class _Series(BaseModel):
    """A series as the HTTP API writes it: `value` of an instant query, `values` of a range (Prometheus, HTTP API)."""

    metric: dict[str, str]
    value: Annotated[tuple[tuple[float, float], ...], BeforeValidator(lambda pair: (pair,))] = ()
    values: tuple[tuple[float, float], ...] = ()


_RESULT: TypeAdapter[tuple[float, float] | list[_Series]] = TypeAdapter(tuple[float, float] | list[_Series])


class Client:
    """The library's client of one server, with bounds: `timeout` to connect, between bytes, and for a whole answer."""

    def __init__(self, url: str, timeout: timedelta) -> None:
        seconds = timeout.total_seconds()
        self._library = PrometheusConnect(
            url=url.rstrip("/"),
            session=_BoundedSession(seconds),
            retry=Retry(0, read=False),
            timeout=seconds,
            method="POST",
        )

    def close(self) -> None:
        """Let go of the connections."""
        self._library.close()

    def answer(self, question: Callable[[PrometheusConnect], object]) -> Answer:
        """Ask, and wait: the samples, or in words which of the ways in which it can fail it was."""
        try:
            return _samples(question(self._library))
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


class _BoundedSession(requests.Session):
    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._seconds = seconds

    def send(self, request: requests.PreparedRequest, **settings: object) -> requests.Response:
        deadline = time.monotonic() + self._seconds
        answer = _sender(super())(request, **{**settings, "stream": True})
        answer._content = _read(answer, deadline)  # noqa: SLF001 - the library reads .content, and no public way bounds it  # pyright: ignore[reportPrivateUsage] - as said
        if not answer.ok:
            raise PrometheusRefusedError(f"HTTP {answer.status_code}: {_error_of(answer)}")
        return answer


def _sender(session: requests.Session) -> Callable[..., requests.Response]:
    return session.send


def _read(answer: requests.Response, deadline: float) -> bytes:
    pieces: list[bytes] = []
    size = 0
    with answer:
        for piece in answer.iter_content(READ_BYTES):
            pieces.append(piece)
            size += len(piece)
            if size > MOST_ANSWER_BYTES:
                raise PrometheusRefusedError(f"the answer is longer than {MOST_ANSWER_BYTES // 1024 // 1024} MiB")
            if time.monotonic() > deadline:
                raise PrometheusTooSlowError
    return b"".join(pieces)


def _error_of(answer: requests.Response) -> str:
    try:
        body: dict[str, object] = dict(json.loads(answer.content))
    except (ValueError, TypeError):
        return "no Prometheus answer"
    return str(body.get("error", "no Prometheus answer"))[:ERROR_CHARACTERS]


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
