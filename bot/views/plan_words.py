"""What the built-in plan calls things, in the reader's language; a team's own names stay as they wrote them."""

from bot.views.html import LINE_LIMIT, Piece, text
from bot.views.translations import Words, mark

_METRICS = (
    mark("Error rate"),
    mark("Latency P95"),
    mark("Throughput"),
    mark("Memory usage"),
    mark("Memory usage of its limit"),
    mark("CPU usage"),
    mark("Service availability"),
    mark("Service up"),
    mark("PQC fallback"),
)
_ACTIONS = (
    mark("Rollback"),
    mark("Deployment"),
    mark("Smoke tests"),
    mark("Application logs"),
    mark("Error logs"),
    mark("Security logs"),
)
_SEVERITIES = (mark("Critical"), mark("High"), mark("Medium"), mark("Low"))
_CHECKLISTS = (
    mark("Alert acknowledged"),
    mark("Severity classified"),
    mark("Incident ticket created"),
    mark("Information gathered"),
    mark("Impact assessed"),
    mark("Mitigation actions taken"),
    mark("Stakeholders notified"),
    mark("Status updates posted"),
    mark("Incident resolved"),
    mark("Root cause identified"),
    mark("Fix implemented"),
    mark("Verification completed"),
    mark("Incident review scheduled"),
    mark("Documentation updated"),
    mark("Action items created"),
)
_RUNBOOKS = (
    mark("High error rate"),
    mark("High latency"),
    mark("Service down"),
    mark("Memory exhaustion"),
    mark("Security breach or PQC fallback"),
    mark("Check the health endpoint and the metrics"),
    mark("Read the error logs"),
    mark("Check recent deployments, infrastructure changes and external dependencies"),
    mark("Roll back if a rollback trigger holds"),
    mark("Restart the service if needed"),
    mark("Determine the scope: one node or several, one service or several, which regions"),
    mark("Scale resources if needed"),
    mark("Check external dependencies and recent deployments"),
    mark("Check the health endpoint and the logs"),
    mark("Restart the service"),
    mark("Roll back the last deployment if it does not come up"),
    mark("Look at the memory chart for a leak since the last deployment"),
    mark("Read the security logs"),
    mark("Set the flag with /flag security_breach or /flag pqc_fallback if it is real"),
    mark("Roll back at once"),
)
_RULES = (
    mark("error rate critical"),
    mark("latency critical"),
    mark("service down"),
    mark("error rate elevated"),
    mark("latency elevated"),
    mark("pqc fallback"),
    mark("pqc fallback reported"),
    mark("security breach"),
    mark("memory exhaustion"),
)
_KNOWN = frozenset((*_METRICS, *_ACTIONS, *_SEVERITIES, *_CHECKLISTS, *_RUNBOOKS, *_RULES))


def of_plan(words: Words, written: str, limit: int = LINE_LIMIT) -> Piece:
    """A title or a line of the plan: translated where it is the built-in plan's own."""
    return text(words(written).plain if written in _KNOWN else written, limit)
