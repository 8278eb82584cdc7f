"""Which rules an incident is decided by: the plan it was declared under, and the roster of today."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.domain.beta import BetaSchedule
from bot.domain.plan import Plan, plan_digest
from bot.domain.roster import Roster
from bot.domain.rules import Duty, Rules
from bot.store.store import Store


class Rulebook:
    """Plans by digest. The current one is kept in the store, so that an edit never rewrites a live incident."""

    def __init__(
        self,
        store: Store,
        plan: Plan,
        roster: Roster,
        duty: Duty | None = None,
        read: Callable[[], Mapping[str, float]] = dict[str, float],
        launches: Callable[[], BetaSchedule] = BetaSchedule,
    ) -> None:
        self._store = store
        self._read = read
        self._launches = launches
        self._roster = roster
        self._duty = duty
        self.digest = plan_digest(plan)
        self._rules = {self.digest: Rules(plan, self.digest, roster, duty)}

    @property
    def current(self) -> Rules:
        """The rules of today's plan."""
        return self._known(self.digest)

    @property
    def for_a_declaration(self) -> Rules:
        """The same, with what the metrics read now: by them a new incident is rated."""
        return replace(self.current, readings=self._read())

    async def keep(self) -> None:
        """Store the current plan before any incident refers to it.

        Raises:
            StoreUnavailableError: Redis did not take it.
        """
        await self._store.keep_plan(self.digest, self.current.plan.model_dump_json(by_alias=True))

    async def rules_for(self, digest: str) -> Rules:
        """The rules of the plan with this digest.

        Raises:
            LookupError: the plan is not in the store, so the store's data is damaged.
            StoreUnavailableError: Redis did not answer.
        """
        if digest in self._rules:
            return self._known(digest)
        text = await self._store.plan(digest)
        if text is None:
            raise LookupError(f"plan {digest} is missing from the store; restore a backup")
        self._rules[digest] = Rules(Plan.model_validate_json(text), digest, self._roster, self._duty)
        return self._known(digest)

    def _known(self, digest: str) -> Rules:
        """Made anew only when a launch was switched: every press asks several times."""
        rules, launches = self._rules[digest], self._launches()
        if rules.beta is not launches:
            rules = self._rules[digest] = replace(rules, beta=launches)
        return rules
