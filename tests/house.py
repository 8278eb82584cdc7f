"""The whole bot beside the sandbox Telegram: what the flow tests tell their stories with."""

import io
import json
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiohttp
from pydantic import SecretStr

from bot.app import Running, running
from bot.configuration import Configuration
from bot.delivery import budgets
from bot.delivery.flight import Pace
from bot.demo import demo_roster
from bot.domain.plan import Plan
from bot.domain.roster import Roster
from bot.engine.singles import TTL
from bot.sandbox.driver import PATIENCE_S, ChatView, Driver, PersonView
from bot.sandbox.limits import Limits
from bot.sandbox.message_view import MessageView
from bot.sandbox.server import SandboxServer
from bot.sandbox.world import DEMO_TOKEN, RESPONDERS_ID, STAKEHOLDERS_ID, World
from bot.settings import Settings, load_plan
from bot.store.clock import Clock
from bot.store.wakes import Topic

_LOOK_AGAIN = timedelta(milliseconds=20)
"""A row that is settled rings no bell: whoever waits for the outbox to be empty looks again so soon."""


class House:
    """A bot that runs, a Telegram it talks to, and a clock that the test moves.

    The sandbox lives as long as the house; the bot may be stopped and started again on its data. Neither has Telegram's
    flood limits: messages go as fast as they can, unless another `pace` is set. `settings` change the bot's settings,
    by the names of `Settings`.
    """

    def __init__(
        self,
        data_dir: Path,
        plan: Plan | None = None,
        roster: Roster | None = None,
        *,
        world: World | None = None,
        lease_for: timedelta = TTL,
        **settings: Any,
    ) -> None:
        self.clock = Clock()
        self.world = world or World.demo(now=self.clock.now)
        self.sandbox = SandboxServer(self.world, limits=Limits.none(), static_dir=None)
        self.driver = Driver(self.world)
        self.plan = plan or load_plan()
        self.roster = roster or demo_roster()
        self.data_dir = data_dir
        self.lease_for = lease_for
        self.pace = Pace(budgets=budgets.Budgets(budgets.Limits.none()))
        self.settings: dict[str, Any] = {"telegram_token": SecretStr(DEMO_TOKEN), "http_port": 0, **settings}
        self._bot: AbstractAsyncContextManager[Running] | None = None
        self.bot: Running
        self.http = aiohttp.ClientSession()

    async def __aenter__(self) -> Self:
        await self.sandbox.start()
        await self.start_bot()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop_bot()
        await self.http.close()
        await self.sandbox.stop()

    async def start_bot(self) -> None:
        """Start the bot on the data it left, and wait until it asks for updates."""
        settings = Settings(telegram_api_url=self.sandbox.url, data_dir=self.data_dir, **self.settings)
        self._bot = running(
            Configuration(settings, self.plan, self.roster), self.clock, pace=self.pace, lease_for=self.lease_for
        )
        self.bot = await self._bot.__aenter__()
        await self._hears()

    async def stop_bot(self) -> None:
        """Stop the bot in order."""
        if self._bot is not None:
            await self._bot.__aexit__(None, None, None)
            self._bot = None

    async def _hears(self) -> None:
        if self.settings.get("telegram_mode") != "webhook":
            await self.sandbox.wait_for_poll()

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

    async def write(
        self, key: str, text: str, chat: ChatView | None = None, *, reply_to: MessageView | None = None
    ) -> MessageView:
        """Somebody writes, in private unless a chat is given; the bot's answer to it."""
        person = self.person(key)
        where = chat or person.private
        sent = await person.send(where, text, reply_to=reply_to)

        def answers(message: MessageView) -> bool:
            return message.from_bot and message.reply_to is not None and message.reply_to.id == sent.id

        return await where.wait_for(answers)

    async def pass_time(self, by: timedelta) -> None:
        """Move the clock; what falls due happens by itself."""
        self.clock.advance(by)

    async def until(self, condition: Callable[[], Awaitable[bool]]) -> None:
        """Wait until it holds; it is asked anew at every commit.

        Raises:
            TimeoutError: it never did.
        """
        deadline_s = self._now_s() + PATIENCE_S
        with self.bot.store.wakes.subscribe(*Topic) as wake:
            while not await condition():
                if self._now_s() > deadline_s:
                    raise TimeoutError("what the test waits for did not come")
                await wake.wait(_LOOK_AGAIN)

    async def settle(self) -> None:
        """Wait until nothing is due and nothing waits to be sent."""
        await self.until(self._is_settled)

    async def _is_settled(self) -> bool:
        due = await self.next_timer()
        if due is not None and due <= self.clock.now():
            return False
        backlog = await self.bot.store.rows_waiting()
        return not any(backlog.counts.values())

    async def next_timer(self) -> datetime | None:
        """When the next timer of an open incident falls due, whether or not somebody is about to fire it."""
        store = self.bot.store
        timers = [at for log in await store.open_logs() for at in (await store.timers_of(log)).values()]
        return min(timers, default=None)

    @staticmethod
    def _now_s() -> float:
        return Pace().now_s()

    async def post(self, path: str, body: object, **headers: str) -> tuple[int, Any]:
        """POST JSON to the bot; status and answer."""
        return await self.post_raw(path, json.dumps(body).encode(), **headers)

    async def post_raw(self, path: str, body: bytes, **headers: str) -> tuple[int, Any]:
        """POST bytes to the bot as they are; status and answer."""
        return await self.ask("POST", path, data=io.BytesIO(body), headers=headers)

    async def get(self, path: str, **headers: str) -> tuple[int, Any]:
        """GET from the bot; status and answer."""
        return await self.ask("GET", path, headers=headers)

    async def ask(self, method: str, path: str, **options: Any) -> tuple[int, Any]:
        """Any request to the bot; status, and the answer as JSON."""
        async with self.http.request(method, self.url(path), **options) as response:
            return response.status, await response.json()

    async def text(self, path: str) -> tuple[int, str]:
        """GET text from the bot; status and answer."""
        async with self.http.get(self.url(path)) as response:
            return response.status, await response.text()

    def url(self, path: str) -> str:
        """The bot's address of a path."""
        return f"http://127.0.0.1:{self.bot.port}{path}"

    async def incident(self, incident: str = "INC-1") -> dict[str, Any]:
        """An incident, as the API tells it."""
        status, answer = await self.get(f"/api/incidents/{incident}")
        assert status == 200, answer
        return answer

    async def timeline(self, incident: str = "INC-1") -> list[dict[str, Any]]:
        """What happened to an incident, as the API tells it."""
        status, answer = await self.get(f"/api/incidents/{incident}/timeline")
        assert status == 200, answer
        return answer["events"]

    async def kinds(self, incident: str = "INC-1") -> list[str]:
        """The kinds of what happened to an incident, in order."""
        return [event["kind"] for event in await self.timeline(incident)]

    async def declare(self, title: str = "Checkout fails", severity: str = "SEV-1") -> str:
        """Declare an incident by the API; its id."""
        status, answer = await self.post("/api/incidents", {"title": title, "severity": severity})
        assert status == 201, answer
        return answer["id"]


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
