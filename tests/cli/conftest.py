"""A sandbox Telegram with the demo's team, and what an operator would have written down for it."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.sandbox.driver import Driver
from bot.sandbox.server import SandboxServer
from bot.sandbox.world import DEMO_TOKEN, RESPONDERS_ID, STAKEHOLDERS_ID, World
from tests.cli.examination import Examination
from tests.written_prometheus import prometheus

ROSTER = f"""\
people:
  anna: {{name: Anna, telegram: 1001, roles: [on_call]}}
  boris: {{name: Boris, telegram: 1002, roles: [team_lead]}}
  clara: {{name: Clara, telegram: 1003, roles: [cto]}}
  eve: {{name: Eve, telegram: 1005}}
chats:
  responders: {{id: {RESPONDERS_ID}}}
  stakeholders: {{id: {STAKEHOLDERS_ID}}}
"""


@pytest.fixture
async def telegram() -> AsyncIterator[SandboxServer]:
    """A sandbox Telegram; of its people only Eve never pressed Start."""
    async with SandboxServer(World.demo(), static_dir=None) as server:
        yield server


@pytest.fixture
def driver(telegram: SandboxServer) -> Driver:
    """Hands and eyes in that Telegram."""
    return Driver(telegram.world)


@pytest.fixture
def environment(telegram: SandboxServer, tmp_path: Path) -> dict[str, str]:
    """The variables of a bot that works in that Telegram, with all its files in the test's folder."""
    roster = tmp_path / "roster.yaml"
    roster.write_text(ROSTER)
    return {
        "NABAT_TELEGRAM_TOKEN": DEMO_TOKEN,
        "NABAT_TELEGRAM_API_URL": telegram.url,
        "NABAT_ROSTER_FILE": str(roster),
        "NABAT_DATA_DIR": str(tmp_path / "data"),
        "NABAT_HTTP_PORT": "0",
    }


@pytest.fixture(scope="session")
def prometheus_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real Prometheus that scrapes nothing."""
    with prometheus(tmp_path_factory.mktemp("prometheus")) as url:
        yield url


@pytest.fixture
def examination(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Examination:
    """An examination of a bot in the sandbox, with an embedded Redis."""
    return Examination(environment, monkeypatch)
