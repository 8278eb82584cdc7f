"""How much may be said, when, and by which lane: Telegram's limits, with a share kept for what is urgent. Pure.

Figures (Bot FAQ, "My bot is hitting limits, how do I avoid this?"): about one message a second in a chat, with short
bursts allowed; 20 a minute in a group; about 30 a second over all. Edits count as messages, answers to presses don't.

Times are seconds of a monotonic clock, never of the clock that a demo speeds up: Telegram does not hurry with it.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from bot.domain.intents import Lane

CHAT_EVERY_S = 1.0
SECOND_S = 1.05
"""The window of the overall limit: a little more than a second, because calls arrive less evenly than they leave."""
MINUTE_S = 60.5
"""The window of a group's limit, for the same reason."""


def _by_lane(pages: int, replies: int, cards: int, digests: int) -> Mapping[Lane, int]:
    return MappingProxyType({Lane.PAGES: pages, Lane.REPLIES: replies, Lane.CARDS: cards, Lane.DIGESTS: digests})


@dataclass(frozen=True, slots=True)
class Limits:
    """How many messages a window may hold after a lane added one: what lower lanes must leave is for the higher.

    `answers_in_group` is the share of an answer to a person's own command. Routine news leaves room for some of them,
    so that a busy incident does not fall silent towards those who work on it.
    """

    overall: Mapping[Lane, int] = field(default_factory=lambda: _by_lane(pages=30, replies=25, cards=20, digests=15))
    group: Mapping[Lane, int] = field(default_factory=lambda: _by_lane(pages=20, replies=16, cards=10, digests=6))
    burst: Mapping[Lane, int] = field(default_factory=lambda: _by_lane(pages=3, replies=3, cards=2, digests=1))
    answers_in_group: int = 19

    @classmethod
    def none(cls) -> "Limits":
        """For a Bot API server of one's own without limits, and for benchmarks."""
        endless = _by_lane(*(1_000_000,) * 4)
        return cls(overall=endless, group=endless, burst=endless, answers_in_group=1_000_000)


@dataclass(frozen=True, slots=True)
class Ticket:
    """A message counted; give it back when nothing was sent after all."""

    chat: int
    at_s: float


class _Window:
    """The instants of what was sent within the last `length_s`."""

    def __init__(self, length_s: float) -> None:
        self._length_s = length_s
        self._sent: deque[float] = deque()

    def free_at(self, most: int, now_s: float) -> float:
        """When fewer than `most` lie in the window."""
        while self._sent and self._sent[0] + self._length_s <= now_s:
            self._sent.popleft()
        return now_s if len(self._sent) < most else self._sent[-most] + self._length_s

    def add(self, now_s: float) -> None:
        self._sent.append(now_s)

    def take_back(self, at_s: float) -> None:
        if at_s in self._sent:
            self._sent.remove(at_s)


@dataclass(slots=True)
class _ChatBudget:
    """`full_until_s`: a leaky bucket as the instant at which it is empty again. `minute` is None in a private chat."""

    minute: _Window | None
    full_until_s: float = 0.0
    closed_until_s: float = 0.0


class Budgets:
    """Counts what goes to each chat and over all. A negative chat id is a group's (Bot API, Chat)."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._overall = _Window(SECOND_S)
        self._closed_until_s = 0.0
        self._chats: dict[int, _ChatBudget] = {}

    def overall_when(self, lane: Lane, now_s: float) -> float:
        """The earliest time at which the lane may send anything to anybody."""
        return max(self._closed_until_s, self._overall.free_at(self._limits.overall[lane], now_s), now_s)

    def when(self, chat: int, lane: Lane, now_s: float, *, answering: bool = False) -> float:
        """The earliest time at which the lane may send to the chat; `now_s` when that is at once.

        `answering`: it answers what a person has just asked for there.
        """
        budget = self._chat(chat)
        depth_s = (self._limits.burst[lane] - 1) * CHAT_EVERY_S
        most = self._limits.answers_in_group if answering else self._limits.group[lane]
        group_free_at = now_s if budget.minute is None else budget.minute.free_at(most, now_s)
        return max(self.overall_when(lane, now_s), budget.closed_until_s, budget.full_until_s - depth_s, group_free_at)

    def spend(self, chat: int, now_s: float) -> Ticket:
        """Counts one message."""
        budget = self._chat(chat)
        budget.full_until_s = max(budget.full_until_s, now_s) + CHAT_EVERY_S
        self._overall.add(now_s)
        if budget.minute is not None:
            budget.minute.add(now_s)
        return Ticket(chat, now_s)

    def refund(self, ticket: Ticket) -> None:
        """Takes a counted message back: it was not sent."""
        budget = self._chat(ticket.chat)
        budget.full_until_s -= CHAT_EVERY_S
        self._overall.take_back(ticket.at_s)
        if budget.minute is not None:
            budget.minute.take_back(ticket.at_s)

    def penalty(self, chat: int, until_s: float) -> None:
        """A 429 in a chat: nothing goes there before that; other chats go on."""
        budget = self._chat(chat)
        budget.closed_until_s = max(budget.closed_until_s, until_s)

    def penalty_for_all(self, until_s: float) -> None:
        """A 429 that concerns no chat: nothing goes anywhere before that."""
        self._closed_until_s = max(self._closed_until_s, until_s)

    def _chat(self, chat: int) -> _ChatBudget:
        budget = self._chats.get(chat)
        if budget is None:
            budget = self._chats[chat] = _ChatBudget(_Window(MINUTE_S) if chat < 0 else None)
        return budget
