"""A real Prometheus whose past the tests write, and one that scrapes a service whose figures the tests set."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.written_prometheus import openmetrics, prometheus, write_samples

AT = datetime(2026, 1, 11, 12, tzinfo=UTC)
"""The moment around which the written past lies."""


def series(name: str, values: Mapping[int, float | str], labels: str = "") -> str:
    """OpenMetrics lines of a gauge: seconds before `AT` to value."""
    at = {int(AT.timestamp()) - before: value for before, value in values.items()}
    return openmetrics(name, at, labels)


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
    pods = [series("pods", every_15s(number), f'pod="web-{number}",app="web"') for number in (1, 2)]
    write_samples(folder, {name: series(name, values) for name, values in PAST.items()} | {"pods": "\n".join(pods)})
    with prometheus(folder) as url:
        yield url


@pytest.fixture
def start_prometheus() -> Callable[[Path, str], AbstractContextManager[str]]:
    """Starts a Prometheus in a folder, with this configuration."""
    return prometheus
