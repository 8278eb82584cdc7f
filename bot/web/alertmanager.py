"""Alertmanager's webhook, version 4, read into one declaration; Grafana's alerting sends nearly the same."""

import hashlib
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from bot.domain.actors import Source
from bot.domain.alerts import Alert, AlertStatus
from bot.domain.commands import Declare
from bot.domain.rulings.alerting import TITLE_LIMIT
from bot.web.outside_text import cut, safe_url

_LABELS = 64
"""Labels of an alert that are kept; Prometheus itself warns beyond about 30."""

_VALUE = 500
_SUMMARY = 300
_DESCRIPTION = 1000
"""Characters kept of a label's value, a summary and a description: more does not fit a card."""

ALERTMANAGER = Source(name="alertmanager")


def _labels(value: object) -> object:
    if not isinstance(value, dict):
        return value
    pairs = list(value.items())[:_LABELS]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType] - pydantic checks the types next
    return {name: cut(text, _VALUE) if isinstance(text, str) else text for name, text in pairs}  # pyright: ignore[reportUnknownVariableType] - as above


def _or_nothing(value: object) -> object:
    return {} if value is None else value


def _or_empty(value: object) -> object:
    return "" if value is None else value


# Go writes null for a map that was never made, and what sits between a sender and Nabat for what it does not know:
# an alert must not be lost over that.
_Labels = Annotated[dict[str, str], BeforeValidator(_labels), BeforeValidator(_or_nothing)]
_Annotations = Annotated[dict[str, str], BeforeValidator(_or_nothing)]
_Text = Annotated[str, BeforeValidator(_or_empty)]


class _AlertBody(BaseModel):
    model_config = ConfigDict(extra="ignore")

    status: Literal["firing", "resolved"]
    labels: _Labels = {}
    annotations: _Annotations = {}
    starts_at: AwareDatetime = Field(alias="startsAt")
    ends_at: AwareDatetime | None = Field(None, alias="endsAt")
    generator_url: _Text = Field("", alias="generatorURL")
    dashboard_url: _Text = Field("", alias="dashboardURL")
    fingerprint: Annotated[_Text, Field(max_length=128)] = ""

    def alert(self) -> Alert:
        resolved = self.status == AlertStatus.RESOLVED
        return Alert.model_construct(
            fingerprint=self.fingerprint or _fingerprint(self.labels),
            status=AlertStatus(self.status),
            labels=self.labels,
            summary=cut(self.annotations.get("summary", ""), _SUMMARY),
            description=cut(self.annotations.get("description") or self.annotations.get("message", ""), _DESCRIPTION),
            url=safe_url(self.generator_url),
            runbook_url=safe_url(self.annotations.get("runbook_url", "")),
            dashboard_url=safe_url(self.annotations.get("dashboard_url") or self.dashboard_url),
            starts_at=self.starts_at,
            ends_at=self.ends_at if resolved and self.ends_at and _is_set(self.ends_at) else None,
        )


class AlertmanagerBody(BaseModel):
    """The body of Alertmanager's webhook (its documentation, "webhook_config")."""

    model_config = ConfigDict(extra="ignore")

    version: str = "4"
    group_key: str = Field(alias="groupKey", min_length=1)
    truncated: int = Field(0, alias="truncatedAlerts", ge=0)
    group_labels: _Labels = Field(default={}, alias="groupLabels")
    common_labels: _Labels = Field(default={}, alias="commonLabels")
    common_annotations: _Annotations = Field(default={}, alias="commonAnnotations")
    external_url: _Text = Field("", alias="externalURL")
    alerts: list[_AlertBody] = Field(min_length=1)

    @property
    def group(self) -> str:
        """The identity of the group: source and group key, in a form of bounded length."""
        return "alertmanager:" + hashlib.sha256(self.group_key.encode()).hexdigest()[:32]

    def declaration(self) -> Declare:
        """The group as a declaration: it opens an incident, or its alerts join the one that is there."""
        alerts = tuple(body.alert() for body in self.alerts)
        first = next((alert for alert in alerts if alert.status is AlertStatus.FIRING), alerts[0])
        return Declare(
            by=ALERTMANAGER,
            title=cut(self._title(first), TITLE_LIMIT),
            description=cut(self.common_annotations.get("description", "") or first.description, _DESCRIPTION),
            alerts=alerts,
            truncated=self.truncated,
            group=self.group,
            url=first.url or safe_url(self.external_url),
        )

    def _title(self, first: Alert) -> str:
        common = self.common_annotations.get("summary") or self.common_labels.get("alertname")
        return " ".join((common or first.summary or first.name).split()) or "Alert without a name"


def _fingerprint(labels: dict[str, str]) -> str:
    joined = "\0".join(f"{name}\0{value}" for name, value in sorted(labels.items()))
    return hashlib.sha256(joined.encode()).hexdigest()[:16]


def _is_set(at: datetime) -> bool:
    """Go's zero time stands for 'not ended'."""
    return at.year > 1
