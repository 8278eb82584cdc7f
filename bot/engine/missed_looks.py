"""What a metric did while nobody looked: read from its history once somebody does again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from bot.domain.measures import Verdict, compare
from bot.domain.plan import Metric
from bot.engine.evidence import SUBQUERY_STEP, Evidence
from bot.engine.samples import Unknown, UnknownReason

Point = tuple[float, float]

_WORTH_ANOTHER_TRY = frozenset({UnknownReason.ERROR, UnknownReason.TIMEOUT})


@dataclass(frozen=True, slots=True)
class Missed:
    """What was missed. `breach` is the worst value of a stretch outside of the target that lasted.

    `blind`: for a part of the time nobody can say how it was. `unread`: nobody could be asked; another try may tell.
    """

    breach: float | None = None
    blind: bool = False
    unread: bool = False


async def look_up(evidence: Evidence, metric: Metric, start: datetime, end: datetime, lasting: timedelta) -> Missed:
    """What a metric did from `start` to `end`; a breach counts once it lasted for `lasting`."""
    found = await evidence.read_range(metric, start, end, SUBQUERY_STEP)
    if isinstance(found, Unknown):
        return Missed(blind=True, unread=found.reason in _WORTH_ANOTHER_TRY)
    if len(found) != 1:
        return Missed(blind=True)
    points = [(at, value) for at, value in found[0].points if value is not None]
    bare = 2 * max(SUBQUERY_STEP, (end - start) / max(1, len(found[0].points) - 1))
    return Missed(_breach(metric, points, lasting, bare), _has_hole(points, start, end, bare))


def _breach(metric: Metric, points: Sequence[Point], lasting: timedelta, bare: timedelta) -> float | None:
    """The worst value of the first stretch that lasted."""
    for stretch in _stretches(metric, points, bare):
        if stretch[-1][0] - stretch[0][0] >= lasting.total_seconds():
            values = [value for _, value in stretch]
            return max(values) if metric.target is not None and metric.target.below is not None else min(values)
    return None


def _stretches(metric: Metric, points: Sequence[Point], bare: timedelta) -> Iterator[list[Point]]:
    """Where, without a hole, every value is outside of the target."""
    stretch: list[Point] = []
    for at_s, value in points:
        bad = compare(value, metric.target) is Verdict.BAD
        if stretch and (not bad or at_s - stretch[-1][0] > bare.total_seconds()):
            yield stretch
            stretch = []
        if bad:
            stretch.append((at_s, value))
    if stretch:
        yield stretch


def _has_hole(points: Sequence[Point], start: datetime, end: datetime, bare: timedelta) -> bool:
    known = [start, *(datetime.fromtimestamp(at_s, UTC) for at_s, _ in points), end]
    return any(after - before > bare for before, after in pairwise(known))
