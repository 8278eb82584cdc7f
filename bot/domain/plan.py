"""The incident process as data: what a plan file may say.

Every model is frozen and strict: an unknown key is a mistake, and every key that came after the first release has a
default, so that an old plan stays valid. Cross-checks between parts live in `bot.domain.plan_checks`.
"""

import hashlib
import json
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field, StringConstraints

from bot.domain.calendar import Calendar
from bot.domain.fields import AnyDuration, ClockDuration, Name, Part, Text, Zone
from bot.domain.plan_actions import Action, HealthCheck, HttpRequest, Runbook
from bot.domain.plan_communication import Communication
from bot.domain.plan_metrics import Metric, Rollback, Target, Trigger, TriggerMode, Unit, Verification
from bot.domain.plan_rhythm import (
    Alerts,
    Beta,
    BusinessHours,
    ChecklistItem,
    Checklists,
    LaunchDays,
    Review,
    TickedBy,
    Updates,
    Weekday,
    WeeklyReview,
)
from bot.domain.plan_severity import Classification, ClassificationRule, Holding, NotifyStep, Severity

__all__ = [
    "Action",
    "Alerts",
    "AnyDuration",
    "Beta",
    "BusinessHours",
    "ChecklistItem",
    "Checklists",
    "Classification",
    "ClassificationRule",
    "ClockDuration",
    "Communication",
    "HealthCheck",
    "Holding",
    "HttpRequest",
    "LaunchDays",
    "Metric",
    "Name",
    "NotifyStep",
    "Part",
    "Plan",
    "Review",
    "Rollback",
    "Runbook",
    "Severity",
    "Target",
    "Text",
    "TickedBy",
    "Trigger",
    "TriggerMode",
    "Unit",
    "Updates",
    "Verification",
    "Weekday",
    "WeeklyReview",
    "Zone",
    "plan_digest",
]


WORST_BY_DEFAULT = ("security_breach", "pqc_fallback")
"""Flags that mean the worst severity where a plan does not say otherwise (written plan, SEV-1, examples)."""


class Plan(Part):
    """A whole incident process; `bot.domain.plan_checks` holds its parts together."""

    name: Name
    version: Annotated[str, StringConstraints(min_length=1, max_length=32)]
    timezone: Zone = ZoneInfo("UTC")
    business_hours: BusinessHours = BusinessHours.model_validate({})
    roles: tuple[Name, ...] = Field(min_length=1)
    severities: dict[Name, Severity] = Field(min_length=1)
    classification: Classification
    metrics: dict[Name, Metric] = Field({})
    rollback: Rollback | None = None
    actions: dict[Name, Action] = Field({})
    health_checks: tuple[HealthCheck, ...] = ()
    runbooks: tuple[Runbook, ...] = ()
    verification: Verification = Verification()
    review: Review = Review()
    beta: Beta = Beta()
    checklists: Checklists = Checklists()
    updates: Updates = Updates()
    alerts: Alerts = Alerts()
    communication: Communication = Communication.model_validate({})

    def rank(self, severity: str) -> int:
        """0 for the worst severity, rising as it gets milder: the order in which the plan lists them."""
        return list(self.severities).index(severity)

    def authority(self, role: str) -> int:
        """How much a role may decide: `system` 0, `team` 0, then the plan's roles from 1 upward."""
        return self.roles.index(role) + 1 if role in self.roles else 0

    @cached_property
    def flags(self) -> Mapping[str, str | None]:
        """Every flag that can be set on an incident -> how bad that makes it at least; None: as bad as it is.

        Those that the classification names come first, then those that only rows of the rollback matrix watch.
        """
        worst = next(iter(self.severities))
        named = self.classification.flags
        flags: dict[str, str | None] = dict.fromkeys(WORST_BY_DEFAULT, worst) if named is None else {**named}
        for row in self.rollback.triggers if self.rollback else ():
            if row.flag is not None:
                flags.setdefault(row.flag)
        return flags

    @cached_property
    def calendar(self) -> Calendar:
        """How the plan counts business days."""
        hours = self.business_hours
        days = frozenset(list(Weekday).index(day) for day in hours.days)
        return Calendar(timezone=self.timezone, days=days, opens=hours.from_, closes=hours.to)


def plan_digest(plan: Plan) -> str:
    """What an incident keeps of its plan: SHA-256, in hex, of the plan as JSON with sorted keys.

    The order of the severities carries meaning (worst first), so it counts too.
    """
    content = plan.model_dump(mode="json", by_alias=True) | {"severity_order": list(plan.severities)}
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
