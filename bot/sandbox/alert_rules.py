"""The demo's alerting rules, said once: written out for a real Prometheus, evaluated by the stand-in.

Thresholds and severities are those of `incident-response-plan.md`, "Severity Levels". The windows are short so that a
press in the panel shows within seconds; a production rule would look at minutes.
"""

from dataclasses import dataclass
from datetime import timedelta

import yaml

from bot.sandbox.service import SERVICE_NAME

JOB = "x0tta6bl4"
"""The scrape job that the built-in plan's queries name."""

_ERRORS = 'sum(rate(http_requests_total{code=~"5.."}[5s])) / sum(rate(http_requests_total[5s]))'
_P95 = "histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket[5s])))"


@dataclass(frozen=True, slots=True)
class AlertRule:
    """Fires while `expr` (PromQL) yields something and has done so for `hold`."""

    name: str
    expr: str
    severity: str
    summary: str
    description: str
    hold: timedelta = timedelta(0)

    @property
    def labels(self) -> dict[str, str]:
        """What the rule adds to the alert, without its name."""
        return {"severity": self.severity, "service": SERVICE_NAME}

    @property
    def annotations(self) -> dict[str, str]:
        """For people."""
        return {"summary": self.summary, "description": self.description}


ALERT_RULES = (
    AlertRule(
        "ServiceDown",
        f'max(up{{job="{JOB}"}}) == 0',
        "critical",
        f"{SERVICE_NAME} is down",
        "The service does not answer: the last scrape failed.",
    ),
    AlertRule(
        "PqcFallback",
        "max(pqc_fallback_enabled) > 0",
        "critical",
        f"PQC fallback enabled on {SERVICE_NAME}",
        "Traffic is not protected by post-quantum cryptography. Treat it as a security breach.",
    ),
    AlertRule(
        "HighErrorRate",
        f"{_ERRORS} > 0.05",
        "high",
        f"High error rate on {SERVICE_NAME}",
        "More than 5 % of requests fail.",
    ),
    AlertRule(
        "HighLatency",
        f"{_P95} > 0.5",
        "high",
        f"High latency on {SERVICE_NAME}",
        "One request in twenty takes longer than 500 ms.",
    ),
    # The lower bands wait: on its way up or down a rate passes through them.
    AlertRule(
        "ModerateErrorRate",
        f"({_ERRORS} > 0.01) <= 0.05",
        "warning",
        f"Moderate error rate on {SERVICE_NAME}",
        "Between 1 and 5 % of requests fail.",
        timedelta(seconds=6),
    ),
    AlertRule(
        "ModerateLatency",
        f"({_P95} > 0.2) <= 0.5",
        "warning",
        f"Moderate latency on {SERVICE_NAME}",
        "One request in twenty takes longer than 200 ms.",
        timedelta(seconds=6),
    ),
    AlertRule(
        "HighMemory",
        "max(process_resident_memory_bytes) > 2.4e9",
        "warning",
        f"High memory use on {SERVICE_NAME}",
        "The service holds more than 2.4 GB.",
    ),
)


def rules_file() -> str:
    """The rules as a Prometheus rule file."""
    rules = [
        {
            "alert": rule.name,
            "expr": rule.expr,
            "for": f"{rule.hold.total_seconds():g}s",
            "labels": rule.labels,
            "annotations": rule.annotations,
        }
        for rule in ALERT_RULES
    ]
    return yaml.safe_dump({"groups": [{"name": "demo", "rules": rules}]}, sort_keys=False, allow_unicode=True)
