"""An alert, whoever sent it, in one bounded form."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints

Bounded = Annotated[str, StringConstraints(max_length=1000)]


class AlertStatus(StrEnum):
    """Whether the source still sees the problem."""

    FIRING = "firing"
    RESOLVED = "resolved"


class Alert(BaseModel):
    """One alert of a group, known by its fingerprint.

    `starts_at` and `ends_at` are the source's own times, in UTC. Texts are cut when they are taken in.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    fingerprint: Bounded
    status: AlertStatus
    labels: dict[str, str] = {}
    summary: str = ""
    description: str = ""
    url: str | None = None
    runbook_url: str | None = None
    dashboard_url: str | None = None
    starts_at: AwareDatetime
    ends_at: AwareDatetime | None = None

    @property
    def name(self) -> str:
        """What the alert is called: its `alertname`, else its summary."""
        return self.labels.get("alertname") or self.summary or self.fingerprint

    def says_the_same_as(self, other: "Alert | None") -> bool:
        """Whether a repeat brings nothing new: the same status of the same occurrence."""
        return other is not None and self.status is other.status and self.starts_at == other.starts_at


SERVICE_LABELS = ("service", "job", "namespace", "instance")
"""Where sources say what is affected, the most telling first."""


def service_of(labels: Mapping[str, str]) -> str | None:
    """What an alert is about, by the most telling of its labels."""
    return next((labels[name].strip() for name in SERVICE_LABELS if labels.get(name, "").strip()), None)
