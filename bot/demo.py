"""`nabat demo`: an incident to live through, with no account and no configuration."""

import asyncio
import signal
import socket
import tempfile
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from bot.app import running
from bot.configuration import Configuration
from bot.domain.log_lines import log_actions
from bot.domain.plan import Action, HealthCheck, HttpRequest, Plan
from bot.domain.roster import Roster
from bot.logs import set_up_logging
from bot.sandbox.alert_hook import Hook
from bot.sandbox.monitoring import Monitoring, MonitoringKind, available_kind
from bot.sandbox.panel import Panel, panel_routes
from bot.sandbox.server import SandboxServer
from bot.sandbox.service import SERVICE_NAME, BreakableService, wall_clock
from bot.sandbox.world import DEMO_TOKEN, RESPONDERS_ID, STAKEHOLDERS_ID, World
from bot.settings import LogLevel, Settings, load_plan, port_not_free
from bot.store.clock import Clock

HISTORY = timedelta(hours=2)
"""How long the demo's service has already run when the demo begins: charts are full from the start."""

_BANNER = """
  Nabat demo

  Open      {chat}
  Monitoring {monitoring}
  The bot   {bot}   (healthz, metrics, api)

  Break the service in the panel and live through an incident. Ctrl-C ends it; nothing is kept.
"""


class DemoSettings(Settings):
    """The demo takes no configuration: what is meant for a real bot, its Redis above all, is left alone."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the library's signature
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the library's signature
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the library's signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the library's signature
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What the demo gives itself."""
        return (init_settings,)


def demo_roster() -> Roster:
    """The demo's team: one on call, a team lead, a CTO, and two more; Eve has never pressed Start."""
    return Roster.model_validate(
        {
            "people": {
                "anna": {"name": "Anna", "telegram": 1001, "roles": ["on_call"]},
                "boris": {"name": "Boris", "telegram": 1002, "roles": ["team_lead"], "timezone": "Europe/Moscow"},
                "clara": {"name": "Clara", "telegram": 1003, "roles": ["cto"]},
                "dan": {"name": "Dan", "telegram": 1004},
                "eve": {"name": "Eve", "telegram": 1005},
            },
            "chats": {"responders": {"id": RESPONDERS_ID}, "stakeholders": {"id": STAKEHOLDERS_ID}},
        }
    )


async def run_demo(port: int) -> int:
    """Run until told to stop.

    Raises:
        ConfigurationError: the port is taken; 0 takes a free one.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        data_dir = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="nabat-demo-")))
        await _start(stack, data_dir, load_plan(), port)
        await stop.wait()
    return 0


async def _start(stack: AsyncExitStack, data_dir: Path, plan: Plan, port: int) -> None:
    clock = Clock()
    now = wall_clock if available_kind() is MonitoringKind.REAL else clock.now
    bot_address = f"http://127.0.0.1:{(bot_port := _free_port())}"
    service = await stack.enter_async_context(BreakableService(now, history=HISTORY).serve())
    monitoring = await stack.enter_async_context(
        Monitoring.start(service, Hook(f"{bot_address}/hooks/alertmanager"), data_dir)
    )
    panel = Panel(service, monitoring, DemoClock(clock))
    sandbox = SandboxServer(World.demo(now=clock.now), port=port, extra_routes=lambda app: panel_routes(app, panel))
    try:
        await stack.enter_async_context(sandbox)
    except OSError as error:
        raise port_not_free(error, port) from error
    settings = DemoSettings(
        telegram_token=SecretStr(DEMO_TOKEN),
        telegram_api_url=sandbox.url,
        data_dir=data_dir,
        http_port=bot_port,
        prometheus_url=monitoring.prometheus_url,
        alertmanager_url=monitoring.alertmanager_url,
        log_level=LogLevel.WARNING,
    )
    set_up_logging(settings)
    await stack.enter_async_context(
        running(Configuration(settings, demo_plan(plan, service), demo_roster()), clock, now)
    )
    print(_BANNER.format(chat=sandbox.url, monitoring=_described(monitoring), bot=bot_address), flush=True)


def demo_plan(plan: Plan, service: BreakableService) -> Plan:
    """The plan with what this machine has: the demo's service to ask, and a rollback that mends it."""
    check = HealthCheck(name=SERVICE_NAME, url=f"{service.url}/health", timeout=timedelta(seconds=2))
    request = HttpRequest(url=f"{service.url}/rollback", headers={})
    rollback = Action(title="Rollback", http=request, timeout=timedelta(seconds=10), authority="on_call")
    look = HttpRequest(method="GET", url=f"{service.url}/health", headers={})
    tests = Action(title="Smoke tests", http=look, timeout=timedelta(seconds=10), authority="on_call")
    actions = {**plan.actions, **_log_actions(plan, service), "rollback": rollback, "smoke_tests": tests}
    return plan.model_copy(update={"health_checks": (check,), "actions": actions})


def _log_actions(plan: Plan, service: BreakableService) -> dict[str, Action]:
    """The plan's log actions ask a container that this machine does not have."""
    request = HttpRequest(method="GET", url=f"{service.url}/logs", headers={})
    return {
        name: action.model_copy(update={"run": None, "cwd": None, "http": request})
        for name, action in log_actions(plan).items()
    }


def _free_port() -> int:
    """A port that is free now: Alertmanager must know the bot's address before the bot runs."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _described(monitoring: Monitoring) -> str:
    if monitoring.kind is MonitoringKind.REAL:
        named = " and ".join(f"{name} {number}" for name, number in monitoring.versions.items())
        return f"real {named}"
    return "small stand-ins (install prometheus and prometheus-alertmanager for the real ones)"


class DemoClock:
    """The bot's clock, as the panel moves it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.speed = clock.speed

    def now(self) -> datetime:
        """The bot's time, UTC."""
        return self._clock.now()

    async def advance(self, by: timedelta) -> None:
        """Moves the clock ahead."""
        self._clock.advance(by)

    def set_speed(self, factor: float) -> None:
        """Lets the clock run so many times as fast."""
        self._clock.set_speed(factor)
        self.speed = factor
