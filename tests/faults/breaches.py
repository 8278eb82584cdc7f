"""A breach of the rollback matrix before a real Prometheus, for bots that are processes of their own."""

import os
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from bot.domain.acting_events import ActionFinished, ActionLost, ActionStarted, TriggerFired
from tests.faults.lives import BUILT_IN, Lives, until
from tests.written_prometheus import openmetrics, prometheus, questions_asked, write_samples

BREACH = 0.12
"""Of the error rate: above 10 % for 5 minutes Nabat rolls back by itself (written plan, decision matrix)."""
HOLDS_AFTER_S = 300
STEP_S = 15
HOUR_S = 3600
HEALTHY = {"error_rate": 0, "latency_p95": 0.03, "service_up": 1, "pqc_fallback": 0, "memory_ratio": 0.4}
SOME_CHECKS = 40
"""Questions that a bot asks in a few looks at the matrix."""
ONE_CHECK = 8
"""Questions of one look."""


@dataclass(frozen=True)
class Staging:
    """What is rolled back: every run leaves a line with its process id."""

    folder: Path

    @property
    def runs(self) -> list[int]:
        """The process ids of the runs, also of those that go on."""
        mark = self.folder / "runs"
        return [int(line) for line in mark.read_text().split()] if mark.exists() else []

    def script(self, *, endless: bool) -> list[str]:
        """A rollback that ends at once, or never."""
        return ["bash", "-c", f"echo $$ >> {self.folder / 'runs'}; " + ("exec sleep 1000" if endless else "echo done")]


@dataclass(frozen=True)
class Watched:
    """A breach, and what was done about it."""

    url: str
    staging: Staging
    bot: Lives

    async def happened(self, *kinds: type) -> list[str]:
        """The kinds of what happened to the incident, of these alone."""
        return [event.kind for event in await self.bot.store.load("INC-1") if isinstance(event, kinds)]

    async def until_ended(self) -> None:
        """Waits until it is noted how the run ended, or that nobody knows."""

        async def has_ended() -> bool:
            return bool(await self.happened(ActionFinished, ActionLost))

        await until(has_ended)

    async def until_fired(self) -> None:
        """Waits until a rule has fired."""

        async def has_fired() -> bool:
            return bool(await self.happened(TriggerFired))

        await until(has_fired)

    async def until_looked_at(self, questions: int = SOME_CHECKS) -> None:
        """Waits until the matrix was looked at a few more times, by what Prometheus was asked."""
        before = await questions_asked(self.url)

        async def enough() -> bool:
            return await questions_asked(self.url) > before + questions

        await until(enough)

    async def rolled_back_once(self) -> None:
        """Asserts that one rule fired one run, whatever became of it."""
        assert await self.happened(TriggerFired, ActionStarted) == ["trigger_fired", "action_started"]
        assert await self.bot.store.versions(("INC-2",)) == {"INC-2": 0}
        assert len(self.staging.runs) <= 1
        assert self.staging.runs or await self.happened(ActionLost)


@contextmanager
def breach(bot: Lives, folder: Path, *, holds_in_s: int = 0, endless: bool = False) -> Generator[Watched]:
    """A breach that will have held for its time in so many seconds; the bot's settings name all of it."""
    staging, now = Staging(folder), int(time.time())
    began = now + holds_in_s - HOLDS_AFTER_S
    times = range(now - HOUR_S, now + HOUR_S, STEP_S)
    # A bot that sees the breach begin has seen a healthy figure before.
    errors = {at: 0 for at in times if at < began} | dict.fromkeys(range(began, now + HOUR_S, STEP_S), BREACH)
    gauges = {
        f"healthy_{name}": openmetrics(f"healthy_{name}", dict.fromkeys(times, value))
        for name, value in HEALTHY.items()
    }
    write_samples(folder, gauges | {"errors": openmetrics("errors", errors)})
    bot.environment["NABAT_PLAN_FILE"] = str(_plan_file(folder, staging.script(endless=endless)))
    with prometheus(folder) as url:
        bot.environment["NABAT_PROMETHEUS_URL"] = url
        try:
            yield Watched(url, staging, bot)
        finally:
            for pid in staging.runs:
                _end(pid)


def _plan_file(folder: Path, script: list[str]) -> Path:
    plan: dict[str, Any] = yaml.safe_load((files("bot.plans") / BUILT_IN).read_text(encoding="utf-8"))
    plan["rollback"]["check_every"] = "1s"
    plan["actions"]["rollback"] = {"title": "Rollback", "run": script, "authority": "on_call"}
    for name, metric in plan["metrics"].items():
        metric["query"] = f"healthy_{name}"
    plan["metrics"]["error_rate"]["query"] = "errors"
    path = folder / "plan.yaml"
    path.write_text(yaml.safe_dump(plan), encoding="utf-8")
    return path


def _end(pid: int) -> None:
    """A run that outlived its bot is the test's to end; one that has ended is a process no more."""
    command = Path(f"/proc/{pid}/cmdline")
    if command.exists() and b"sleep" in command.read_bytes():
        os.kill(pid, 9)
