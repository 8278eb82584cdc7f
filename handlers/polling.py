"""The long poll: the offset rises only past what is committed, so that a kill loses no press."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta

import structlog
from telegram import Bot, Update
from telegram.error import Conflict, NetworkError, RetryAfter, TelegramError

from bot.store.records import Lease
from handlers.intake import TAKEN, Intake

POLL_S = 25
"""How long Telegram holds an empty poll open (Bot API, getUpdates, `timeout`)."""

_MARGIN_S = 10
_BATCH = 100
"""Updates a poll brings at most (Bot API, getUpdates, `limit`)."""

_CONFLICT_WAIT_S = 5.0
_FAULT_WAIT_S = 1.0

log = structlog.get_logger(__name__)


class Poller:
    """Polls Telegram where the lease is held. `silence` says why no updates come; empty while they do."""

    def __init__(self, bot: Bot, intake: Intake) -> None:
        self._bot = bot
        self._intake = intake
        self._offset: int | None = None
        self._done: set[int] = set()
        self.silence = ""

    async def run(self, lease: Lease) -> None:
        """Poll until cancelled. What was carried out under an earlier lease of this process is not taken again."""
        del lease  # a second poller is told by Telegram's own 409; what updates do is fenced where it is written
        while True:
            updates = await self._poll(self._offset)
            await self._take([update for update in updates if update.update_id not in self._done])
            if updates:
                self._offset = updates[-1].update_id + 1
                self._done.clear()

    async def _poll(self, offset: int | None) -> tuple[Update, ...]:
        try:
            updates = await self._bot.get_updates(
                offset=offset,
                limit=_BATCH,
                timeout=POLL_S,
                allowed_updates=TAKEN,
                read_timeout=POLL_S + _MARGIN_S,
            )
        except RetryAfter as error:
            await self._wait(_seconds(error.retry_after), "Telegram asks to wait")
        except Conflict:
            await self._wait(_CONFLICT_WAIT_S, "another program polls with this token, or a webhook is set")
        except NetworkError as error:
            await self._wait(_FAULT_WAIT_S, f"Telegram can't be reached: {type(error).__name__}")
        except TelegramError as error:
            await self._wait(_CONFLICT_WAIT_S, f"Telegram refused the poll: {error.message}")
        else:
            self.silence = ""
            return updates
        return ()

    async def _wait(self, wait_s: float, reason: str) -> None:
        self.silence = reason
        log.warning("no updates for a while", reason=reason, again_in_s=wait_s)
        await asyncio.sleep(wait_s)

    async def _take(self, updates: Iterable[Update]) -> None:
        """Presses all at once; what one person writes in one chat in its order."""
        written: defaultdict[tuple[int, int], list[Update]] = defaultdict(list)
        async with asyncio.TaskGroup() as group:
            for update in updates:
                if update.message is None:
                    group.create_task(self._in_order([update]))
                else:
                    sender = update.message.from_user.id if update.message.from_user else 0
                    written[update.message.chat.id, sender].append(update)
            for conversation in written.values():
                group.create_task(self._in_order(conversation))

    async def _in_order(self, updates: list[Update]) -> None:
        for update in updates:
            await self._intake.take(update)
            self._done.add(update.update_id)


def _seconds(wait: float | timedelta) -> float:
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
