"""How the team stands with its beta launch: what was switched, told, looked at and reviewed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from bot.domain.beta import BetaSchedule, Standing, Switches, beta_schedule
from bot.domain.plan import Plan

_NO_CHECKS: Mapping[str, datetime] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class TeamBeta:
    """The launch as the team knows it. `standing` is how it was last told, at `seen_at`, by event number `told`.

    `failing` are the health checks that failed at the last look, and since when. `daily_until` and `weekly_until` are
    where the last reviews ended, `digest_at` where the last digest by the rhythm did. All times are UTC.
    """

    switches: Switches = field(default_factory=Switches)
    standing: Standing = field(default_factory=Standing)
    seen_at: datetime | None = None
    told: int = 0
    health_for: datetime | None = None
    digest_for: datetime | None = None
    digest_at: datetime | None = None
    failing: Mapping[str, datetime] = field(default_factory=lambda: _NO_CHECKS)
    daily_until: datetime | None = None
    weekly_until: datetime | None = None


def known_schedule(plan: Plan, beta: TeamBeta) -> BetaSchedule:
    """When launches and phases are, by the plan and by what people switched."""
    return beta_schedule(plan, beta.switches)
