"""Houses with something to look at: logs that are small programs, and a monitoring beside a service that fails."""

import sys
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.domain.plan import Action, HealthCheck
from bot.sandbox.alert_hook import Hook
from bot.sandbox.driver import PersonView
from bot.sandbox.monitoring import Monitoring, MonitoringKind
from bot.sandbox.service import BreakableService
from bot.sandbox.traffic import SetPoints
from bot.settings import load_plan
from tests.house import House

SOME_LINES = "print('INFO ready'); print('ERROR no disk token=abcdef123456'); print('INFO <b>served</b>')"


def python(code: str, *, title: str = "Application logs", **more: Any) -> Action:
    """A log action that is a small program."""
    return Action.model_validate(
        {"title": title, "run": [sys.executable, "-c", code], "timeout": "20s", "authority": "on_call", **more}
    )


@asynccontextmanager
async def a_house(
    path: Path, actions: dict[str, Action], health_checks: tuple[HealthCheck, ...] | None = None, **settings: Any
) -> AsyncGenerator[House]:
    """The demo's team with the built-in plan and these actions in the place of its own."""
    house = House(path, **settings)
    changed: dict[str, Any] = {"actions": {**house.plan.actions, **actions}}
    if health_checks is not None:
        changed["health_checks"] = health_checks
    house.plan = load_plan().model_copy(update=changed)
    async with house:
        yield house


def stranger_in(house: House) -> PersonView:
    """Somebody in the responders chat whom the roster does not know."""
    mallory = house.world.add_person("mallory", 6666, "Mallory")
    house.responders.chat.members[mallory.id] = mallory
    return PersonView(house.driver, mallory)


@asynccontextmanager
async def watched(tmp_path: Path, kind: MonitoringKind, **plan: Any) -> AsyncGenerator[tuple[House, Monitoring]]:
    """A house beside a monitoring; the service has failed 12 % of its requests for ten minutes.

    Nothing is rolled back for it: what a person looks at is the subject here.
    """
    async with AsyncExitStack() as stack:
        house = House(tmp_path / "bot")
        made = BreakableService(house.clock.now, replace(SetPoints(), error_ratio=0.12), history=timedelta(minutes=10))
        service = await stack.enter_async_context(made.serve())
        hook = Hook("http://127.0.0.1:1/nobody")
        monitoring = await stack.enter_async_context(Monitoring.start(service, hook, tmp_path, kind=kind))
        house.settings["prometheus_url"] = monitoring.prometheus_url
        house.settings["alertmanager_url"] = monitoring.alertmanager_url
        checks = (
            HealthCheck(name="api", url=f"{service.url}/health"),
            HealthCheck(name="search", url="http://127.0.0.1:1/health"),
        )
        actions = {**load_plan().actions, "logs": python(SOME_LINES)}
        changed: dict[str, Any] = {"health_checks": checks, "actions": actions, "rollback": None, **plan}
        house.plan = load_plan().model_copy(update=changed)
        await stack.enter_async_context(house)
        yield house, monitoring
