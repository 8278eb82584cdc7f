"""Which severity an incident gets: the plan's classification, read over labels and measured metrics."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from bot.domain.alerts import Alert
from bot.domain.plan import ClassificationRule
from bot.domain.rules import Rules


def classify(rules: Rules, alerts: Iterable[Alert]) -> str:
    """The worst severity that the classification gives any of the alerts, or what metrics and the default say.

    For each alert the first rule that fits wins. A label rule is an anchored regular expression, and a label that an
    alert lacks is an empty text, as in Alertmanager. A metric that could not be read never fits.
    """
    names = sorted({name for rule in rules.plan.classification.rules for name in rule.labels})
    kinds = {tuple(alert.labels.get(name, "") for name in names) for alert in alerts} or {("",) * len(names)}
    severities = {_first_match(rules, dict(zip(names, kind, strict=True))) for kind in kinds}
    return min(severities, key=rules.plan.rank)


def _first_match(rules: Rules, labels: Mapping[str, str]) -> str:
    classification = rules.plan.classification
    return next(
        (rule.severity for rule in classification.rules if _fits(rule, labels, rules.readings)), classification.default
    )


def _fits(rule: ClassificationRule, labels: Mapping[str, str], readings: Mapping[str, float]) -> bool:
    if rule.metric is None:
        return bool(rule.labels) and labels_match(rule.labels, labels)
    value = readings.get(rule.metric)
    if value is None:
        return False
    return (rule.above is not None and value > rule.above) or (rule.below is not None and value < rule.below)


def labels_match(wanted: Mapping[str, str], labels: Mapping[str, str]) -> bool:
    """Whether every wanted label fits its anchored regular expression."""
    return all(_compiled(pattern).fullmatch(labels.get(name, "")) for name, pattern in wanted.items())


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
