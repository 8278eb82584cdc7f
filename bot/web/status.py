"""`GET /status`, `/status.json`, `/status.atom`: what was published, for everybody."""

import asyncio
import hashlib
import json
from collections.abc import Callable
from datetime import datetime

import structlog
from aiohttp import hdrs, web

from bot.domain.public_status import Stories
from bot.domain.rules import Rules
from bot.engine.publishing import read_stories
from bot.store.records import StoreUnavailableError
from bot.store.store import Store
from bot.views.public_feed import PAGE_PATH, as_json, feed
from bot.views.public_page import FEED_PATH, JSON_PATH, PublicView, away, page
from bot.views.public_style import STYLE_SOURCE
from bot.web.errors import error_response

log = structlog.get_logger(__name__)

_FRESH_FOR_S = 10
"""How long a cache may answer without asking: news is never older than this."""
_TRY_AGAIN_S = 30

_GUARDS = {
    "Content-Security-Policy": f"default-src 'none'; style-src {STYLE_SOURCE}; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


class StatusPage:
    """The public's view. It needs no token, and reads what was published and nothing else.

    `public_url` is where people reach the server; without one, links in the feed lead where the request came to.
    """

    def __init__(self, store: Store, rules: Callable[[], Rules], public_url: str | None) -> None:
        self._store = store
        self._rules = rules
        self._origin = public_url.rstrip("/") if public_url else None
        self._reading: asyncio.Task[Stories] | None = None

    def routes(self) -> tuple[web.RouteDef, ...]:
        """The routes of the public; each answers HEAD, too."""
        return (web.get(PAGE_PATH, self.page), web.get(JSON_PATH, self.json), web.get(FEED_PATH, self.feed))

    async def page(self, request: web.Request) -> web.StreamResponse:
        """The page; 503 with a calm one while the store can't be read."""
        try:
            view = await self._view()
        except StoreUnavailableError as error:
            _note(error)
            response = web.Response(text=away(self._rules(), self._now()), status=503, content_type="text/html")
            response.headers.update({**_GUARDS, hdrs.RETRY_AFTER: str(_TRY_AGAIN_S), hdrs.CACHE_CONTROL: "no-store"})
            return response
        return _answer(request, page(view).encode(), "text/html")

    async def json(self, request: web.Request) -> web.StreamResponse:
        """The same for programs."""
        try:
            view = await self._view()
        except StoreUnavailableError as error:
            return _unavailable(error)
        return _answer(request, json.dumps(as_json(view), ensure_ascii=False).encode(), "application/json")

    async def feed(self, request: web.Request) -> web.StreamResponse:
        """The same for feed readers."""
        try:
            view = await self._view()
        except StoreUnavailableError as error:
            return _unavailable(error)
        origin = self._origin or str(request.url.origin())
        return _answer(request, feed(view, origin), "application/atom+xml")

    async def _view(self) -> PublicView:
        """Requests that come together share one reading, so a crowd costs the store no more than one reader."""
        if self._reading is None:
            self._reading = asyncio.create_task(read_stories(self._store))
            self._reading.add_done_callback(self._done)
        return PublicView(self._rules(), await asyncio.shield(self._reading), self._now())

    def _done(self, task: asyncio.Task[Stories]) -> None:
        self._reading = None
        if not task.cancelled():
            task.exception()  # whoever waited was told; nobody may be left to

    def _now(self) -> datetime:
        return self._store.clock.now()


def _answer(request: web.Request, body: bytes, content_type: str) -> web.StreamResponse:
    etag = hashlib.sha256(body).hexdigest()[:32]
    known = request.if_none_match or ()
    if any(tag.value in {etag, "*"} for tag in known):
        response = web.Response(status=304)
    else:
        response = web.Response(body=body, content_type=content_type, charset="utf-8")
        response.headers.update(_GUARDS)
    response.etag = etag
    response.headers[hdrs.CACHE_CONTROL] = f"public, max-age={_FRESH_FOR_S}"
    return response


def _unavailable(error: StoreUnavailableError) -> web.Response:
    _note(error)
    response = error_response(503, "unavailable", "The status can't be read at the moment. Try again in a minute.")
    response.headers.update({hdrs.RETRY_AFTER: str(_TRY_AGAIN_S), hdrs.CACHE_CONTROL: "no-store"})
    return response


def _note(error: StoreUnavailableError) -> None:
    log.warning("the status page can't be read", reason=str(error))
