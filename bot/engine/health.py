"""Asks a plan's health checks: an address that answers 2xx in time is well."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import aiohttp
from yarl import URL

from bot.domain.masking import Masker
from bot.domain.plan import HealthCheck
from bot.engine import no_connection

REDIRECTS = 3
"""Followed within the same origin (a trailing slash, a login page's opposite); elsewhere none is."""
REASON_BYTES = 2048
REASON_CHARACTERS = 200
AT_ONCE = 16
"""Checks in flight: a long list must not open a hundred connections at the same moment."""

_mask = Masker()


@dataclass(frozen=True, slots=True)
class HealthResult:
    """What one check said. `status` is None when no answer came; `reason` is empty when all is well."""

    name: str
    ok: bool
    status: int | None
    took: timedelta
    reason: str


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int | None
    reason: str


async def check_health(http: aiohttp.ClientSession, checks: Sequence[HealthCheck]) -> tuple[HealthResult, ...]:
    """Ask all checks side by side; the results come in the plan's order, each within its own timeout."""
    turn = asyncio.Semaphore(AT_ONCE)

    async def ask(check: HealthCheck) -> HealthResult:
        async with turn:
            return await _ask(http, check)

    return tuple(await asyncio.gather(*map(ask, checks)))


async def _ask(http: aiohttp.ClientSession, check: HealthCheck) -> HealthResult:
    loop = asyncio.get_running_loop()
    started = loop.time()
    try:
        async with asyncio.timeout(check.timeout.total_seconds()):
            answer = await _follow(http, URL(check.url))
    except TimeoutError:
        answer = _Answer(None, f"no answer within {check.timeout.total_seconds():g} s")
    except aiohttp.ClientConnectorError as error:
        answer = _Answer(None, f"no connection: {no_connection.why(error)}")
    except (aiohttp.ClientError, ValueError) as error:
        answer = _Answer(None, f"no proper answer: {type(error).__name__}")
    took = timedelta(seconds=loop.time() - started)
    return HealthResult(check.name, not answer.reason, answer.status, took, answer.reason)


async def _follow(http: aiohttp.ClientSession, url: URL) -> _Answer:
    origin = url.origin()
    status: int | None = None
    for _ in range(REDIRECTS + 1):
        async with http.get(url, allow_redirects=False, timeout=aiohttp.ClientTimeout(total=None)) as answer:
            status = answer.status
            location = answer.headers.get("Location")
            if 200 <= status < 300:  # noqa: PLR2004 - the 2xx family of HTTP
                return _Answer(status, "")
            if location is None or not 300 <= status < 400:  # noqa: PLR2004 - the 3xx family of HTTP
                return _Answer(status, await _said(answer))
            url = url.join(URL(location))
            if url.origin() != origin:
                return _Answer(status, f"redirects elsewhere ({url.host})")
    return _Answer(status, f"more than {REDIRECTS} redirects")


async def _said(answer: aiohttp.ClientResponse) -> str:
    """The status with the beginning of the body: many services name what is broken there."""
    body = await answer.content.read(REASON_BYTES)
    printable = "".join(character if character.isprintable() else " " for character in body.decode(errors="replace"))
    text = " ".join(_mask(printable).split())[:REASON_CHARACTERS]
    return f"HTTP {answer.status}: {text}" if text else f"HTTP {answer.status}"
