"""What happened to an incident, as marks of its charts."""

from datetime import timedelta

import pytest

from bot.domain.acting_events import ActionStarted
from bot.domain.commands import Acknowledge, Resolve
from bot.domain.evolving import replay
from bot.views.charts.model import MarkKind
from bot.views.evidence import RANGE_NAMES, decision_range, marks_of
from tests.domain.builders import BUILT_IN
from tests.views.scenes import ANNA, ENGLISH, at, scene

assert BUILT_IN.rollback is not None
ROWS = {row.name: row for row in BUILT_IN.rollback.triggers}


def test_marks_tell_what_happened_and_when() -> None:
    """Declared, acknowledged, each rollback and the end; another action is none of them."""
    it = scene().do(2, Acknowledge(by=ANNA))
    runs = [
        ActionStarted(at=at(number), by=ANNA, run=number, action=action)
        for number, action in ((5, "rollback"), (6, "logs"))
    ]
    it.incident = replay(it.incident.id, runs, it.incident)
    it.do(9, Resolve(by=ANNA))
    marks = marks_of(it.incident, ENGLISH, at(-60), at(60), "rollback")
    assert [(mark.kind, mark.at) for mark in marks] == [
        (MarkKind.DECLARED, at(0)),
        (MarkKind.ACKNOWLEDGED, at(2)),
        (MarkKind.ROLLBACK, at(5)),
        (MarkKind.RESOLVED, at(9)),
    ]
    assert marks_of(it.incident, ENGLISH, at(20), at(60), "rollback") == ()


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        ("error-rate-critical", "15m"),
        ("error-rate-elevated", "1h"),
        ("memory-exhaustion", "1h"),
        ("pqc-fallback", "15m"),
    ],
)
def test_a_decision_shows_twice_the_time_of_its_rule(row: str, shown: str) -> None:
    """What was before the breach is part of the story."""
    assert RANGE_NAMES[decision_range(ROWS[row])] == shown


def test_a_rule_of_days_shows_what_can_be_shown() -> None:
    """The longest range is the last one."""
    assert (
        RANGE_NAMES[decision_range(ROWS["error-rate-critical"].model_copy(update={"for_": timedelta(days=3)}))] == "24h"
    )
