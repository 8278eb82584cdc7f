"""How a bot gets its updates: by long polling or by webhook, never by both."""

import asyncio
import re
from collections.abc import Iterable
from typing import Any

from bot.sandbox.composing import Request
from bot.sandbox.errors import CONFLICT_POLL, CONFLICT_WEBHOOK, ApiError, bad_request
from bot.sandbox.links import checked_link
from bot.sandbox.params import as_array
from bot.sandbox.people import Bot, Webhook
from bot.sandbox.webhooks import WebhookPusher
from bot.sandbox.world import World

MAX_UPDATES = 100
LONGEST_POLL_S = 50
"""Telegram cuts a longer `timeout` of getUpdates to this (seen in its Bot API server's behaviour)."""
MAX_CONNECTIONS = 100
DEFAULT_CONNECTIONS = 40
"""Bot API, setWebhook: max_connections is 1–100, 40 by default."""
SECRET_TOKEN = re.compile(r"[A-Za-z0-9_-]{0,256}\Z")


class UpdateDelivery:
    """The pollers that wait and the webhooks that are pushed to."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._polls: dict[int, asyncio.Future[None]] = {}
        self._pushes: dict[int, asyncio.Task[None]] = {}
        self.polled = asyncio.Event()
        """Set while a poll waits for news."""

    async def get_updates(self, request: Request) -> list[dict[str, Any]]:
        """Bot API, getUpdates. The offset confirms; a poll that starts to wait ends the one that waits already.

        Raises:
            ApiError: 409, when a webhook is set or another poller takes over.
        """
        bot, params = request.bot, request.params
        if bot.webhook is not None:
            raise ApiError(409, CONFLICT_WEBHOOK)
        _take_allowed(request)
        bot.inbox.confirm(params.integer("offset"))
        limit = min(max(params.integer("limit", MAX_UPDATES), 1), MAX_UPDATES)
        timeout_s = min(max(params.integer("timeout"), 0), LONGEST_POLL_S)
        waiting = bot.inbox.waiting(limit)
        if not waiting and timeout_s:
            await self._wait_for_news(bot, timeout_s)
            waiting = bot.inbox.waiting(limit)
        return [update.json() for update in waiting]

    async def _wait_for_news(self, bot: Bot, timeout_s: int) -> None:
        self._end_poll(bot, CONFLICT_POLL)
        news: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._polls[bot.id] = news
        self.polled.set()
        end_listening = bot.inbox.on_arrival(lambda: None if news.done() else news.set_result(None))
        try:
            async with asyncio.timeout(timeout_s):
                await news
        except TimeoutError:
            return
        finally:
            end_listening()
            if self._polls.get(bot.id) is news:
                del self._polls[bot.id]
            if not self._polls:
                self.polled.clear()

    def _end_poll(self, bot: Bot, reason: str) -> None:
        news = self._polls.pop(bot.id, None)
        if news is not None and not news.done():
            news.set_exception(ApiError(409, reason))

    async def set_webhook(self, request: Request) -> bool:
        """Bot API, setWebhook. Certificates are not checked, and plain http is taken too, as in a server's local mode.

        Raises:
            ApiError: the address or the secret token is not valid.
        """
        bot, params = request.bot, request.params
        url = params.text("url")
        if not url:
            return await self.delete_webhook(request)
        if not url.startswith(("http://", "https://")) or (
            checked_link(url) is None and not url.startswith("http://localhost")
        ):
            raise bad_request("invalid webhook URL specified")
        secret_token = params.text("secret_token")
        if not SECRET_TOKEN.match(secret_token):
            raise bad_request("secret token contains unallowed characters")
        connections = params.integer("max_connections", DEFAULT_CONNECTIONS)
        _take_allowed(request)
        if params.flag("drop_pending_updates"):
            bot.inbox.clear()
        self._end_poll(bot, "Conflict: terminated by setWebhook request")
        await self._end_push(bot)
        bot.webhook = Webhook(url, secret_token, min(max(connections, 1), MAX_CONNECTIONS))
        bot.webhook_error = None
        self._pushes[bot.id] = asyncio.create_task(WebhookPusher(self._world, bot, bot.webhook).run())
        return True

    async def delete_webhook(self, request: Request) -> bool:
        """Bot API, deleteWebhook."""
        if request.params.flag("drop_pending_updates"):
            request.bot.inbox.clear()
        await self._end_push(request.bot)
        request.bot.webhook = None
        return True

    async def get_webhook_info(self, request: Request) -> dict[str, Any]:
        """Bot API, getWebhookInfo."""
        bot = request.bot
        info: dict[str, Any] = {
            "url": bot.webhook.url if bot.webhook else "",
            "has_custom_certificate": False,
            "pending_update_count": len(bot.inbox),
        }
        if bot.webhook is not None:
            info["max_connections"] = bot.webhook.max_connections
            if bot.webhook_error is not None:
                info["last_error_date"], info["last_error_message"] = bot.webhook_error
        if bot.inbox.allowed:
            info["allowed_updates"] = bot.inbox.allowed
        return info

    def end_polls(self) -> None:
        """Answers every poller that waits, as a Bot API server that restarts does."""
        for news in self._polls.values():
            if not news.done():
                news.set_exception(ApiError(500, "Internal Server Error: restart"))
        self._polls.clear()

    async def stop(self) -> None:
        """Ends all polls and pushes."""
        self.end_polls()
        for bot in self._world.bots.values():
            await self._end_push(bot)

    async def _end_push(self, bot: Bot) -> None:
        push = self._pushes.pop(bot.id, None)
        if push is not None:
            push.cancel()
            await asyncio.wait([push])


def _take_allowed(request: Request) -> None:
    """`allowed_updates` stays as it was when a call does not name it (Bot API, getUpdates)."""
    if "allowed_updates" in request.params:
        kinds: Iterable[Any] = as_array(request.params.parsed("allowed_updates", "allowed_updates")) or []
        request.bot.inbox.allow(str(kind) for kind in kinds)
