"""A real Prometheus whose past the tests write, and one that scrapes a service whose figures the tests set."""

import socket
import subprocess
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.needs import need_program

AT = datetime(2026, 1, 11, 12, tzinfo=UTC)
"""The moment around which the written past lies."""


def free_port() -> int:
    """A port nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def prometheus(folder: Path, config: str) -> Generator[str]:
    """A Prometheus on a free port, ready to be asked; ended by its pid."""
    (folder / "prometheus.yml").write_text(config)
    port = free_port()
    command = [
        need_program("prometheus"),
        f"--config.file={folder / 'prometheus.yml'}",
        f"--storage.tsdb.path={folder / 'data'}",
        "--storage.tsdb.retention.time=20y",
        f"--web.listen-address=127.0.0.1:{port}",
    ]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            said: list[str] = []
            for line in process.stderr:
                said.append(line)
                if "Server is ready" in line:
                    break
            else:
                pytest.fail("Prometheus did not start: " + "".join(said[-5:]))
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def series(name: str, values: Mapping[int, float | str], labels: str = "") -> str:
    """OpenMetrics lines of a gauge: seconds before `AT` to value."""
    lines = [
        f"{name}{{{labels}}} {value} {AT.timestamp() - before:.0f}"
        for before, value in sorted(values.items(), reverse=True)
    ]
    return "\n".join(lines)


def every_15s(value: float, since: int = 3600, until: int = 0) -> dict[int, float | str]:
    """A steady value each 15 seconds, from `since` to `until` seconds before `AT`."""
    return dict.fromkeys(range(until, since + 1, 15), value)


PAST = {
    "steady": every_15s(0.12),
    "dipped": {**every_15s(0.12), 150: 0.01},
    "gappy": {**every_15s(0.12, since=3600, until=225), **every_15s(0.12, since=60)},
    "silent": every_15s(0.12, since=3600, until=200),
    "gone": every_15s(0.12, since=7200, until=3600),
    "undefined": every_15s(0.12) | {0: "NaN"},
    "half_undefined": every_15s(0.12) | dict.fromkeys(range(60, 120, 15), "NaN"),
    "infinite": every_15s(0.12) | {0: "+Inf"},
    "rising": {before: 3600.0 - before for before in range(0, 3601, 15)},
}


@pytest.fixture(scope="session")
def written_past(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Prometheus that holds `PAST`, and a metric `pods` of two series."""
    folder = tmp_path_factory.mktemp("prometheus")
    texts = [f"# TYPE {name} gauge\n{series(name, values)}" for name, values in PAST.items()]
    pods = [series("pods", every_15s(number), f'pod="web-{number}",app="web"') for number in (1, 2)]
    (folder / "past.txt").write_text("\n".join([*texts, "# TYPE pods gauge", *pods, "# EOF\n"]))
    build = [
        need_program("promtool"),
        "tsdb",
        "create-blocks-from",
        "openmetrics",
        str(folder / "past.txt"),
        str(folder / "data"),
    ]
    subprocess.run(build, check=True, capture_output=True)
    with prometheus(folder, "global: {scrape_interval: 1h}\n") as url:
        yield url


@pytest.fixture
def start_prometheus() -> Callable[[Path, str], AbstractContextManager[str]]:
    """Starts a Prometheus in a folder, with this configuration."""
    return prometheus
