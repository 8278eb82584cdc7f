"""Gives a Prometheus that has not started yet the service's past, so that no chart begins empty.

Prometheus documentation, "Backfilling from OpenMetrics format": promtool turns text with timestamps into blocks.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from bot.sandbox.alert_rules import JOB
from bot.sandbox.child_process import run_to_end
from bot.sandbox.exposition import families_at
from bot.sandbox.service import BreakableService
from bot.sandbox.traffic import Traffic

STEP = timedelta(seconds=5)
SHORTEST = timedelta(seconds=15)
"""A past shorter than this is not worth a program's start."""
_TEXT_FILE = "past.openmetrics"


async def backfill(promtool: str, service: BreakableService, instance: str, storage: Path, log_file: Path) -> None:
    """Writes blocks from the service's beginning until now.

    Raises:
        ProgramFailedError: promtool refused; the log file says why.
    """
    now = service.now()
    if now - service.traffic.began < SHORTEST:
        return
    text_file = storage.with_name(_TEXT_FILE)
    write_past(text_file, service.traffic, now, instance)
    command = [promtool, "tsdb", "create-blocks-from", "openmetrics", "--quiet", str(text_file), str(storage)]
    await run_to_end(command, log_file)
    text_file.unlink()


def write_past(text_file: Path, traffic: Traffic, until: datetime, instance: str) -> None:
    """Every series, a sample each 5 s, as OpenMetrics text; series of one name stand together, as it wants."""
    lines: dict[str, list[str]] = {}
    for at in _moments(traffic.began, until):
        for name, line in _samples(traffic, at, instance):
            lines.setdefault(name, []).append(line)
    with text_file.open("w", encoding="utf-8") as file:
        for of_name in lines.values():
            file.writelines(of_name)
        _ = file.write("# EOF\n")


def _moments(start: datetime, until: datetime) -> Iterator[datetime]:
    at = start
    while at < until:
        yield at
        at += STEP


def _samples(traffic: Traffic, at: datetime, instance: str) -> Iterator[tuple[str, str]]:
    target = {"job": JOB, "instance": instance}
    down = traffic.set_points_at(at).down
    yield "up", _line("up", target, 0.0 if down else 1.0, at)
    for family in () if down else families_at(traffic, at):
        for sample in family.samples:
            yield sample.name, _line(sample.name, {**target, **sample.labels}, sample.value, at)


def _line(name: str, labels: dict[str, str], value: float, at: datetime) -> str:
    pairs = ",".join(f'{label}="{text}"' for label, text in labels.items())
    return f"{name}{{{pairs}}} {value!r} {at.timestamp():.3f}\n"
