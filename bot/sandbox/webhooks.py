"""Pushes updates to webhooks: a chat's updates in order, different chats side by side, again until they are taken."""

import asyncio
from datetime import timedelta

import aiohttp

from bot.sandbox.inbox import Update
from bot.sandbox.people import Bot, Webhook
from bot.sandbox.world import World

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of the header, not a secret
ANSWER_WITHIN = aiohttp.ClientTimeout(total=60)
LONGEST_PAUSE = timedelta(minutes=1)
SCANNED_UPDATES = 10_000
OK = 200


class WebhookPusher:
    """The pushing of one bot's updates to one webhook; lives until its task is cancelled."""

    def __init__(self, world: World, bot: Bot, webhook: Webhook) -> None:
        self._world = world
        self._bot = bot
        self._webhook = webhook
        self._news = asyncio.Event()
        self._busy_chats: set[int] = set()

    async def run(self) -> None:
        """Pushes until cancelled."""
        end_listening = self._bot.inbox.on_arrival(self._news.set)
        connector = aiohttp.TCPConnector(ssl=False, limit=self._webhook.max_connections)
        try:
            async with (
                aiohttp.ClientSession(connector=connector, timeout=ANSWER_WITHIN) as session,
                asyncio.TaskGroup() as deliveries,
            ):
                while True:
                    self._news.clear()
                    self._begin(session, deliveries)
                    await self._news.wait()
        finally:
            end_listening()

    def _begin(self, session: aiohttp.ClientSession, deliveries: asyncio.TaskGroup) -> None:
        for update in self._bot.inbox.waiting(SCANNED_UPDATES):
            if len(self._busy_chats) >= self._webhook.max_connections:
                return
            if update.chat_id not in self._busy_chats:
                self._busy_chats.add(update.chat_id)
                deliveries.create_task(self._deliver(session, update))

    async def _deliver(self, session: aiohttp.ClientSession, update: Update) -> None:
        pause = self._webhook.retry_after
        while (error := await self._push(session, update)) is not None:
            self._bot.webhook_error = (self._world.unix_now(), error)
            await asyncio.sleep(pause.total_seconds())
            pause = min(pause * 2, LONGEST_PAUSE)
        self._bot.inbox.forget(update.update_id)
        self._busy_chats.discard(update.chat_id)
        self._news.set()

    async def _push(self, session: aiohttp.ClientSession, update: Update) -> str | None:
        """None when the webhook took it, else why not, in the words of `last_error_message`."""
        headers = {SECRET_HEADER: self._webhook.secret_token} if self._webhook.secret_token else {}
        try:
            async with session.post(self._webhook.url, json=update.json(), headers=headers) as response:
                if response.status == OK:
                    return None
                return f"Wrong response from the webhook: {response.status} {response.reason}"
        except TimeoutError:
            return "Read timeout expired"
        except aiohttp.ClientError:
            return "Connection refused"
