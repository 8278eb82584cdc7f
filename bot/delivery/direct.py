"""What is said at once, past the outbox: answers to commands. Counted in the same budgets as everything else.

It is lost if Telegram is out of reach: nothing that must arrive goes this way.
"""

import asyncio
from datetime import timedelta

from bot.delivery.flight import Pace
from bot.delivery.gateway import Gateway
from bot.delivery.outcome import Later, Outcome, Scope
from bot.domain.intents import Lane
from bot.store.records import MessageRef
from bot.views.rendered import Rendered

ANSWER_WITHIN_S = 10.0
"""An answer that comes later than this is no longer read as one."""


class Direct:
    """Says something within the budgets. `pace` is the one that the sender has."""

    def __init__(self, gateway: Gateway, pace: Pace) -> None:
        self._gateway = gateway
        self._pace = pace

    def too_late_s(self) -> float:
        """Monotonic seconds after which an answer to what is asked now is no longer sent."""
        return self._pace.now_s() + ANSWER_WITHIN_S

    async def say(
        self,
        chat: int,
        rendered: Rendered,
        *,
        reply_to: MessageRef | None = None,
        thread: int | None = None,
        too_late_s: float | None = None,
    ) -> Outcome:
        """Sends an answer as soon as the chat takes one. `Later`: it would come too late, and was not sent.

        `too_late_s` counts from the question where that was asked a while ago.
        """
        at = self._gateway.current(chat)
        too_late = await self._turn(at, self.too_late_s() if too_late_s is None else too_late_s)
        if too_late is not None:
            return too_late
        return self._noted(at, await self._gateway.send(at, rendered, reply_to=reply_to, thread=thread))

    async def show(self, message: MessageRef, rendered: Rendered) -> Outcome:
        """Edits a message as soon as its chat takes an edit. `Later`: it would come too late, and was not done."""
        too_late = await self._turn(message.chat, self.too_late_s())
        if too_late is not None:
            return too_late
        return self._noted(message.chat, await self._gateway.edit(message, rendered))

    async def _turn(self, chat: int, give_up_s: float) -> Later | None:
        """Waits until the chat takes a message and counts it."""
        while True:
            now_s = self._pace.now_s()
            at_s = self._pace.budgets.when(chat, Lane.REPLIES, now_s, answering=True)
            if at_s <= now_s:
                self._pace.budgets.spend(chat, now_s)
                return None
            if at_s > give_up_s:
                return Later(timedelta(seconds=at_s - now_s), Scope.CHAT)
            await self._pace.real_time.wait(asyncio.Event(), at_s)

    def _noted(self, chat: int, outcome: Outcome) -> Outcome:
        if isinstance(outcome, Later):
            self._pace.budgets.penalty(chat, self._pace.now_s() + outcome.after.total_seconds())
        return outcome
