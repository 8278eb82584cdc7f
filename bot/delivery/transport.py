"""python-telegram-bot's HTTP on aiohttp, which carries several times the requests of its default (tests/bench).

Requests are repeated by nobody here: only the caller knows what a second copy would mean. The token is part of every
address, so no address and no text of an aiohttp error leaves this module.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, Final, cast

import aiohttp
from aiohttp_socks import ProxyConnectionError, ProxyError, ProxyTimeoutError
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.delivery.proxy import Route

POOL_SIZE = 64
"""Connections at most. Telegram takes about 30 messages a second; an answer rarely takes two."""
IDLE_FOR_S = 30.0
"""An idle connection is closed before Telegram's servers would do it, so that no request meets a closing one."""


class RefusedConnectionError(NetworkError):
    """The request never reached Telegram: no name, no route, no connection, no free connection."""

    __slots__ = ()


class LostAnswerError(NetworkError):
    """The request may have reached Telegram: the connection broke after it was sent."""

    __slots__ = ()


class ConnectTimedOutError(RefusedConnectionError, TimedOut):
    """No connection in time: the request never reached Telegram."""

    __slots__ = ()


class AnswerTimedOutError(LostAnswerError, TimedOut):
    """No answer in time: the request may have reached Telegram."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds; None waits for ever. `write` is the time that an upload gets on top of `read`."""

    connect: float | None = 5.0
    read: float | None = 10.0
    write: float | None = 20.0
    pool: float | None = 5.0

    def client_timeout(self, *, uploads: bool) -> aiohttp.ClientTimeout:
        """As aiohttp counts: `connect` there includes waiting for a free connection."""
        return aiohttp.ClientTimeout(
            total=None,
            connect=_sum(self.pool, self.connect),
            sock_connect=self.connect,
            sock_read=_sum(self.read, self.write) if uploads else self.read,
        )


def _sum(first: float | None, second: float | None) -> float | None:
    return None if first is None or second is None else first + second


class AiohttpRequest(BaseRequest):
    """What `telegram.Bot` takes as `request`.

    For `proxy` see `Route.through`.
    aiohttp sets TCP_NODELAY on each connection. Proxy variables of the environment are not read: a setting says it.

    Raises (from `do_request`):
        RefusedConnectionError: the request never reached Telegram (ConnectTimedOutError: in time).
        LostAnswerError: it may have (AnswerTimedOutError: no answer in time).
        RuntimeError: before `initialize` or after `shutdown`.
    """

    __slots__ = ("_pool_size", "_route", "_session", "_timeouts")

    _HEADERS: ClassVar[dict[str, str]] = {"User-Agent": BaseRequest.USER_AGENT}
    _FORM: ClassVar[dict[str, str]] = {**_HEADERS, "Content-Type": "application/x-www-form-urlencoded"}

    def __init__(
        self, *, timeouts: Timeouts | None = None, proxy: str | None = None, pool_size: int = POOL_SIZE
    ) -> None:
        self._timeouts: Final = timeouts or Timeouts()
        self._route: Final = Route.through(proxy)
        self._pool_size: Final = pool_size
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        """Seconds that an answer may take when a call does not say otherwise."""
        return self._timeouts.read

    async def initialize(self) -> None:
        """Opens the pool of connections; they are made when first needed."""
        if self._session is not None:
            return
        self._session = aiohttp.ClientSession(
            connector=self._route.connector(limit=self._pool_size, idle_for_s=IDLE_FOR_S),
            cookie_jar=aiohttp.DummyCookieJar(),
        )

    async def shutdown(self) -> None:
        """Closes all connections. Calls still under way fail, so end them first."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Makes one request: HTTP status and body."""
        if self._session is None:
            raise RuntimeError("The connection to Telegram is not open: call initialize() first.")
        uploads = request_data is not None and request_data.contains_files
        timeouts = Timeouts(
            connect=_chosen(connect_timeout, self._timeouts.connect),
            read=_chosen(read_timeout, self._timeouts.read),
            write=_chosen(write_timeout, self._timeouts.write),
            pool=_chosen(pool_timeout, self._timeouts.pool),
        )
        try:
            async with self._session.request(
                method,
                url,
                data=_body(request_data),
                timeout=timeouts.client_timeout(uploads=uploads),
                allow_redirects=False,
                **self._route.options(url, self._HEADERS if uploads else self._FORM),
            ) as response:
                return response.status, await response.read()
        except (aiohttp.ClientError, OSError, ProxyConnectionError, ProxyError, ProxyTimeoutError) as error:
            # The original's text and arguments may hold the address, and with it the token.
            raise _in_our_words(error) from None


def _chosen(given: Any, default: float | None) -> float | None:
    return default if given is BaseRequest.DEFAULT_NONE else cast("float | None", given)


def _body(request_data: RequestData | None) -> aiohttp.FormData | bytes | None:
    if request_data is None:
        return None
    if not request_data.contains_files:
        return request_data.url_encoded_parameters().encode()
    form = aiohttp.FormData()
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, content_type) in request_data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=content_type)
    return form


def _in_our_words(error: Exception) -> NetworkError:
    kind = type(error).__name__
    match error:
        case aiohttp.ConnectionTimeoutError() | ProxyTimeoutError():
            return ConnectTimedOutError(f"No connection to Telegram in time ({kind})")
        case aiohttp.ClientConnectorError() | aiohttp.ClientHttpProxyError() | ProxyConnectionError() | ProxyError():
            return RefusedConnectionError(f"No connection to Telegram ({kind})")
        case aiohttp.InvalidURL():
            return RefusedConnectionError("The address of the Bot API is not an address")
        case TimeoutError():
            return AnswerTimedOutError(f"No answer from Telegram in time ({kind})")
        case _:
            return LostAnswerError(f"The connection to Telegram broke ({kind})")
