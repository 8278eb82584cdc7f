"""Where the demo's alerts go: the bot's hook, with its bearer token."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

import aiohttp
import structlog

FIRST_PAUSE = timedelta(seconds=0.2)
LONGEST_PAUSE = timedelta(seconds=10)
TIMEOUT = timedelta(seconds=10)
_SERVER_FAULT = 500
_TOO_MANY = 429

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Hook:
    """An address that takes Alertmanager's webhooks; the token goes into a header and nowhere else."""

    url: str
    token: str | None = field(default=None, repr=False)


class Webhook:
    """Delivers one body at a time until it is taken: a hook that can't store answers 503 so that it is tried again."""

    def __init__(self, hook: Hook, http: aiohttp.ClientSession) -> None:
        self._hook = hook
        self._http = http
        self._headers = {"Authorization": f"Bearer {hook.token}"} if hook.token else {}

    async def deliver(self, body: dict[str, object]) -> None:
        """Returns once the hook took the body, or refused it for good (a 4xx other than 429, which is logged)."""
        pause = FIRST_PAUSE
        while True:
            status = await self._post(body)
            if status is not None and status < _SERVER_FAULT and status != _TOO_MANY:
                if status >= 400:  # noqa: PLR2004 - the 4xx family of HTTP
                    _log.warning("The hook refused an alert", status=status)
                return
            await asyncio.sleep(pause.total_seconds())
            pause = min(2 * pause, LONGEST_PAUSE)

    async def _post(self, body: dict[str, object]) -> int | None:
        try:
            timeout = aiohttp.ClientTimeout(total=TIMEOUT.total_seconds())
            async with self._http.post(self._hook.url, json=body, headers=self._headers, timeout=timeout) as answer:
                return answer.status
        except (aiohttp.ClientError, TimeoutError) as error:
            _log.info("The hook can't be reached, trying again", reason=type(error).__name__)
            return None
