"""Each part of the benchmark as a process of its own: the sandbox Telegram, the bot, the bare handler."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from bot.sandbox.world import DEMO_TOKEN, RESPONDERS_ID, STAKEHOLDERS_ID

LOOK_EVERY_S = 0.005
PATIENCE_S = 60.0
PEOPLE = {"anna": (1001, "on_call"), "boris": (1002, "team_lead"), "clara": (1003, "cto")}
"""Of the demo's team, those who have all started the bot."""
TEAM = tuple(telegram for telegram, _ in PEOPLE.values())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def process(module: str, *arguments: str) -> Generator[str]:
    """A process of a module of this folder, until the block ends; what it says on its first line."""
    command = [sys.executable, "-m", f"tests.bench.{module}", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as started:
        assert started.stdout is not None
        try:
            yield started.stdout.readline().strip()
        finally:
            started.terminate()


@dataclass(frozen=True, slots=True)
class Telegram:
    """A sandbox Telegram with its stopwatch."""

    url: str
    http: aiohttp.ClientSession

    async def press(self, presses: Iterable[tuple[int, str]], *, at_once: bool) -> list[float]:
        """Milliseconds from each press to its answer."""
        body = {"presses": list(presses), "at_once": at_once}
        async with self.http.post(f"{self.url}/bench/presses", json=body) as response:
            assert response.status == 200, await response.text()
            return (await response.json())["ms"]

    async def first_message(self, since: float, text: str) -> float:
        """Waits for a message that holds the text; the monotonic second at which it came."""
        query = {"text": text, "since": repr(since)}
        async with self.http.get(f"{self.url}/bench/first", params=query) as response:
            assert response.status == 200, await response.text()
            return (await response.json())["at"]


@dataclass(slots=True)
class Bot:
    """`nabat run` with an embedded Redis that syncs every commit, in a folder that outlives its process."""

    folder: Path
    telegram: Telegram
    http: aiohttp.ClientSession
    port: int = field(default_factory=_free_port)
    _process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> float:
        """Starts it; seconds until it says that it is ready."""
        (self.folder / "roster.yaml").write_text(json.dumps(_roster()), encoding="utf-8")
        started_at = time.monotonic()
        with (self.folder / "nabat.log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: ASYNC220 - how long this takes is a part of what is measured
                [sys.executable, "-m", "bot", "run"], env=self._environment(), stdout=log, stderr=log
            )
        while not await self._is_ready():
            assert self._process.poll() is None, (self.folder / "nabat.log").read_text(encoding="utf-8")
            assert time.monotonic() < started_at + PATIENCE_S, "the bot is not ready"
            await asyncio.sleep(LOOK_EVERY_S)
        return time.monotonic() - started_at

    def end(self, number: signal.Signals = signal.SIGTERM) -> None:
        """Ends it, with SIGKILL as a power cut would."""
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(PATIENCE_S)
            self._process = None

    async def post(self, path: str, body: object) -> Any:
        """POSTs JSON; the answer."""
        async with self.http.post(self.url + path, json=body) as response:
            assert response.status in {200, 201}, await response.text()
            return await response.json()

    async def get(self, path: str) -> Any:
        """GETs JSON."""
        async with self.http.get(self.url + path) as response:
            assert response.status == 200, await response.text()
            return await response.json()

    async def declare(self, count: int) -> list[str]:
        """Declares mild incidents, which call nobody out of bed; their ids."""
        body = {"title": "A button is grey", "severity": "SEV-4"}
        return [(await self.post("/api/incidents", body))["id"] for _ in range(count)]

    async def held(self, incidents: Sequence[str]) -> int:
        """How many of the incidents have a holder."""
        found = [await self.get(f"/api/incidents/{incident}") for incident in incidents]
        return sum(incident["holder"] is not None for incident in found)

    async def events(self, incident: str, kind: str) -> int:
        """How many events of a kind its log holds."""
        events = (await self.get(f"/api/incidents/{incident}/timeline"))["events"]
        return sum(event["kind"] == kind for event in events)

    async def _is_ready(self) -> bool:
        try:
            async with self.http.get(f"{self.url}/readyz") as response:
                return response.status == 200
        except aiohttp.ClientConnectionError:
            return False

    def _environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("NABAT_")}
        # As installed: with bytecode. An environment that writes none would have each start compile everything anew.
        inherited.pop("PYTHONDONTWRITEBYTECODE", None)
        return inherited | {
            "PYTHONPYCACHEPREFIX": str(self.folder / "bytecode"),
            "NABAT_TELEGRAM_TOKEN": DEMO_TOKEN,
            "NABAT_TELEGRAM_API_URL": self.telegram.url,
            "NABAT_DATA_DIR": str(self.folder / "data"),
            "NABAT_HTTP_PORT": str(self.port),
            "NABAT_ROSTER_FILE": str(self.folder / "roster.yaml"),
            "NABAT_LOG_LEVEL": "warning",
        }


def _roster() -> dict[str, object]:
    return {
        "people": {
            key: {"name": key.capitalize(), "telegram": telegram, "roles": [role]}
            for key, (telegram, role) in PEOPLE.items()
        },
        "chats": {"responders": {"id": RESPONDERS_ID}, "stakeholders": {"id": STAKEHOLDERS_ID}},
    }
