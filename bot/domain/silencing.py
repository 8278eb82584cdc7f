"""What a silence for an incident mutes: matchers over the labels that its alerts share, as Alertmanager takes them."""

import re
from dataclasses import dataclass

from bot.domain.incident import Incident

TELLING_LABELS = ("alertname", "service", "job", "namespace", "cluster")
"""Labels that say what is broken and where; those of a single instance or severity would let its siblings through."""
MOST_VALUES = 20
"""A label with more values tells nothing any more, and is left out."""


@dataclass(frozen=True, slots=True)
class Matcher:
    """A label that must have one of these values."""

    name: str
    values: tuple[str, ...]

    @property
    def is_regex(self) -> bool:
        """Whether Alertmanager needs a regular expression for it."""
        return len(self.values) > 1

    @property
    def value(self) -> str:
        """The value, or an expression (RE2, anchored by Alertmanager) for any of them."""
        return "|".join(map(re.escape, self.values)) if self.is_regex else self.values[0]

    @property
    def written(self) -> str:
        r"""As Alertmanager writes it, and takes it as a filter: `alertname="High"`, `service=~"a|b"`."""
        quoted = self.value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'{self.name}{"=~" if self.is_regex else "="}"{quoted}"'


def matchers_for(incident: Incident) -> tuple[Matcher, ...]:
    """What mutes the alerts of an incident: those that fire, or all when none does. None: nothing tells them apart.

    A label that one of the alerts lacks would not match it, and is left out.
    """
    labels = [alert.labels for alert in incident.firing or tuple(incident.alerts.values())]
    found: list[Matcher] = []
    for name in TELLING_LABELS:
        values = dict.fromkeys(each.get(name, "") for each in labels)
        if values and "" not in values and len(values) <= MOST_VALUES:
            found.append(Matcher(name, tuple(values)))
    return tuple(found)
