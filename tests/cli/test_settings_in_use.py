"""Settings that are well-formed and can't be used here: status 2 and one line that names the setting, no traceback."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.examination import Examination
from tests.cli.test_command_line import Ended, in_a_process

ELSEWHERE = "192.0.2.1"
"""An address for documentation, of no machine (RFC 5737)."""


def mistake(ended: Ended) -> str:
    """The only line of a command that ended with a mistake."""
    assert ended.returncode == 2, ended.stderr
    (line,) = ended.stderr.splitlines()
    assert "; allowed: " in line
    return line


@pytest.fixture
def taken() -> Iterator[str]:
    """A port of 127.0.0.1 that somebody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield str(listening.getsockname()[1])


@pytest.mark.parametrize("command", [("run",), ("backup", "all.backup")])
async def test_a_data_directory_that_can_not_be_made(
    tmp_path: Path, environment: dict[str, str], command: tuple[str, ...]
) -> None:
    """A file in its place is told by every command that needs the data."""
    data = tmp_path / "data"
    data.write_text("")
    line = mistake(await in_a_process(*command, variables=environment, folder=tmp_path))
    assert line.startswith(f"environment: NABAT_DATA_DIR: {data}/redis can't be made or written to (Not a directory)")


async def test_the_line_says_where_the_setting_stands(tmp_path: Path, environment: dict[str, str]) -> None:
    """A directory that `.env` names is told with the line there."""
    (tmp_path / ".env").write_text("# where the data go\nNABAT_DATA_DIR=.env/data\n")
    del environment["NABAT_DATA_DIR"]
    line = mistake(await in_a_process("run", variables=environment, folder=tmp_path))
    assert line.startswith(".env:2: NABAT_DATA_DIR: ")


async def test_a_port_that_is_taken(tmp_path: Path, environment: dict[str, str], taken: str) -> None:
    """Whoever has two bots on one machine reads which setting tells them apart."""
    variables = environment | {"NABAT_HTTP_PORT": taken}
    line = mistake(await in_a_process("run", variables=variables, folder=tmp_path))
    assert line.startswith(f"environment: NABAT_HTTP_PORT: {taken} is taken on 127.0.0.1; allowed: ")


@pytest.mark.parametrize(
    ("host", "wrong"), [(ELSEWHERE, "is no address of this machine"), ("nowhere.invalid", "is not known here")]
)
async def test_a_host_that_is_not_here(tmp_path: Path, environment: dict[str, str], host: str, wrong: str) -> None:
    """An address of another machine, or a name that nobody knows."""
    variables = environment | {"NABAT_HTTP_HOST": host, "NABAT_HTTP_TOKEN": "token"}
    line = mistake(await in_a_process("run", variables=variables, folder=tmp_path))
    assert line.startswith(f"environment: NABAT_HTTP_HOST: {host} {wrong}; allowed: ")


@pytest.mark.parametrize("command", ["demo", "sandbox"])
async def test_a_port_that_was_typed_and_is_taken(tmp_path: Path, taken: str, command: str) -> None:
    """`--port` is no variable, and is named as it was typed."""
    line = mistake(await in_a_process(command, "--port", taken, variables={}, folder=tmp_path))
    assert line == f"command line: --port: {taken} is taken; allowed: a free port; 0 takes any"


@pytest.mark.parametrize("port", ["65536", "-1", "http", "\N{SUPERSCRIPT TWO}"])
async def test_a_port_that_is_none(tmp_path: Path, port: str) -> None:
    """What can be no port is a slip of the fingers, and costs the usage."""
    ended = await in_a_process("demo", f"--port={port}", variables={}, folder=tmp_path)
    assert ended.returncode == 2
    assert ended.stderr.endswith(f"{port} is no port; allowed: 0 to 65535\n")


async def test_the_doctor_tells_a_port_that_is_taken(examination: Examination, taken: str) -> None:
    """It may be the bot itself that runs, so nothing is broken."""
    assert await examination(HTTP_PORT=taken) == 0
    assert f"warning NABAT_HTTP_PORT: {taken} is taken on 127.0.0.1" in examination.of("settings")


async def test_the_doctor_tells_a_host_that_is_not_here(examination: Examination) -> None:
    """No bot can listen there."""
    assert await examination(HTTP_HOST=ELSEWHERE, HTTP_TOKEN="token") == 1  # noqa: S106 - opens nothing
    assert f"BROKEN NABAT_HTTP_HOST: {ELSEWHERE} is no address of this machine" in examination.of("settings")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may look everywhere")
async def test_the_doctor_tells_a_folder_nobody_may_enter(examination: Examination, tmp_path: Path) -> None:
    """A data directory below it is broken, and the doctor goes on."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0)
    assert await examination(DATA_DIR=str(closed / "data")) == 1
    assert "can't be written to" in examination.of("Redis")
    assert "NABAT_DATA_DIR" in examination.of("Redis")
