"""What the deployment files set: the bot would start with it."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.domain.roster import Roster
from bot.domain.roster_checks import check_roster
from bot.settings import EmbeddedRedis, Settings, load_plan, load_settings

DEPLOY = Path(__file__).parents[2] / "deploy"
SECRETS = {"telegram": "123456:ABC-DEF", "http": "bearer", "redis": "redis://:password@redis:6379/0"}
"""By a word of the path that is to hold it."""


def compose_environment() -> dict[str, str]:
    """The variables of the bot's container in compose.yaml, those from outside left empty."""
    environment = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]["nabat"]["environment"]
    return {name: "" if value.startswith("${") else value for name, value in environment.items()}


def kubernetes() -> list[dict[str, Any]]:
    """The documents of kubernetes.yaml."""
    return list(yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text()))


def of_kind(kind: str) -> dict[str, Any]:
    """The one document of that kind."""
    (found,) = [document for document in kubernetes() if document["kind"] == kind]
    return found


def pod() -> dict[str, Any]:
    """The pod that the Deployment makes."""
    return of_kind("Deployment")["spec"]["template"]


def kubernetes_environment() -> dict[str, str]:
    """The variables of the bot's container in kubernetes.yaml."""
    return {variable["name"]: variable["value"] for variable in pod()["spec"]["containers"][0]["env"]}


@pytest.mark.parametrize(
    "environment", [compose_environment(), kubernetes_environment()], ids=["compose", "kubernetes"]
)
def test_the_bot_would_start_with_the_environment(
    environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the secrets in their files the settings are complete, reached from outside, and name a shared Redis."""
    settings = _loaded(environment, tmp_path, monkeypatch)
    assert settings.telegram_token is not None
    assert not settings.is_loopback
    assert settings.http_token is not None
    assert not isinstance(settings.redis, EmbeddedRedis)


def _loaded(environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name, value in environment.items():
        given = value
        if name.startswith("NABAT_") and value.startswith("/run/secrets/"):
            file = tmp_path / name
            file.write_text(next(secret for word, secret in SECRETS.items() if word in value))
            given = str(file)
        monkeypatch.setenv(name, given)
    return load_settings(tmp_path / ".env", needs_telegram=True)


def test_kubernetes_finds_every_secret_and_the_roster_where_the_bot_looks() -> None:
    """Each path in the environment is a key of the Secret or the ConfigMap that is mounted there."""
    mounts = {mount["mountPath"]: mount["name"] for mount in pod()["spec"]["containers"][0]["volumeMounts"]}
    contents = {"secrets": of_kind("Secret")["stringData"], "roster": of_kind("ConfigMap")["data"]}
    paths = [Path(value) for name, value in kubernetes_environment().items() if name.endswith("_FILE")]
    assert len(paths) == 4
    for path in paths:
        assert path.name in contents[mounts[str(path.parent)]]


def test_kubernetes_selects_the_pods_it_makes() -> None:
    """Deployment, Service and disruption budget select by labels that the pods have."""
    labels = pod()["metadata"]["labels"].items()
    selectors = [
        of_kind("Deployment")["spec"]["selector"]["matchLabels"],
        of_kind("PodDisruptionBudget")["spec"]["selector"]["matchLabels"],
        of_kind("Service")["spec"]["selector"],
    ]
    assert all(selector.items() <= labels for selector in selectors)


def test_kubernetes_runs_two_unprivileged_replicas_without_service_links() -> None:
    """Two pods, not root, with the user of the image, and without variables that look like settings."""
    specification = pod()["spec"]
    assert of_kind("Deployment")["spec"]["replicas"] == 2
    assert specification["enableServiceLinks"] is False
    assert specification["securityContext"]["runAsNonRoot"] is True
    assert f"USER {specification['securityContext']['runAsUser']}\n" in (DEPLOY / "Dockerfile").read_text()


def test_the_example_roster_of_kubernetes_fits_the_plan() -> None:
    """What the ConfigMap holds is a roster that the built-in plan accepts."""
    roster = Roster.model_validate(yaml.safe_load(of_kind("ConfigMap")["data"]["roster.yaml"]))
    assert check_roster(roster, load_plan()) == ()


def test_the_image_may_write_its_data() -> None:
    """The data directory belongs to the user of the image before it becomes a volume, which keeps its owner."""
    lines = (DEPLOY / "Dockerfile").read_text()
    made = lines.index("install -d -o nabat -g nabat -m 0700 /var/lib/nabat/data")
    assert made < lines.index("USER ") < lines.index("VOLUME /var/lib/nabat/data")


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    """The checker of systemd finds nothing wrong with it, once program and user are ones that this machine has."""
    checker = shutil.which("systemd-analyze")
    if checker is None:
        pytest.skip("systemd-analyze is not installed: containers have no systemd")
    text = (DEPLOY / "nabat.service").read_text()
    for line, stand_in in (("User=nabat", "User=root"), ("Group=nabat", "Group=root")):
        assert line in text
        text = text.replace(line, stand_in)
    unit = tmp_path / "nabat.service"
    unit.write_text(text.replace("/opt/nabat/.venv/bin/nabat run", "/bin/true"))
    checked = subprocess.run([checker, "verify", "--man=no", str(unit)], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")
