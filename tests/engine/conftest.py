"""A desk and its watch over fixes on a real Redis, beside a Prometheus with a written past. No Telegram, no bot."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.domain.actors import Responder, Source
from bot.domain.commands import Acknowledge, Declare, Resolve
from bot.domain.plan import Plan
from bot.domain.rules import Verifiable
from bot.engine.clockwork import Clockwork
from bot.engine.desk import Desk
from bot.engine.duty import OnDuty
from bot.engine.evidence import Evidence
from bot.engine.outcomes import Done
from bot.engine.prometheus import Prometheus
from bot.engine.rulebook import Rulebook
from bot.engine.team_desk import TeamDesk
from bot.engine.verification import FixWatch
from bot.store.store import Store
from tests.domain.builders import BUILT_IN, a_roster
from tests.engine.written_past import WrittenPast, written_past

ANNA = Responder(person="anna")
PATIENCE = timedelta(hours=1)
"""Of the questions to Prometheus: how fast this machine answers is nobody's concern here."""
MINUTE = timedelta(minutes=1)
PLAN = BUILT_IN.model_copy(
    update={
        "metrics": {
            **BUILT_IN.metrics,
            "error_rate": BUILT_IN.metrics["error_rate"].model_copy(update={"query": "errors"}),
            "latency_p95": BUILT_IN.metrics["latency_p95"].model_copy(update={"query": "latency"}),
        }
    }
)
"""The built-in plan; what a fix is watched by is asked for by plain names."""


def with_metrics(_: Plan) -> Verifiable:
    """The metrics can be watched; there is nothing to run."""
    return Verifiable(has_metrics=True)


@dataclass
class Bench:
    """A desk, and what watches over fixes."""

    store: Store
    desk: Desk
    past: WrittenPast
    prometheus: Prometheus

    def __post_init__(self) -> None:
        self.start_anew()

    def start_anew(self) -> None:
        """The bot stops and starts: whoever watches knows nothing but what is stored."""
        now = self.store.clock.now
        team = TeamDesk(self.store, OnDuty(self.desk.rulebook.current.plan, a_roster()))
        self.fixes = FixWatch(self.store, self.desk, Evidence(self.prometheus), now)
        self.clockwork = Clockwork(self.store, self.desk, team, self.fixes.last_look)

    async def declare(self, severity: str = "SEV-2") -> str:
        """An incident that nobody has; its id."""
        outcome = await self.desk.declare(Declare(Source(name="api"), "It burns", severity=severity))
        assert isinstance(outcome, Done)
        return outcome.incident.id

    async def watched(self) -> str:
        """An incident whose fix is under watch for the plan's 30 minutes from now on; its id."""
        incident = await self.declare()
        for command in (Acknowledge(ANNA), Resolve(ANNA)):
            assert isinstance(await self.desk.handle(incident, command), Done)
        return incident

    async def kinds(self, incident: str) -> list[str]:
        """What happened to an incident, in order."""
        return [event.kind for event in await self.store.load(incident)]

    def pass_time(self, by: timedelta) -> None:
        """Move the clock."""
        self.store.clock.advance(by)


def new_desk(store: Store, plan: Plan = PLAN) -> Desk:
    """A desk under a plan that the store does not hold yet."""
    desk = Desk(store, Rulebook(store, plan, a_roster()))
    desk.verifiable = with_metrics
    return desk


@pytest.fixture
async def bench(store: Store) -> AsyncIterator[Bench]:
    """A desk under the built-in plan beside metrics that are well, and a clock that the test alone moves."""
    store.clock.set_speed(0)
    async with AsyncExitStack() as stack:
        past = await stack.enter_async_context(written_past({"errors": lambda _: 0.0, "latency": lambda _: 0.02}))
        prometheus = Prometheus(past.url, PATIENCE)
        stack.callback(prometheus.close)
        desk = new_desk(store)
        await desk.rulebook.keep()
        bench = Bench(store, desk, past, prometheus)
        yield bench
        await bench.clockwork.close()
