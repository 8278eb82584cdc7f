"""What a decision is made by: the plan that an incident keeps, and the roster as it is now."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.domain.acting import Across
from bot.domain.beta import BetaSchedule
from bot.domain.durations import BusinessDays, Duration
from bot.domain.plan import Plan, Severity
from bot.domain.roster import Roster

A_BUSINESS_DAY = BusinessDays(1)
ON_CALL = "on_call"
TEAM = "team"


class Duty(Protocol):
    """Who is on call at a time."""

    def on_call(self, at: datetime) -> tuple[str, ...]:
        """Keys of the people on call at `at`, the first to be asked first."""
        ...


@dataclass(frozen=True, slots=True)
class Verifiable:
    """What can bear a fix out here: whether there is a Prometheus to ask, and which actions can be run."""

    has_metrics: bool = False
    runnable: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Rules:
    """A plan with a roster. `duty` answers who is on call; without one, everybody with the role on_call is.

    `beta` is when beta launches are on, by the plan of today and by hand; what they demand says the plan.
    """

    plan: Plan
    plan_digest: str
    roster: Roster
    duty: Duty | None = None
    readings: Mapping[str, float] = field(default_factory=dict[str, float])
    across: Across = field(default_factory=Across)
    verifiable: Verifiable = field(default_factory=Verifiable)
    beta: BetaSchedule = field(default_factory=BetaSchedule)

    def severity(self, name: str) -> Severity:
        """The severity of that name; the plan is checked, so it exists."""
        return self.plan.severities[name]

    def owes_updates(self, severity: str) -> bool:
        """Whether status updates are due while an incident has that severity; a name the plan lacks owes none."""
        known = self.plan.severities.get(severity)
        return known is not None and known.update_every is not None

    def holding(self, severity: str) -> tuple[Duration, Duration]:
        """How long a holder may give no sign before they are asked, and how long the question may stay unanswered."""
        written = self.plan.severities[severity]
        ask_after, escalate_after = written.holding.ask_after, written.holding.escalate_after
        if written.update_every is None:
            return ask_after or A_BUSINESS_DAY, escalate_after or A_BUSINESS_DAY
        return ask_after or written.respond_within, escalate_after or self.plan.updates.escalate_after

    def people_with(self, role: str, at: datetime) -> tuple[str, ...]:
        """Whom a role means at a time: for on_call those whose turn it is, else everybody who has it.

        A calendar may name somebody who is not on the roster: nobody can write to them.
        """
        if role == ON_CALL and self.duty is not None:
            return tuple(person for person in self.duty.on_call(at) if person in self.roster.people)
        return self.roster.with_role(role)

    def people_with_any(self, roles: tuple[str, ...], at: datetime) -> tuple[str, ...]:
        """Everybody whom one of the roles means, each once, in the order of the roles."""
        return tuple(dict.fromkeys(person for role in roles for person in self.people_with(role, at)))

    def authority_of(self, person: str) -> int:
        """The highest authority among a person's roles; 0 for somebody with none."""
        member = self.roster.people.get(person)
        return max((self.plan.authority(role) for role in member.roles), default=0) if member else 0

    def milder(self, severity: str, than: str) -> bool:
        """Whether one severity is milder than another: the plan lists the worst first."""
        return self.plan.rank(severity) > self.plan.rank(than)
