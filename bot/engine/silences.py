"""Silences in Alertmanager, by its API v2: what one would mute, making it, ending it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import aiohttp
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from bot.domain.silencing import Matcher
from bot.engine import no_connection

TIMEOUT = timedelta(seconds=5)
"""A person waits for the answer; what takes longer is said to be out of reach."""
MOST_ANSWER_BYTES = 8 * 1024 * 1024
"""About ten thousand alerts; a longer answer tells a person nothing."""
ERROR_CHARACTERS = 200
NOT_FOUND = 404
EXPIRED_ALREADY = "already expired"
"""As Alertmanager words it when a silence is ended a second time (`silence.Expire`)."""


class AlertmanagerError(Exception):
    """Alertmanager did not do it; the message is for people."""


class _Alert(BaseModel):
    model_config = ConfigDict(extra="ignore")

    labels: dict[str, str]


class _Silence(BaseModel):
    model_config = ConfigDict(extra="ignore")

    class Status(BaseModel):
        """Alertmanager's `silenceStatus`."""

        state: str

    id: str
    comment: str
    status: Status


class _Made(BaseModel):
    silenceID: str  # noqa: N815 - Alertmanager's name


_ALERTS = TypeAdapter(tuple[_Alert, ...])
_SILENCES = TypeAdapter(tuple[_Silence, ...])


@dataclass(frozen=True, slots=True)
class SilenceOrder:
    """A silence to be made: what it mutes, for how long, by whom and why. `operation` makes it once."""

    matchers: tuple[Matcher, ...]
    length: timedelta
    by: str
    comment: str
    operation: str


class Silences:
    """Alertmanager at an address; without one nothing can be silenced. `now` is Alertmanager's time."""

    def __init__(self, url: str | None, http: aiohttp.ClientSession, now: Callable[[], datetime]) -> None:
        self._url = url
        self._http = http
        self._now = now

    @property
    def are_possible(self) -> bool:
        """Whether it is known where Alertmanager is."""
        return self._url is not None

    async def would_mute(self, matchers: Sequence[Matcher]) -> tuple[str, ...]:
        """The names of the alerts that fire now and match, one for each alert; those muted already included.

        Raises:
            AlertmanagerError: it can't be asked now.
        """
        filters = [("filter", matcher.written) for matcher in matchers]
        body = await self._asked("GET", "alerts", params=[("active", "true"), ("silenced", "true"), *filters])
        try:
            return tuple(alert.labels.get("alertname", "?") for alert in _ALERTS.validate_json(body))
        except ValidationError as error:
            raise AlertmanagerError("its answer can't be read") from error

    async def make(self, order: SilenceOrder) -> str:
        """Make a silence from now on; its id. The same operation again finds the silence that it made before.

        Raises:
            AlertmanagerError: it is not known to have been made.
        """
        comment = f"{order.comment} [{order.operation}]"
        made = await self._made_before(comment)
        if made is not None:
            return made
        now = self._now()
        silence = {
            "matchers": [
                {"name": matcher.name, "value": matcher.value, "isRegex": matcher.is_regex, "isEqual": True}
                for matcher in order.matchers
            ],
            "startsAt": now.isoformat(),
            "endsAt": (now + order.length).isoformat(),
            "createdBy": order.by,
            "comment": comment,
        }
        body = await self._asked("POST", "silences", json=silence)
        try:
            return _Made.model_validate_json(body).silenceID
        except ValidationError as error:
            raise AlertmanagerError("its answer can't be read") from error

    async def end(self, silence: str) -> None:
        """End a silence before its time; one that has ended stays as it is.

        Raises:
            AlertmanagerError: it may go on.
        """
        await self._asked("DELETE", f"silence/{silence}", ended_is_fine=True)

    async def _made_before(self, comment: str) -> str | None:
        try:
            known = _SILENCES.validate_json(await self._asked("GET", "silences"))
        except ValidationError as error:
            raise AlertmanagerError("its answer can't be read") from error
        return next((each.id for each in known if each.comment == comment and each.status.state != "expired"), None)

    async def _asked(
        self,
        method: str,
        path: str,
        *,
        params: Sequence[tuple[str, str]] = (),
        json: object = None,
        ended_is_fine: bool = False,
    ) -> bytes:
        if self._url is None:
            raise AlertmanagerError("NABAT_ALERTMANAGER_URL is not set")
        address = f"{self._url}/api/v2/{path}"
        limit = aiohttp.ClientTimeout(total=TIMEOUT.total_seconds())
        try:
            async with self._http.request(
                method, address, params=params, json=json, timeout=limit, allow_redirects=False
            ) as answer:
                body = await _bounded(answer)
        except TimeoutError as error:
            raise AlertmanagerError(f"no answer within {TIMEOUT.total_seconds():g} s") from error
        except aiohttp.ClientConnectorError as error:
            raise AlertmanagerError(f"no connection: {no_connection.why(error)}") from error
        except aiohttp.ClientError as error:
            raise AlertmanagerError(f"no proper answer: {type(error).__name__}") from error
        said = _printable(body)
        if ended_is_fine and (answer.status == NOT_FOUND or EXPIRED_ALREADY in said):
            return b""
        if not 200 <= answer.status < 300:  # noqa: PLR2004 - the 2xx family of HTTP
            raise AlertmanagerError(f"HTTP {answer.status}: {said}" if said else f"HTTP {answer.status}")
        return body


async def _bounded(answer: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for piece in answer.content.iter_chunked(64 * 1024):
        body += piece
        if len(body) > MOST_ANSWER_BYTES:
            raise AlertmanagerError(f"its answer is longer than {MOST_ANSWER_BYTES // 1024 // 1024} MiB")
    return bytes(body)


def _printable(body: bytes) -> str:
    text = body[: 4 * ERROR_CHARACTERS].decode(errors="replace")
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:ERROR_CHARACTERS]
