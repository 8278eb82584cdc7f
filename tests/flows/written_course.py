"""What people hear of an incident and when, as the real bot says it while the clock goes from timer to timer."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.sandbox.events import Happening, Posted
from bot.sandbox.people import Bot
from bot.sandbox.world import RESPONDERS_ID, STAKEHOLDERS_ID
from tests.house import House

THURSDAY = datetime(2030, 3, 7, 10, tzinfo=UTC)
"""A working morning, far from the beta launch, and after any day on which the tests run."""
MINUTE = timedelta(minutes=1)
THREAD = {
    "nobody answered by": "nobody answered",
    "INC-1: update due": "update due",
    "has not come": "update late",
    "still no update": "authority asked",
    "was to be resolved": "not resolved",
}
"""What the thread says of timers, by a part of its first line."""


@dataclass
class Course:
    """Minutes since the declaration at which each person was paged, pinged or asked for a yes, and chats were told."""

    house: House
    began: datetime = THURSDAY
    pages: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    pings: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    drafts: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    thread: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    stakeholders: list[float] = field(default_factory=list[float])

    async def declare(self, severity: str) -> None:
        """Declare an incident when the course begins, on a clock that stands still from then on."""
        house = self.house
        house.clock.set_speed(0)
        house.clock.advance(self.began - house.clock.now())
        house.world.subscribe(self._hear)
        await house.declare(severity=severity)
        await house.settle()

    async def at(self, minute: float) -> None:
        """Move the clock to a minute since the declaration, stopping at every timer on the way."""
        until = self.began + minute * MINUTE
        while (at := await self.house.next_timer()) is not None and at <= until:
            await self._move_to(at)
        await self._move_to(until)

    async def _move_to(self, at: datetime) -> None:
        self.house.clock.advance(at - self.house.clock.now())
        await self.house.settle()

    def _hear(self, happening: Happening) -> None:
        if not isinstance(happening, Posted) or not isinstance(happening.message.sender, Bot):
            return
        message, minute = happening.message, (self.house.clock.now() - self.began) / MINUTE
        first = message.body.text.splitlines()[0]
        if message.chat.person is not None:
            kinds = {"⏰": self.pings, "📣": self.drafts}
            kinds.get(first[0], self.pages)[message.chat.person.key].append(minute)
        elif message.chat.id == STAKEHOLDERS_ID:
            self.stakeholders.append(minute)
        elif message.chat.id == RESPONDERS_ID:
            for part, name in THREAD.items():
                if part in first:
                    self.thread[name].append(minute)
