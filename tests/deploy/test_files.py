"""The files that an operator copies: each is read by what will read it, and names only settings that exist."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml

from bot.settings import Settings
from tests.needs import need_program

DEPLOY = Path(__file__).parents[2] / "deploy"
FILES = sorted(path.name for path in DEPLOY.iterdir())
VARIABLE = re.compile(r"\bNABAT_[A-Z_]+")


@pytest.mark.parametrize("name", FILES)
def test_every_setting_that_is_named_exists(name: str) -> None:
    """A variable in a deployment file is one of the settings, or the file of one."""
    known = {f"NABAT_{field.upper()}" for field in Settings.model_fields}
    named = set(VARIABLE.findall((DEPLOY / name).read_text()))
    assert {variable.removesuffix("_FILE") for variable in named} - known - {"NABAT_ROSTER", "NABAT_PLAN"} == set()


def test_alertmanager_takes_the_receiver() -> None:
    """Alertmanager's own checker finds nothing wrong with it."""
    amtool = need_program("amtool")
    checked = subprocess.run(
        [amtool, "check-config", str(DEPLOY / "alertmanager-receiver.yml")], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stderr


def test_the_redis_beside_it_is_durable() -> None:
    """Compose starts Redis as Nabat demands it: every acknowledged write is on disk, and none is evicted."""
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    command = compose["services"]["redis"]["command"]
    assert command[1:] == ["--appendonly", "yes", "--appendfsync", "always", "--maxmemory-policy", "noeviction"]
    assert compose["services"]["nabat"]["environment"]["NABAT_REDIS_URL"] == "redis://redis:6379/0"
