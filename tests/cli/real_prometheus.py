"""A real Prometheus on a free port, ended by its process id."""

import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.needs import need_program


@contextmanager
def prometheus(folder: Path) -> Generator[str]:
    """A Prometheus that scrapes nothing, ready to be asked. Without the program the test is skipped."""
    (folder / "prometheus.yml").write_text("global: {scrape_interval: 1h}\n")
    command = (
        need_program("prometheus"),
        f"--config.file={folder / 'prometheus.yml'}",
        f"--storage.tsdb.path={folder / 'data'}",
        "--web.listen-address=127.0.0.1:0",
    )
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield f"http://{_address(process)}"
        finally:
            process.terminate()


def _address(process: "subprocess.Popen[str]") -> str:
    """Where it listens, once it is ready, from its log (logfmt)."""
    assert process.stderr is not None
    address, said = "", list[str]()
    for line in process.stderr:
        said.append(line)
        if "Listening on" in line:
            address = line.rpartition("address=")[2].split()[0].strip('"')
        if "Server is ready" in line:
            return address
    pytest.fail("Prometheus did not start: " + "".join(said[-5:]))
