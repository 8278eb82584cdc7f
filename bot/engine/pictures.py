"""Pictures that go out by themselves, beside a text that did not wait for them."""

from collections import OrderedDict
from datetime import timedelta

import structlog

from bot.domain.incident import Incident
from bot.domain.plan import Plan, Trigger
from bot.domain.rules import Rules
from bot.engine.charting import Charting, Wanted, bound_of
from bot.views.charts.process import ChartUnavailableError
from bot.views.evidence import RANGES, decision_range
from bot.views.translations import Words

log = structlog.get_logger(__name__)

_KEPT = 8
"""Pictures that were drawn and are about to be sent, of about 100 kB each."""


class Pictures:
    """Draws each picture once, however often delivery asks for it until it is sent."""

    def __init__(self, charting: Charting) -> None:
        self._charting = charting
        self._drawn: OrderedDict[str, bytes] = OrderedDict()

    async def of_decision(self, rules: Rules, incident: Incident, row: Trigger, words: Words) -> bytes | None:
        """The metric that a decision is about, with the row's own bound; None where there is no picture now."""
        if row.metric is None:
            return None
        key = f"{incident.id} {row.name} {incident.acting.values.get(row.name)}"
        if key not in self._drawn:
            over = RANGES[decision_range(row)]
            wanted = Wanted((row.metric,), over, incident, bound_of(row.above, row.below))
            try:
                self._drawn[key] = await self._charting.picture(rules.plan, wanted, words)
            except ChartUnavailableError as error:
                log.info("a decision has no picture", incident=incident.id, trigger=row.name, reason=str(error))
                return None
            self._keep_few()
        return self._drawn[key]

    async def of_digest(
        self, number: int, plan: Plan, names: tuple[str, ...], over: timedelta, words: Words
    ) -> bytes | None:
        """The metrics under the digest of that number, so far back; None where there is no picture now."""
        key = f"digest {number}"
        if key not in self._drawn:
            try:
                self._drawn[key] = await self._charting.picture(plan, Wanted(names, over), words)
            except ChartUnavailableError as error:
                log.info("a digest has no picture", number=number, reason=str(error))
                return None
            self._keep_few()
        return self._drawn[key]

    def _keep_few(self) -> None:
        while len(self._drawn) > _KEPT:
            self._drawn.popitem(last=False)
