"""The rollback matrix of the built-in plan: its rows, what is seen of them, and an answer to what they ask."""

from typing import Any

from bot.domain.acting_commands import Breach, Clear, Decide, ObserveTrigger
from bot.domain.plan import Plan
from tests.domain.builders import BUILT_IN, NABAT, Course

assert BUILT_IN.rollback is not None
MATRIX = {each.name: each for each in BUILT_IN.rollback.triggers}
CRITICAL, ELEVATED, PQC, BREACHED = "error-rate-critical", "error-rate-elevated", "pqc-fallback", "security_breach"


def plan_with(**rollback: Any) -> Plan:
    """The built-in plan with another matrix."""
    assert BUILT_IN.rollback is not None
    return BUILT_IN.model_copy(update={"rollback": BUILT_IN.rollback.model_copy(update=rollback)})


def breach(trigger: str, value: float = 0.12) -> ObserveTrigger:
    """A row holds."""
    return ObserveTrigger(NABAT, trigger, Breach(value))


def clear(trigger: str, value: float = 0.01) -> ObserveTrigger:
    """A row's metric is out of its band."""
    return ObserveTrigger(NABAT, trigger, Clear(value))


def decide(course: Course, by: Any, *, approve: bool = True, reason: str = "") -> Decide:
    """An answer to the last decision."""
    return Decide(by, course.incident.acting.decisions[-1].number, approve=approve, reason=reason)


def kinds(course: Course) -> list[str]:
    """The kinds of what happened."""
    return [event.kind for event in course.log]
