"""Incidents to look at: real decisions under the built-in plan, at a time of the tests' choosing."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from bot.domain.actors import Actor, Responder, Source, System
from bot.domain.alerts import Alert, AlertStatus
from bot.domain.commands import Command, Declare, FireTimer
from bot.domain.decide import Decided, decide, open_incident
from bot.domain.events import Event
from bot.domain.incident import Incident
from bot.domain.plan import plan_digest
from bot.domain.roster import Roster
from bot.domain.rules import Rules
from bot.domain.timers import due
from bot.sandbox.entities import Formatted, utf16_length
from bot.sandbox.markup import parse_html
from bot.settings.files import load_plan
from bot.views.html import ENTITY_LIMIT, MESSAGE_LIMIT
from bot.views.rendered import Rendered
from bot.views.translations import Words

NOON = datetime(2026, 1, 20, 12, 0, tzinfo=UTC)
ANNA = Responder(person="anna")
BORIS = Responder(person="boris")
MONITOR = Source(name="alertmanager")
ENGLISH = Words("en", ZoneInfo("UTC"))
RUSSIAN = Words("ru", ZoneInfo("Europe/Moscow"))

ROSTER = Roster.model_validate(
    {
        "people": {
            "anna": {"name": "Anna", "telegram": 1001, "roles": ["on_call"]},
            "boris": {"name": "Boris", "telegram": 1002, "roles": ["team_lead"], "timezone": "Europe/Moscow"},
            "clara": {"name": "Clara", "telegram": 1003, "roles": ["cto"]},
        },
        "chats": {"responders": {"id": -1001001}, "stakeholders": {"id": -1001002}},
    }
)


@cache
def rules() -> Rules:
    """The built-in plan with three people."""
    plan = load_plan()
    return Rules(plan, plan_digest(plan), ROSTER)


def alert(name: str, *, firing: bool = True, **labels: str) -> Alert:
    """An alert that began at noon."""
    status = AlertStatus.FIRING if firing else AlertStatus.RESOLVED
    labels = {"alertname": name, **labels}
    return Alert(fingerprint=name, status=status, labels=labels, summary=name, starts_at=NOON)


@dataclass
class Scene:
    """An incident, the rules it is under, and its log; `do` decides one more command so many minutes after noon."""

    incident: Incident
    rules: Rules
    log: list[Event] = field(default_factory=list["Event"])

    def do(self, minutes: float, command: Command) -> "Scene":
        """Decides a command, which must be taken."""
        decided = decide(self.rules, self.incident, command, at(minutes))
        assert isinstance(decided, Decided), decided
        self.incident = decided.incident
        self.log.extend(decided.events)
        return self

    def wait(self, minutes: float) -> "Scene":
        """Lets every timer fire that falls due by then, each at its time."""
        while ripe := sorted(
            (when, key) for key, when in due(self.rules, self.incident).items() if when <= at(minutes)
        ):
            when, key = ripe[0]
            self.do((when - NOON).total_seconds() / 60, FireTimer(by=System(), key=key))
        return self


def scene(
    severity: str = "SEV-1",
    title: str = "High error rate on payments-api",
    *,
    alerts: tuple[Alert, ...] = (),
    by: Actor = MONITOR,
    number: int = 7,
) -> Scene:
    """An incident declared at noon."""
    under = rules()
    declared = open_incident(
        under, f"INC-{number}", Declare(by=by, title=title, severity=severity, alerts=alerts), NOON
    )
    assert isinstance(declared, Decided)
    return Scene(declared.incident, under, list(declared.events))


def at(minutes: float) -> datetime:
    """So many minutes after noon."""
    return NOON + timedelta(minutes=minutes)


def read(rendered: Rendered) -> Formatted:
    """What Telegram would show: the text is valid HTML and within the limits, or this fails."""
    shown = parse_html(rendered.text)
    assert 0 < utf16_length(shown.text) <= MESSAGE_LIMIT
    assert len(shown.entities) <= ENTITY_LIMIT
    assert shown.text == shown.text.strip()
    return shown


def lines(rendered: Rendered) -> list[str]:
    """The lines of the text as they are read."""
    return read(rendered).text.split("\n")


def labels(rendered: Rendered) -> list[list[str]]:
    """The rows of buttons as they are read."""
    return [[button.label for button in row] for row in rendered.buttons]


def flat(rendered: Rendered) -> str:
    """All labels of the buttons in one text."""
    return " ".join(label for row in labels(rendered) for label in row)
