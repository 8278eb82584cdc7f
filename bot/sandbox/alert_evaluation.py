"""Evaluates the demo's alerting rules once a second, where no Prometheus does it."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.sandbox.alert_rules import ALERT_RULES, AlertRule
from bot.sandbox.alertmanager_standin import PostedAlert
from bot.sandbox.promql import parse
from bot.sandbox.promql_evaluation import Evaluator
from bot.sandbox.promql_syntax import Expression

EVALUATION_INTERVAL = timedelta(seconds=1)
ENDS_AFTER = timedelta(days=1)
"""How far ahead a firing alert's end is put: the demo's clock may be moved by an hour between two evaluations."""


class RuleWatch:
    """One rule: inactive, pending since a moment, or firing since a moment."""

    def __init__(self, rule: AlertRule) -> None:
        self._rule = rule
        self._expression: Expression = parse(rule.expr)
        self._held_since: datetime | None = None
        self._fired_at: datetime | None = None

    def check(self, evaluator: Evaluator, now: datetime) -> PostedAlert | None:
        """The news for Alertmanager: firing, or just resolved; None when there is none."""
        if not evaluator.vector(self._expression, now):
            self._held_since = None
            fired_at, self._fired_at = self._fired_at, None
            return None if fired_at is None else self._alert(fired_at, now)
        self._held_since = self._held_since or now
        if now - self._held_since < self._rule.hold:
            return None
        self._fired_at = self._fired_at or now
        return self._alert(self._fired_at, now + ENDS_AFTER)

    def _alert(self, starts_at: datetime, ends_at: datetime) -> PostedAlert:
        labels = {"alertname": self._rule.name, **self._rule.labels}
        return PostedAlert(labels=labels, annotations=self._rule.annotations, startsAt=starts_at, endsAt=ends_at)


async def evaluate_for_ever(
    evaluator: Evaluator, take: Callable[[Sequence[PostedAlert]], None], now: Callable[[], datetime]
) -> None:
    """Checks every rule once a second until it is cancelled."""
    watches = [RuleWatch(rule) for rule in ALERT_RULES]
    while True:
        at = now()
        news = [watch.check(evaluator, at) for watch in watches]
        take([alert for alert in news if alert])
        await asyncio.sleep(EVALUATION_INTERVAL.total_seconds())
