"""PagerDuty's V3 webhook: its signature, and its events as commands."""

import hashlib
import hmac
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr

from bot.domain.actors import Source
from bot.domain.alerts import Alert, AlertStatus
from bot.domain.commands import Acknowledge, ChangeSeverity, Command, Declare, Retitle
from bot.domain.plan import Plan
from bot.domain.roster import Roster
from bot.domain.rulings.alerting import TITLE_LIMIT
from bot.web.outside_text import cut, safe_url

PAGERDUTY = Source(name="pagerduty")
_SIGNATURES = 20
"""Signatures of one request that are looked at; PagerDuty sends two while a secret is being changed."""


def _named(value: object) -> object:
    """PagerDuty sends null for what is not set."""
    return {} if value is None else value


class _Reference(BaseModel):
    model_config = ConfigDict(extra="ignore")
    summary: str = ""


_Named = Annotated[_Reference, BeforeValidator(_named)]


class _Incident(BaseModel):
    model_config = ConfigDict(extra="ignore")

    id: str = Field(min_length=1, max_length=100)
    title: str = ""
    html_url: str = ""
    created_at: AwareDatetime | None = None
    urgency: str | None = None
    service: _Named = _Reference()
    priority: _Named = _Reference()


class _Event(BaseModel):
    model_config = ConfigDict(extra="ignore")

    id: str = Field("", max_length=200)
    event_type: str = Field(max_length=100)
    resource_type: str = ""
    occurred_at: AwareDatetime
    agent: _Named = _Reference()
    data: dict[str, object] = {}


class PagerDutyBody(BaseModel):
    """The body of a V3 webhook (PagerDuty's documentation, "Webhook payload")."""

    model_config = ConfigDict(extra="ignore")
    event: _Event


def signature_fits(body: bytes, header: str, secret: SecretStr) -> bool:
    """Whether one of the `v1=` signatures is the HMAC-SHA256 of the body."""
    wanted = "v1=" + hmac.new(secret.get_secret_value().encode(), body, hashlib.sha256).hexdigest()
    given = [part.strip() for part in header.split(",")[:_SIGNATURES]]
    return any(hmac.compare_digest(part.encode(), wanted.encode()) for part in given)


class PagerDutyNews:
    """What an event of an incident asks for: its alert first, then what else changed."""

    def __init__(self, event: _Event) -> None:
        self._event = event
        self._incident = _Incident.model_validate(event.data)

    @property
    def group(self) -> str:
        """The identity of PagerDuty's incident."""
        return f"pagerduty:{self._incident.id}"

    @property
    def tells_state(self) -> bool:
        """Whether the event says that the incident fires or has ended, and not only something about it."""
        return self._event.event_type in {"incident.triggered", "incident.reopened", "incident.resolved"}

    @property
    def operation(self) -> str | None:
        """PagerDuty repeats an event with the same id when it was not answered in time."""
        return f"pagerduty:{self._event.id}" if self._event.id else None

    def declaration(self, plan: Plan) -> Declare:
        """The incident as an alert of its own group."""
        alert = self._alert()
        return Declare(
            by=PAGERDUTY,
            title=alert.summary,
            severity=severity_of(plan, self._incident.priority.summary),
            alerts=(alert,),
            group=self.group,
            url=alert.url,
        )

    def commands(self, plan: Plan, roster: Roster) -> tuple[Command, ...]:
        """What follows for the incident that carries it; each changes nothing when it is so already."""
        found: list[Command] = []
        if title := cut(self._incident.title, TITLE_LIMIT):
            found.append(Retitle(PAGERDUTY, title))
        severity = severity_of(plan, self._incident.priority.summary)
        if self._event.event_type == "incident.priority_updated" and severity:
            found.append(ChangeSeverity(PAGERDUTY, severity, confirmed=True))
        if self._event.event_type == "incident.acknowledged":
            found.append(Acknowledge(PAGERDUTY, on_behalf_of=_person(roster, self._event.agent.summary)))
        return tuple(found)

    def _alert(self) -> Alert:
        resolved = self._event.event_type == "incident.resolved"
        again = self._event.event_type == "incident.reopened"
        labels = {
            "source": "pagerduty",
            "service": self._incident.service.summary,
            "priority": self._incident.priority.summary,
            "urgency": self._incident.urgency or "",
        }
        started = self._incident.created_at or self._event.occurred_at
        return Alert(
            fingerprint=self._incident.id,
            status=AlertStatus.RESOLVED if resolved else AlertStatus.FIRING,
            labels={name: cut(value, 500) for name, value in labels.items() if value},
            summary=cut(" ".join(self._incident.title.split()), TITLE_LIMIT) or "PagerDuty incident",
            url=safe_url(self._incident.html_url),
            starts_at=self._event.occurred_at if again else started,
            ends_at=self._event.occurred_at if resolved else None,
        )


def severity_of(plan: Plan, priority: str) -> str | None:
    """The severity that a priority names by its own name or its alias (`P1`); None when it names none."""
    wanted = priority.strip().lower()
    if not wanted:
        return None
    named = {name.lower(): name for name in plan.severities}
    aliased = {(severity.alias or name).lower(): name for name, severity in plan.severities.items()}
    return named.get(wanted) or aliased.get(wanted)


def _person(roster: Roster, name: str) -> str:
    wanted = name.strip().lower()
    known = next((key for key, person in roster.people.items() if person.name.lower() == wanted), None)
    return known or f"{cut(name, 60) or 'Somebody'} (PagerDuty)"
