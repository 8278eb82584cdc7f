"""Whom the plan and the roster name at a moment, read from their data and the log alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from bot.domain.beta import Period
from bot.domain.events import Event
from bot.domain.rules import Rules
from tests.domain.log_facts import Facts, facts_of


@dataclass(frozen=True)
class Named:
    """What is named at the event of that number, the last of `log`."""

    rules: Rules
    log: tuple[Event, ...]
    now: datetime

    @property
    def event(self) -> Event:
        """The event that the message is about."""
        return self.log[-1]

    @cached_property
    def facts(self) -> Facts:
        """How things stood just before it."""
        return facts_of(self.log[:-1])

    def meant(self, *roles: str) -> set[str]:
        """Everybody on the roster whom one of the roles means."""
        return {person for role in roles for person in self._meant(role)}

    def _meant(self, role: str) -> Iterable[str]:
        people = self.rules.roster.people
        if role == "on_call" and self.rules.duty is not None:
            return (person for person in self.rules.duty.on_call(self.now) if person in people)
        return (person for person, it in people.items() if role in (*it.roles, "team"))

    def within_reach(self, people: Iterable[str]) -> set[str]:
        """Those of `people` who are on the roster, and whom no page has failed to reach."""
        return {person for person in people if person in self.rules.roster.people} - self.facts.lost

    def rung(self, roles: Iterable[str], besides: Iterable[str]) -> set[str]:
        """The people of the first of `roles` that has somebody within reach `besides` those."""
        for role in roles:
            people = self.within_reach(self.meant(role)) - {*besides}
            if people:
                return people
        return set()

    def next_asked(self) -> set[str]:
        """The lowest authority that was not asked yet; after the highest the rest of the team."""
        return self.rung((*self.rules.plan.roles, "team"), self.facts.asked)

    def or_stand_ins(self, people: set[str]) -> set[str]:
        """`people`; where none of them is within reach and nobody has it, the next authority, at last everybody."""
        if self.facts.holder is not None or self.within_reach(people):
            return people
        return people | (self.next_asked() or self.meant("team"))

    def answers_for_it(self) -> set[str]:
        """The holder; where that one is out of reach, the lowest authority that is not."""
        holder = self.within_reach(filter(None, (self.facts.holder,)))
        return holder or self.rung((*self.rules.plan.roles, "team"), ())

    def rank(self, person: str | None) -> int:
        """A person's place among the plan's roles, which rise in authority; 0 without one."""
        member = self.rules.roster.people.get(person or "")
        order = self.rules.plan.roles
        return max((order.index(role) + 1 for role in (member.roles if member else ()) if role in order), default=0)

    def launch_owed(self) -> Period | None:
        """The launch that was on when it began, or began later: what it asks for is owed after a standstill, too."""
        launch = self.rules.beta.last_launch(self.now)
        return launch if launch is not None and launch.covers(max(launch.since, self.facts.since)) else None

    @property
    def approver(self) -> int:
        """The place among the plan's roles, counted from 1, of the one that approves what goes outside."""
        plan = self.rules.plan
        usual = "team_lead" if "team_lead" in plan.roles else plan.roles[-1]
        return plan.roles.index(plan.communication.approved_by or usual) + 1

    def above(self, person: str | None) -> tuple[str, ...]:
        """The roles above a person's, rising."""
        return self.rules.plan.roles[self.rank(person) :]
