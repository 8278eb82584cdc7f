"""Which severity an alert gets."""

import pytest

from bot.domain.classify import classify, labels_match
from bot.domain.plan import Plan
from tests.domain.builders import a_plan, an_alert, the_rules


def a_classification(*rules: dict[str, object]) -> Plan:
    """A plan with three severities and these rules; SEV-3 by default."""
    content = a_plan({"SEV-1": {}, "SEV-2": {}, "SEV-3": {}}).model_dump(mode="json", by_alias=True)
    metrics = {"errors": {"title": "Errors", "query": "x", "unit": "ratio"}}
    return Plan.model_validate(
        content | {"metrics": metrics, "classification": {"default": "SEV-3", "rules": list(rules)}}
    )


@pytest.mark.parametrize(
    ("label", "severity"),
    [
        ("critical", "SEV-1"),
        ("page", "SEV-1"),
        ("Error", "SEV-2"),
        ("P1", "SEV-2"),
        ("warning", "SEV-3"),
        ("info", "SEV-4"),
        ("none of these", "SEV-3"),
        ("noncritical", "SEV-3"),
        ("", "SEV-3"),
    ],
)
def test_the_built_in_plan_reads_the_severity_label(label: str, severity: str) -> None:
    """The label `severity` decides, as a whole word; what it does not name gets the default."""
    assert classify(the_rules(), [an_alert(severity=label)]) == severity


@pytest.mark.parametrize(
    ("readings", "severity"),
    [
        ({}, "SEV-3"),
        ({"error_rate": 0.051}, "SEV-2"),
        ({"error_rate": 0.05}, "SEV-3"),
        ({"latency_p95": 0.501}, "SEV-2"),
        ({"pqc_fallback": 1.0}, "SEV-1"),
        ({"service_up": 0.0}, "SEV-1"),
        ({"service_up": 1.0}, "SEV-3"),
        ({"error_rate": 0.2, "pqc_fallback": 1.0}, "SEV-1"),
    ],
    ids=str,
)
def test_the_built_in_plan_reads_the_metrics(readings: dict[str, float], severity: str) -> None:
    """Without a telling label the measured metrics decide, by the figures of the written plan."""
    assert classify(the_rules(readings=readings), [an_alert()]) == severity
    assert classify(the_rules(readings=readings), []) == severity


def test_the_first_rule_that_fits_wins() -> None:
    """A rule above decides, though one below would say worse."""
    plan = a_classification(
        {"labels": {"job": "canary"}, "severity": "SEV-2"}, {"labels": {"job": ".*"}, "severity": "SEV-1"}
    )
    assert classify(the_rules(plan), [an_alert(job="canary")]) == "SEV-2"


def test_the_worst_alert_decides() -> None:
    """Of several alerts the worst severity counts."""
    alerts = [an_alert("a", severity="info"), an_alert("b", severity="critical"), an_alert("c", severity="high")]
    assert classify(the_rules(), alerts) == "SEV-1"


@pytest.mark.parametrize(("value", "severity"), [(0.9, "SEV-1"), (1.0, "SEV-3"), (1.1, "SEV-3"), (None, "SEV-3")])
def test_a_metric_may_be_too_low(value: float | None, severity: str) -> None:
    """A rule with `below` fits a value under its bound; a metric that could not be read fits nothing."""
    plan = a_classification({"metric": "errors", "below": 1.0, "severity": "SEV-1"})
    readings = {} if value is None else {"errors": value}
    assert classify(the_rules(plan, readings=readings), [an_alert()]) == severity


def test_a_missing_label_is_an_empty_text() -> None:
    """As in Alertmanager, a pattern that fits the empty text fits an alert without the label."""
    assert labels_match({"team": "|web"}, {})
    assert not labels_match({"team": "web"}, {})


def test_every_label_must_fit() -> None:
    """A rule with two labels needs both."""
    wanted = {"job": "web", "env": "prod"}
    assert labels_match(wanted, {"job": "web", "env": "prod", "more": "x"})
    assert not labels_match(wanted, {"job": "web", "env": "test"})


@pytest.mark.timeout(5)
def test_a_storm_is_classified_quickly() -> None:
    """Ten thousand alerts with the same few labels cost as much as their few kinds."""
    alerts = [an_alert(str(number), severity="warning", pod=str(number)) for number in range(10_000)]
    assert classify(the_rules(), [*alerts, an_alert("x", severity="critical")]) == "SEV-1"
