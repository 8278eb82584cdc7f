"""Telegram's flood limits: about 1 message a second in a chat, 20 a minute in a group, 30 a second over all.

The figures are those of the Bot FAQ ("My bot is hitting limits"). Messages and edits count; answering a press doesn't.
A refused call costs nothing.
"""

import math
from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from bot.sandbox.errors import too_many_requests
from bot.sandbox.people import Chat

MINUTE_S = 60.0


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a bot may send. `chat_burst` messages pass at once in a chat, then one each `chat_every`."""

    chat_burst: int = 3
    chat_every: timedelta = timedelta(seconds=1)
    group_per_minute: int = 20
    overall_per_second: int = 30
    enabled: bool = True

    @classmethod
    def none(cls) -> Self:
        """No limits: for tests that are about something else, and for benchmarks."""
        return cls(enabled=False)


class FloodControl:
    """Counts what each bot sends. Times come from the sandbox's clock, so limits move with it."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._full_until: dict[tuple[int, int], float] = {}
        self._in_group: dict[tuple[int, int], deque[float]] = {}
        self._overall: dict[int, deque[float]] = {}

    def take(self, bot_id: int, chat: Chat, now: datetime) -> None:
        """Counts one message or edit.

        Raises:
            ApiError: 429 with the whole seconds to wait.
        """
        if not self.limits.enabled:
            return
        moment = now.timestamp()
        key = (bot_id, chat.id)
        overall = self._overall.setdefault(bot_id, deque())
        group = None if chat.is_private else self._in_group.setdefault(key, deque())
        wait = max(
            self._chat_wait(key, moment),
            _window_wait(overall, moment, 1.0, self.limits.overall_per_second),
            0.0 if group is None else _window_wait(group, moment, MINUTE_S, self.limits.group_per_minute),
        )
        if wait > 0:
            raise too_many_requests(max(1, math.ceil(wait)))
        self._full_until[key] = max(self._full_until.get(key, moment), moment) + self.limits.chat_every.total_seconds()
        overall.append(moment)
        if group is not None:
            group.append(moment)

    def _chat_wait(self, key: tuple[int, int], moment: float) -> float:
        """Seconds until the chat takes one more; a leaky bucket as deep as the burst."""
        depth = (self.limits.chat_burst - 1) * self.limits.chat_every.total_seconds()
        return self._full_until.get(key, moment) - depth - moment


def _window_wait(sent: deque[float], moment: float, window_s: float, most: int) -> float:
    """Seconds until fewer than `most` lie within the window."""
    while sent and sent[0] <= moment - window_s:
        sent.popleft()
    return 0.0 if len(sent) < most else sent[0] + window_s - moment
