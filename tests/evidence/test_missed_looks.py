"""What was missed while nobody looked, read from a real Prometheus's history."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.domain.plan import Metric, Target, Unit
from bot.engine.evidence import Evidence
from bot.engine.missed_looks import Missed, look_up
from bot.engine.prometheus import Prometheus
from tests.evidence.conftest import AT

MINUTE = timedelta(minutes=1)


@pytest.fixture
def evidence(written_past: str) -> Iterator[Evidence]:
    """Of the written past."""
    prometheus = Prometheus(written_past)
    yield Evidence(prometheus)
    prometheus.close()


def below(query: str, bound: float) -> Metric:
    """A metric that is to stay below a bound."""
    return Metric(title="Error rate", query=query, unit=Unit.RATIO, target=Target(below=bound))


@pytest.mark.parametrize(
    ("query", "bound", "minutes", "missed"),
    [
        ("steady", 0.2, 10, Missed()),
        ("steady", 0.1, 10, Missed(breach=0.12)),
        ("steady", 0.1, 0.5, Missed()),
        ("gappy", 0.2, 10, Missed(blind=True)),
        ("gappy", 0.1, 10, Missed(breach=0.12, blind=True)),
        ("silent", 0.2, 10, Missed(blind=True)),
        ("gone", 0.2, 10, Missed(blind=True)),
        ("pods", 0.2, 10, Missed(blind=True)),
    ],
)
async def test_what_was_missed(evidence: Evidence, query: str, bound: float, minutes: float, missed: Missed) -> None:
    """A stretch outside of the target that lasted a minute; and whether a part of the time is not known."""
    assert await look_up(evidence, below(query, bound), AT - minutes * MINUTE, AT, MINUTE) == missed


async def test_a_dip_ends_a_stretch(evidence: Evidence) -> None:
    """Back inside of the target for one sample: what follows must last anew."""
    start = AT - timedelta(seconds=195)
    end = AT - timedelta(seconds=100)
    assert await look_up(evidence, below("dipped", 0.1), start, end, MINUTE) == Missed()
