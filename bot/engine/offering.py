"""What can be opened from an incident's card: what this installation has, and what fits the incident."""

from dataclasses import dataclass

from bot.domain.incident import Incident
from bot.domain.rules import Rules
from bot.domain.runbooks import addresses, fitting
from bot.views.keyboard import Capabilities


@dataclass(frozen=True, slots=True)
class Offering:
    """Answers for each incident anew. `has_metrics`: there is a Prometheus to ask."""

    has_metrics: bool

    def __call__(self, rules: Rules, incident: Incident) -> Capabilities:
        """What the incident's card offers."""
        return Capabilities(
            charts=self.has_metrics,
            gather=True,
            checklist=bool(rules.plan.checklists.during or rules.plan.checklists.after),
            rollback=rules.plan.rollback is not None,
            runbook=bool(fitting(rules.plan, incident) or addresses(incident)),
        )
