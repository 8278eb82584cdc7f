"""A staging environment whose rollback the tests can count, and a house that watches it."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.domain.plan import Action, Plan
from bot.sandbox.alert_hook import Hook
from bot.sandbox.message_view import MessageView
from bot.sandbox.monitoring import Monitoring, MonitoringKind
from bot.sandbox.service import BreakableService
from bot.sandbox.traffic import SetPoints
from bot.settings import load_plan
from tests.house import House
from tests.needs import need_program

QUICKLY = timedelta(seconds=1)
"""How often the matrix is looked at here."""


@dataclass
class Staging:
    """What the rollback script of the plan does, and how often it did."""

    folder: Path

    @property
    def runs(self) -> int:
        """How often the rollback ran."""
        return len(self._mark.read_text().splitlines()) if self._mark.exists() else 0

    @property
    def _mark(self) -> Path:
        return self.folder / "ran"

    @property
    def action(self) -> Action:
        """Marks that it ran, and prints a token that nobody must see."""
        script = f"echo once >> {self._mark}; echo token=s3cr3t-t0k3n; echo rolled back"
        return Action(title="Rollback", run=("bash", "-c", script), authority="on_call")

    def slow(self) -> Action:
        """Never ends by itself."""
        script = f"echo once >> {self._mark}; echo begun; sleep 1000"
        return Action(title="Rollback", run=("bash", "-c", script), authority="on_call")


def plan_of(action: Action, **rollback: Any) -> Plan:
    """The built-in plan with this rollback, watched every second."""
    plan = load_plan()
    assert plan.rollback is not None
    changed = plan.rollback.model_copy(update={"check_every": QUICKLY, **rollback})
    return plan.model_copy(update={"rollback": changed, "actions": {**plan.actions, "rollback": action}})


@asynccontextmanager
async def watched(
    folder: Path, plan: Plan, set_points: SetPoints, history: timedelta, prometheus_url: str | None = None
) -> AsyncGenerator[House]:
    """A house beside a real Prometheus that has watched a service at these set points for so long."""
    need_program("prometheus")
    need_program("promtool")
    async with AsyncExitStack() as stack:
        house = House(folder / "bot", plan)
        service = await stack.enter_async_context(BreakableService(set_points=set_points, history=history).serve())
        if prometheus_url is None:
            monitoring = await stack.enter_async_context(
                Monitoring.start(service, Hook("http://127.0.0.1:1/nobody"), folder / "m", kind=MonitoringKind.REAL)
            )
            prometheus_url = monitoring.prometheus_url
        house.settings["prometheus_url"] = prometheus_url
        yield await stack.enter_async_context(house)


def told(*words: str) -> Callable[[MessageView], bool]:
    """Whether a message says all of these."""
    return lambda message: all(word in message.text.replace("\N{NO-BREAK SPACE}", " ") for word in words)
