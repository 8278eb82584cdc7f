"""The whole bot beside the sandbox Telegram: what the flow tests tell their stories with."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiohttp
import pytest
from pydantic import SecretStr

from bot.app import Configuration, Running, running
from bot.demo import demo_roster
from bot.domain.plan import Plan
from bot.domain.roster import Roster
from bot.sandbox.driver import ChatView, Driver, PersonView
from bot.sandbox.limits import Limits
from bot.sandbox.server import SandboxServer
from bot.sandbox.world import DEMO_TOKEN, RESPONDERS_ID, STAKEHOLDERS_ID, World
from bot.settings import Settings, load_plan
from bot.store.clock import Clock


class House:
    """A bot that runs, a Telegram it talks to, and a clock that the test moves.

    The sandbox lives as long as the house; the bot may be stopped and started again on its data.
    """

    def __init__(self, data_dir: Path, plan: Plan | None = None, roster: Roster | None = None) -> None:
        self.clock = Clock()
        self.world = World.demo(now=self.clock.now)
        self.sandbox = SandboxServer(self.world, limits=Limits.none(), static_dir=None)
        self.driver = Driver(self.world)
        self.plan = plan or load_plan()
        self.roster = roster or demo_roster()
        self.data_dir = data_dir
        self.settings: dict[str, Any] = {}
        self._bot: Any = None
        self.bot: Running
        self._http = aiohttp.ClientSession()

    async def __aenter__(self) -> Self:
        await self.sandbox.start()
        await self.start_bot()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop_bot()
        await self._http.close()
        await self.sandbox.stop()

    async def start_bot(self) -> None:
        """Start the bot on the data it left, and wait until it polls."""
        settings = Settings(
            telegram_token=SecretStr(DEMO_TOKEN),
            telegram_api_url=self.sandbox.url,
            data_dir=self.data_dir,
            http_port=0,
            **self.settings,
        )
        self._bot = running(Configuration(settings, self.plan, self.roster), self.clock)
        self.bot = await self._bot.__aenter__()
        await self.sandbox.wait_for_poll()

    async def stop_bot(self) -> None:
        """Stop the bot in order."""
        if self._bot is not None:
            await self._bot.__aexit__(None, None, None)
            self._bot = None

    @property
    def responders(self) -> ChatView:
        """Where incidents are worked."""
        return self.driver.chat(RESPONDERS_ID)

    @property
    def stakeholders(self) -> ChatView:
        """Where news is read."""
        return self.driver.chat(STAKEHOLDERS_ID)

    def person(self, key: str) -> PersonView:
        """Somebody of the team."""
        return self.driver.person(key)

    async def pass_time(self, by: timedelta) -> None:
        """Move the clock; what falls due happens by itself."""
        self.clock.advance(by)

    async def post(self, path: str, body: object, **headers: str) -> tuple[int, Any]:
        """POST JSON to the bot; status and answer."""
        return await self._asked("POST", path, json=body, headers=headers)

    async def get(self, path: str) -> tuple[int, Any]:
        """GET from the bot; status and answer."""
        return await self._asked("GET", path)

    async def _asked(self, method: str, path: str, **options: Any) -> tuple[int, Any]:
        url = f"http://127.0.0.1:{self.bot.port}{path}"
        async with self._http.request(method, url, **options) as response:
            return response.status, await response.json()


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """The demo's team with the built-in plan."""
    async with House(tmp_path) as built:
        yield built


@dataclass(frozen=True)
class Fired:
    """An alert as Alertmanager would send it."""

    name: str = "HighErrorRate"
    severity: str = "critical"
    service: str = "payments-api"
    summary: str = "High error rate on payments-api"
    status: str = "firing"
    starts_at: str = "2026-01-09T14:02:00Z"
    group: str = "{}:{alertname='HighErrorRate'}"

    def body(self, *others: "Fired") -> dict[str, object]:
        """The webhook's body, with other alerts of the same group."""
        return {
            "version": "4",
            "groupKey": self.group,
            "truncatedAlerts": 0,
            "status": self.status,
            "receiver": "nabat",
            "groupLabels": {"alertname": self.name},
            "commonLabels": {"alertname": self.name},
            "commonAnnotations": {"summary": self.summary},
            "externalURL": "http://alertmanager.example.org",
            "alerts": [alert.alert() for alert in (self, *others)],
        }

    def alert(self) -> dict[str, object]:
        """One entry of the body."""
        labels = {"alertname": self.name, "severity": self.severity, "service": self.service}
        return {
            "status": self.status,
            "labels": labels,
            "annotations": {"summary": self.summary, "description": "More than 5 % of requests fail"},
            "startsAt": self.starts_at,
            "endsAt": "0001-01-01T00:00:00Z",
            "generatorURL": "http://prometheus.example.org/graph",
            "fingerprint": f"{self.name}-{self.service}",
        }
