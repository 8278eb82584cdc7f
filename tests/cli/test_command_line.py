"""The command line from outside: exit statuses, what is printed where, and that nothing secret is."""

import asyncio
import json
import os
import re
import signal
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from bot.__main__ import main
from bot.sandbox.alert_hook import Hook
from bot.sandbox.monitoring import Monitoring, MonitoringKind
from bot.sandbox.server import SandboxServer
from bot.sandbox.service import BreakableService
from bot.sandbox.world import DEMO_TOKEN
from bot.settings import check_plan_file, load_plan
from tests.cli.conftest import ROSTER

ROOT = Path(__file__).parents[2]
BAD_PLANS = ROOT / "tests" / "plans" / "bad"
COMMANDS = ("demo", "run", "check", "plan", "plan check", "plan schema", "backup", "restore", "export", "sandbox")
PATIENCE_S = 30.0


def surroundings(variables: dict[str, str]) -> dict[str, str]:
    """This machine's environment with these NABAT_ variables and no others."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("NABAT_")}
    return inherited | {"PYTHONPATH": str(ROOT)} | variables


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it printed where."""

    returncode: int
    stdout: str
    stderr: str


class Nabat:
    """The command line in this process, in a folder that has no `.env`: starting a process for each takes seconds."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def __call__(self, *arguments: str, variables: dict[str, str] | None = None) -> Ended:
        """A command, run to its end with these variables and no other NABAT_ ones."""
        for name in tuple(os.environ):
            if name.startswith("NABAT_"):
                self._monkeypatch.delenv(name)
        for name, value in (variables or {}).items():
            self._monkeypatch.setenv(name, value)
        try:
            status = main(arguments)
        except SystemExit as ending:  # how argparse ends
            status = ending.code if isinstance(ending.code, int) else 1
        printed = self._capsys.readouterr()
        return Ended(status, printed.out, printed.err)


@pytest.fixture
def nabat(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Nabat:
    """The command line in the test's folder."""
    monkeypatch.chdir(tmp_path)
    return Nabat(monkeypatch, capsys)


