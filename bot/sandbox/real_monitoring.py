"""A real Prometheus and a real Alertmanager, as the machine has them, for the breakable service."""

import os
import shutil
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from bot.sandbox.alert_hook import Hook
from bot.sandbox.alert_rules import JOB, rules_file
from bot.sandbox.alertmanager_standin import Timing
from bot.sandbox.backfill import backfill
from bot.sandbox.child_process import child_process, until_ready
from bot.sandbox.service import LOOPBACK, BreakableService

PROMETHEUS = "prometheus"
PROMTOOL = "promtool"
ALERTMANAGERS = ("prometheus-alertmanager", "alertmanager")
"""Debian's name, and the upstream one."""


@dataclass(frozen=True, slots=True)
class Programs:
    """Where the programs are. Without `promtool` the service's history is not there to be asked for."""

    prometheus: str
    alertmanager: str
    promtool: str | None


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where they listen, without a slash at the end."""

    prometheus_url: str
    alertmanager_url: str


def installed() -> Programs | None:
    """Both programs, when both are on PATH."""
    prometheus = shutil.which(PROMETHEUS)
    alertmanager = next(filter(None, map(shutil.which, ALERTMANAGERS)), None)
    return Programs(prometheus, alertmanager, shutil.which(PROMTOOL)) if prometheus and alertmanager else None


@asynccontextmanager
async def real_monitoring(
    programs: Programs, service: BreakableService, hook: Hook, data_dir: Path, timing: Timing
) -> AsyncGenerator[Addresses]:
    """Both run, ready, until the block ends; their files are below `data_dir`.

    Raises:
        ProgramFailedError: one of them did not start.
    """
    data_dir = _made(data_dir)
    alertmanager = f"{LOOPBACK}:{_free_port()}"
    config = _write(data_dir / "alertmanager.yml", _alertmanager_config(hook, data_dir, timing))
    command = [
        programs.alertmanager,
        f"--config.file={config}",
        f"--storage.path={data_dir / 'alertmanager'}",
        f"--web.listen-address={alertmanager}",
        f"--web.external-url=http://{alertmanager}",
        "--cluster.listen-address=",
        "--log.level=warn",
    ]
    log = data_dir / "alertmanager.log"
    async with child_process(command, log) as process:
        await until_ready(process, f"http://{alertmanager}/-/ready", log)
        async with _prometheus(programs, service, alertmanager, data_dir) as prometheus:
            yield Addresses(f"http://{prometheus}", f"http://{alertmanager}")


@asynccontextmanager
async def _prometheus(
    programs: Programs, service: BreakableService, alertmanager: str, data_dir: Path
) -> AsyncGenerator[str]:
    address = f"{LOOPBACK}:{_free_port()}"
    instance = urlsplit(service.url).netloc
    _ = _write(data_dir / "rules.yml", rules_file())
    config = _write(data_dir / "prometheus.yml", _prometheus_config(instance, alertmanager))
    command = [
        programs.prometheus,
        f"--config.file={config}",
        f"--storage.tsdb.path={data_dir / 'prometheus'}",
        f"--web.listen-address={address}",
        f"--web.external-url=http://{address}",
        "--storage.tsdb.retention.time=1d",
        "--log.level=warn",
    ]
    log = data_dir / "prometheus.log"
    if programs.promtool:
        await backfill(programs.promtool, service, instance, data_dir / "prometheus", log)
    async with child_process(command, log) as process:
        await until_ready(process, f"http://{address}/-/ready", log)
        yield address


def _prometheus_config(instance: str, alertmanager: str) -> str:
    return _yaml(
        {
            "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
            "rule_files": ["rules.yml"],
            "alerting": {"alertmanagers": [{"static_configs": [{"targets": [alertmanager]}]}]},
            "scrape_configs": [{"job_name": JOB, "static_configs": [{"targets": [instance]}]}],
        }
    )


def _alertmanager_config(hook: Hook, data_dir: Path, timing: Timing) -> str:
    webhook: dict[str, object] = {"url": hook.url, "send_resolved": True}
    if hook.token:
        path = _write(data_dir / "hook_token", hook.token)
        webhook["http_config"] = {"authorization": {"type": "Bearer", "credentials_file": str(path)}}
    return _yaml(
        {
            "route": {
                "receiver": "nabat",
                "group_by": ["alertname"],
                "group_wait": f"{timing.group_wait.total_seconds() * 1000:.0f}ms",
                "group_interval": f"{timing.group_interval.total_seconds() * 1000:.0f}ms",
                "repeat_interval": f"{timing.repeat_interval.total_seconds() * 1000:.0f}ms",
            },
            "receivers": [{"name": "nabat", "webhook_configs": [webhook]}],
        }
    )


def _made(directory: Path) -> Path:
    """Absolute, as both programs read the paths in their files relative to where those lie."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    return directory.resolve()


def _write(path: Path, text: str) -> Path:
    """Readable by the owner alone from its first byte on: one of these files is a secret."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 - pathlib opens no descriptor
        _ = file.write(text)
    return path


def _free_port() -> int:
    """Free at this moment; neither program can take port 0 and tell which one it got."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def _yaml(config: dict[str, object]) -> str:
    return yaml.safe_dump(config, sort_keys=False)
