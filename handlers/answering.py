"""Answers to what was written: queued beside the next updates, in order in each chat.

An answer may wait seconds for its chat's budget. What it answers is committed by then, so the poll goes on meanwhile.
"""

from bot.delivery.direct import Direct
from bot.engine.errands import Errands
from bot.engine.locks import KeyedLocks
from bot.store.records import MessageRef
from bot.views.rendered import Rendered


class Answering:
    """Says answers when their turn comes. One that has become too late for its question is not sent."""

    def __init__(self, direct: Direct, errands: Errands) -> None:
        self._direct = direct
        self._errands = errands
        self._turns = KeyedLocks()

    def say(self, question: MessageRef, answer: Rendered) -> None:
        """Queue the answer to a message, below it. Returns at once."""
        self._errands.run(self._in_turn(question, answer, self._direct.too_late_s()))

    async def _in_turn(self, question: MessageRef, answer: Rendered, too_late_s: float) -> None:
        async with self._turns.holding(str(question.chat)):
            await self._direct.say(question.chat, answer, reply_to=question, too_late_s=too_late_s)
