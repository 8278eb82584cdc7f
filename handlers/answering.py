"""Answers to what was written: queued beside the next updates, in order in each chat.

An answer may wait seconds for its chat's budget. What it answers is committed by then, so the poll goes on meanwhile.
Where the group takes no more in time, whoever asked reads it in private: Telegram limits the two apart.
"""

from bot.delivery.direct import Direct
from bot.delivery.outcome import Later
from bot.engine.errands import Errands
from bot.engine.locks import KeyedLocks
from bot.store.records import MessageRef
from bot.views.rendered import Rendered


class Answering:
    """Says answers when their turn comes. One that would come too late for its question goes to its asker alone."""

    def __init__(self, direct: Direct, errands: Errands) -> None:
        self._direct = direct
        self._errands = errands
        self._turns = KeyedLocks()

    def say(self, question: MessageRef, answer: Rendered, *, asker: int | None) -> None:
        """Queue the answer to a message, below it. Returns at once. `asker`: the private chat of whoever asked."""
        self._errands.run(self._in_turn(question, answer, self._direct.too_late_s(), asker))

    async def _in_turn(self, question: MessageRef, answer: Rendered, too_late_s: float, asker: int | None) -> None:
        async with self._turns.holding(str(question.chat)):
            outcome = await self._direct.say(question.chat, answer, reply_to=question, too_late_s=too_late_s)
        if isinstance(outcome, Later) and asker is not None and asker != question.chat:
            await self._direct.say(asker, answer)