async def in_a_process(*arguments: str, variables: dict[str, str], folder: Path) -> Ended:
    """A command as a process of its own, run to its end."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *arguments),
        cwd=folder,
        env=surroundings(variables),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(PATIENCE_S):
        out, errors = await process.communicate()
    return Ended(process.returncode or 0, out.decode(), errors.decode())


@dataclass
class RunningBot:
    """`nabat run` as a process of its own; its log so far, a JSON object a line."""

    process: asyncio.subprocess.Process
    log: list[str] = field(default_factory=list[str])

    @property
    def command_line(self) -> str:
        """What everybody on the machine can read of it (proc(5), cmdline)."""
        return Path(f"/proc/{self.process.pid}/cmdline").read_text().replace("\0", " ")

    async def address(self) -> str:
        """Where its HTTP server listens, from the log."""
        assert self.process.stderr is not None
        async with asyncio.timeout(PATIENCE_S):
            async for line in self.process.stderr:
                self.log.append(line.decode())
                port = json.loads(line).get("port")
                if port:
                    return f"http://127.0.0.1:{port}"
        pytest.fail("the bot ended before it listened: " + "".join(self.log))

    async def stop(self) -> int:
        """SIGTERM; its exit status."""
        self.process.send_signal(signal.SIGTERM)
        assert self.process.stderr is not None
        async with asyncio.timeout(PATIENCE_S):
            self.log.append((await self.process.stderr.read()).decode())
            return await self.process.wait()


@asynccontextmanager
async def running_bot(folder: Path, variables: dict[str, str]) -> AsyncGenerator[RunningBot]:
    """The bot, killed at the end if it still runs."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run"),
        cwd=folder,
        env=surroundings(variables | {"NABAT_LOG_FORMAT": "json"}),
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield RunningBot(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def until_ready(address: str) -> dict[str, str]:
    """What /readyz says once it says 200. Each question is answered before the next: the bot sets the pace."""
    async with asyncio.timeout(PATIENCE_S), aiohttp.ClientSession() as http:
        while True:
            async with http.get(f"{address}/readyz") as answer:
                if answer.status == 200:
                    return await answer.json()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(nabat: Nabat, command: str) -> None:
    """--help prints what the command is for and ends with 0."""
    ended = nabat(*command.split(), "--help")
    assert ended.returncode == 0
    assert f"usage: nabat {command}" in ended.stdout


def test_a_good_plan_is_said_to_be_valid(nabat: Nabat) -> None:
    """`nabat plan check` of the built-in plan ends with 0."""
    built_in = ROOT / "bot" / "plans" / "x0tta6bl4.yaml"
    ended = nabat("plan", "check", str(built_in))
    assert ended.returncode == 0
    assert ended.stderr == ""


def test_a_bad_plan_costs_one_line_a_mistake(nabat: Nabat, tmp_path: Path) -> None:
    """`nabat plan check` of a plan with mistakes prints exactly them and ends with 2."""
    both = tmp_path / "plan.yaml"
    both.write_text((BAD_PLANS / "unknown_key.yaml").read_text() + "nonsense: 1\n")
    mistakes = check_plan_file(both)
    assert len(mistakes) > 1
    ended = nabat("plan", "check", str(both))
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert tuple(ended.stderr.splitlines()) == mistakes


def test_the_schema_is_a_schema_of_plans(nabat: Nabat) -> None:
    """`nabat plan schema` prints a JSON Schema that names every part of the plan and refers to nothing it lacks."""
    ended = nabat("plan", "schema")
    assert ended.returncode == 0
    schema = json.loads(ended.stdout)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert set(load_plan().model_dump(by_alias=True)) == set(schema["properties"])
    definitions = {f"#/$defs/{name}" for name in schema["$defs"]}
    assert _references(schema) <= definitions


def _references(schema: object) -> set[str]:
    """Every $ref in it."""
    return set(re.findall(r'"\$ref": "([^"]+)"', json.dumps(schema)))


def test_running_without_settings_names_what_is_missing(nabat: Nabat) -> None:
    """`nabat run` without a token ends with 2 and the one line that says so."""
    ended = nabat("run")
    assert ended.returncode == 2
    (line,) = ended.stderr.splitlines()
    assert line.startswith("environment: NABAT_TELEGRAM_TOKEN: is missing; allowed: ")


def test_every_mistake_in_the_settings_is_told_at_once(nabat: Nabat) -> None:
    """Three mistakes in the settings are three lines, and a secret that does not fit is not repeated."""
    variables = {"NABAT_TELEGRAM_TOKEN": "no token!", "NABAT_HTTP_PORT": "99999", "NABAT_HTP_HOST": "localhost"}
    ended = nabat("run", variables=variables)
    assert ended.returncode == 2
    assert len(ended.stderr.splitlines()) == 3
    assert "no token!" not in ended.stderr


async def test_a_bad_roster_costs_one_line_a_mistake(tmp_path: Path, environment: dict[str, str]) -> None:
    """`nabat run` with a roster that does not fit the plan ends with 2, with file, line and field of each mistake."""
    spoil(Path(environment["NABAT_ROSTER_FILE"]))
    ended = await in_a_process("run", variables=environment, folder=tmp_path)
    assert ended.returncode == 2
    lines = ended.stderr.splitlines()
    assert len(lines) > 1
    assert all(line.startswith(environment["NABAT_ROSTER_FILE"]) and "; allowed: " in line for line in lines)


def spoil(roster: Path) -> None:
    """Gives a roster an unknown role and an id twice."""
    roster.write_text(roster.read_text().replace("[cto]", "[chief]").replace("telegram: 1005", "telegram: 1001"))


def test_an_unknown_command_is_a_usage_error(nabat: Nabat) -> None:
    """A word that is no command ends with 2 and the usage."""
    ended = nabat("launch")
    assert ended.returncode == 2
    assert "usage: nabat" in ended.stderr


def test_what_was_backed_up_comes_back(nabat: Nabat, tmp_path: Path) -> None:
    """A backup of one store, restored into an empty one, backs up to the same again; the file is its owner's alone."""
    first, second = tmp_path / "first.backup", tmp_path / "second.backup"
    there, elsewhere = {"NABAT_DATA_DIR": str(tmp_path / "a")}, {"NABAT_DATA_DIR": str(tmp_path / "b")}
    assert nabat("backup", str(first), variables=there).returncode == 0
    assert first.stat().st_mode & 0o777 == 0o600
    assert nabat("restore", str(first), variables=elsewhere).returncode == 0
    assert nabat("backup", str(second), variables=elsewhere).returncode == 0
    assert _records(second) == _records(first)


def test_a_file_that_is_no_backup_is_refused(nabat: Nabat, tmp_path: Path) -> None:
    """Restoring something else ends with 1 and a sentence."""
    other = tmp_path / "other"
    other.write_text("hello\n")
    ended = nabat("restore", str(other), variables={"NABAT_DATA_DIR": str(tmp_path / "a")})
    assert ended.returncode == 1
    assert ended.stderr.startswith("nothing was restored: ")


def test_what_cannot_be_exported_is_said(nabat: Nabat, tmp_path: Path) -> None:
    """An incident that does not exist, or a name that is none, ends with 1 and a sentence; no file is left."""
    roster = tmp_path / "roster.yaml"
    roster.write_text(ROSTER)
    variables = {"NABAT_DATA_DIR": str(tmp_path / "a"), "NABAT_ROSTER_FILE": str(roster)}
    for name in ("INC-99", "../etc"):
        ended = nabat("export", name, "-o", str(tmp_path / "out.md"), variables=variables)
        assert ended.returncode == 1
        assert ended.stderr == f"there is no {name}\n"
    assert not list(tmp_path.glob("out*"))
    assert nabat("export", "INC-1", "--format", "pdf", variables=variables).returncode == 2


async def test_the_document_of_an_incident_is_exported(tmp_path: Path, environment: dict[str, str]) -> None:
    """In three forms, to a file or to standard output, from the data that a stopped bot left."""
    async with running_bot(tmp_path, environment) as bot:
        address = await bot.address()
        await until_ready(address)
        async with aiohttp.ClientSession() as http, http.post(f"{address}/api/incidents", json=INCIDENT) as answer:
            assert answer.status in {200, 201}
        assert await bot.stop() == 0
    page = tmp_path / "inc.html"
    ended = await in_a_process(
        "export", "INC-1", "--format", "html", "-o", str(page), variables=environment, folder=tmp_path
    )
    assert ended.returncode == 0, ended.stderr
    assert "<h1>INC-1: Payments fail</h1>" in page.read_text("utf-8")
    ended = await in_a_process("export", "inc-1", "--format", "json", variables=environment, folder=tmp_path)
    assert json.loads(ended.stdout)["incident"]["title"] == "Payments fail"
    ended = await in_a_process("export", "INC-1", variables=environment, folder=tmp_path)
    assert ended.stdout.startswith("# INC-1: Payments fail")
    await _exported_with_its_picture(tmp_path, environment)


async def _exported_with_its_picture(folder: Path, environment: dict[str, str]) -> None:
    """Markdown in a file has the picture of its metrics beside it; on standard output it has the figures alone."""
    async with BreakableService(history=timedelta(minutes=10)).serve() as service:
        hook = Hook("http://127.0.0.1:1/nobody")
        async with Monitoring.start(service, hook, folder / "m", kind=MonitoringKind.STAND_IN) as monitoring:
            variables = environment | {"NABAT_PROMETHEUS_URL": monitoring.prometheus_url}
            target = folder / "inc 1.md"
            written = await in_a_process("export", "INC-1", "-o", str(target), variables=variables, folder=folder)
            assert written.returncode == 0, written.stderr
            printed = await in_a_process("export", "INC-1", variables=variables, folder=folder)
    assert "](inc%201-metrics.png)" in target.read_text("utf-8")
    assert (folder / "inc 1-metrics.png").read_bytes().startswith(b"\x89PNG")
    assert "inc 1-metrics.png" in written.stdout
    assert "| Error rate |" in printed.stdout
    assert "![" not in printed.stdout


def _records(backup: Path) -> list[str]:
    """The lines but for the head, which tells when the backup was made."""
    return backup.read_text().splitlines()[1:]


async def test_incidents_come_back_from_a_backup(tmp_path: Path, environment: dict[str, str]) -> None:
    """An incident declared through the API is in the backup, and after the restore it is there again."""
    backup = tmp_path / "nabat.backup"
    async with running_bot(tmp_path, environment) as bot:
        address = await bot.address()
        await until_ready(address)
        async with aiohttp.ClientSession() as http, http.post(f"{address}/api/incidents", json=INCIDENT) as answer:
            assert answer.status in {200, 201}
        assert await bot.stop() == 0
    ended = await in_a_process("backup", str(backup), variables=environment, folder=tmp_path)
    assert ended.returncode == 0, ended.stderr
    elsewhere = environment | {"NABAT_DATA_DIR": str(tmp_path / "elsewhere")}
    ended = await in_a_process("restore", str(backup), variables=elsewhere, folder=tmp_path)
    assert ended.returncode == 0, ended.stderr
    async with running_bot(tmp_path, elsewhere) as bot:
        address = await bot.address()
        async with aiohttp.ClientSession() as http, http.get(f"{address}/api/incidents/INC-1") as answer:
            assert answer.status == 200
            assert INCIDENT["title"] in await answer.text()


INCIDENT = {"title": "Payments fail", "severity": "SEV-2"}


async def test_the_bot_becomes_ready_and_stops_when_told(tmp_path: Path, environment: dict[str, str]) -> None:
    """`nabat run` listens on a free port that it logs, becomes ready, and ends with 0 soon after SIGTERM."""
    async with running_bot(tmp_path, environment) as bot:
        assert (await until_ready(await bot.address()))["status"] == "ready"
        told_s = time.monotonic()
        assert await bot.stop() == 0
        assert time.monotonic() - told_s < 3


async def test_a_stopped_bot_leaves_no_redis_behind(tmp_path: Path, environment: dict[str, str]) -> None:
    """After the end its embedded Redis is gone, so that the next start finds the data free."""
    async with running_bot(tmp_path, environment) as bot:
        await until_ready(await bot.address())
        await bot.stop()
    async with running_bot(tmp_path, environment) as bot:
        await until_ready(await bot.address())
        assert await bot.stop() == 0


async def test_secrets_are_neither_logged_nor_listed(
    tmp_path: Path, environment: dict[str, str], telegram: SandboxServer
) -> None:
    """With Telegram failing and the log at its most talkative, no secret is in a log line or on the command line."""
    secrets = {"NABAT_HTTP_TOKEN": "http-secret-4711", "NABAT_PAGERDUTY_SECRET": "duty-secret-4712"}
    telegram.faults.fail("getUpdates", 500, "Internal Server Error", times=2)
    telegram.faults.take_then_drop("setMyCommands")
    async with running_bot(tmp_path, environment | secrets | {"NABAT_LOG_LEVEL": "debug"}) as bot:
        await until_ready(await bot.address())
        command_line = bot.command_line
        await bot.stop()
    for secret in (DEMO_TOKEN, *secrets.values()):
        assert secret not in "".join(bot.log)
        assert secret not in command_line
