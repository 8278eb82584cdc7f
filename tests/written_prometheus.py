"""A real Prometheus whose samples the tests write: a past, and where a test wants it also what is still to come."""

import socket
import subprocess
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

import aiohttp
import pytest

from tests.needs import need_program

NO_SCRAPES = "global: {scrape_interval: 1h}\n"
_QUERIES = "prometheus_http_request_duration_seconds_count"
Samples = Mapping[int, float | str]
"""Unix seconds to value."""


def free_port() -> int:
    """A port nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def prometheus(folder: Path, config: str = NO_SCRAPES, port: int | None = None) -> Generator[str]:
    """A Prometheus on the data in a folder, ready to be asked; ended by its pid. Its address."""
    (folder / "prometheus.yml").write_text(config)
    port = port or free_port()
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


async def questions_asked(url: str) -> float:
    """How many instant queries a Prometheus has answered so far: by it one knows that somebody has looked again."""
    async with aiohttp.ClientSession() as http, http.get(f"{url}/metrics") as answer:
        lines = (await answer.text()).splitlines()
    asked = [line for line in lines if line.startswith(_QUERIES) and '"/api/v1/query"' in line]
    return sum(float(line.rpartition(" ")[2]) for line in asked)


def openmetrics(name: str, samples: Samples, labels: str = "") -> str:
    """The lines of one series, in the order of time."""
    return "\n".join(f"{name}{{{labels}}} {value} {at}" for at, value in sorted(samples.items()))


def write_samples(folder: Path, gauges: Mapping[str, str]) -> None:
    """Put gauges into a Prometheus's data before it starts: the metric's name to the lines of its series."""
    texts = [f"# TYPE {name} gauge\n{lines}" for name, lines in gauges.items()]
    (folder / "samples.txt").write_text("\n".join([*texts, "# EOF\n"]))
    paths = (str(folder / "samples.txt"), str(folder / "data"))
    build = [need_program("promtool"), "tsdb", "create-blocks-from", "openmetrics", *paths]
    subprocess.run(build, check=True, capture_output=True)
