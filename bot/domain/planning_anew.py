"""What is forgotten when all deadlines of an incident are planned anew."""

from datetime import datetime
from typing import TypedDict


class PlannedAnew(TypedDict):
    """Fields of an incident."""

    severity_since: datetime
    update_base: datetime
    steps_done: frozenset[int]
    paged: tuple[str, ...]
    unreachable: frozenset[str]
    last_paged_at: None
    response_overdue_for: None
    resolution_asked_at: None
    reminded_for: None
    overdue_pinged_at: None
    snoozed_until: None


def planned_anew(at: datetime) -> PlannedAnew:
    """Counted from `at`: nobody was told, reminded or asked yet."""
    return {
        "severity_since": at,
        "update_base": at,
        "steps_done": frozenset(),
        "paged": (),
        "unreachable": frozenset(),  # they may have pressed Start since: planned anew means tried anew
        "last_paged_at": None,
        "response_overdue_for": None,
        "resolution_asked_at": None,
        "reminded_for": None,
        "overdue_pinged_at": None,
        "snoozed_until": None,
    }
