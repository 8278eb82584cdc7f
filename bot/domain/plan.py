"""The incident process as data: what a plan file may say.

Every model is frozen and strict: an unknown key is a mistake, and every key that came after the first release has a
default, so that an old plan stays valid. Cross-checks between parts live in `bot.domain.plan_checks`.
"""

from datetime import date, time, timedelta
from enum import StrEnum
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

from bot.domain.durations import Duration, parse_duration, parse_timedelta, written


def _zone(name: object) -> ZoneInfo:
    if isinstance(name, ZoneInfo):
        return name
    try:
        return ZoneInfo(str(name))
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(f"{name!r} is not a time zone: write one like UTC or Europe/Moscow") from error


AnyDuration = Annotated[
    Duration, BeforeValidator(parse_duration), PlainSerializer(written), Field(json_schema_extra={"type": "string"})
]
ClockDuration = Annotated[timedelta, BeforeValidator(parse_timedelta), PlainSerializer(written)]
Zone = Annotated[ZoneInfo, BeforeValidator(_zone), PlainSerializer(str)]
Name = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9_.\- ]*$")]
Text = Annotated[str, Field(min_length=1, max_length=500)]


class Part(BaseModel):
    """A piece of a plan: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Weekday(StrEnum):
    """A day of the week, as a plan writes it."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


class BusinessHours(Part):
    """Working time, in the plan's time zone."""

    days: tuple[Weekday, ...] = (Weekday.MON, Weekday.TUE, Weekday.WED, Weekday.THU, Weekday.FRI)
    from_: time = Field(time(9), alias="from")
    to: time = time(18)


class NotifyStep(Part):
    """Who is told, and how long after the declaration or the change to this severity."""

    after: AnyDuration
    roles: tuple[Name, ...] = Field(min_length=1)
    unless: Literal["acknowledged"] | None = None


class Severity(Part):
    """One severity: its times, whom it tells, and its cadence of status updates (none: as needed)."""

    alias: Name | None = None
    title: Text
    impact: Text = "Not described"
    examples: tuple[Text, ...] = ()
    respond_within: AnyDuration
    resolve_within: AnyDuration
    update_every: ClockDuration | None = None
    notify: tuple[NotifyStep, ...] = ()
    repeat_every: ClockDuration | None = None
    external: tuple[Name, ...] = ()


class ClassificationRule(Part):
    """Labels (anchored regular expressions) or a metric above or below a bound decide the severity."""

    labels: dict[str, str] = {}
    metric: Name | None = None
    above: float | None = None
    below: float | None = None
    severity: Name


class Classification(Part):
    """How an alert gets its severity; the first rule that matches wins."""

    default: Name
    rules: tuple[ClassificationRule, ...] = ()


class Unit(StrEnum):
    """What a metric's number counts."""

    RATIO = "ratio"
    SECONDS = "seconds"
    BYTES = "bytes"
    PER_SECOND = "per_second"
    COUNT = "count"


class Target(Part):
    """The bound a healthy metric keeps: below or above, in the metric's unit."""

    below: float | None = None
    above: float | None = None


class Metric(Part):
    """A PromQL query that yields one number, with its unit and target."""

    title: Text
    query: Annotated[str, Field(min_length=1, max_length=4000)]
    unit: Unit
    target: Target | None = None


class TriggerMode(StrEnum):
    """What a row of the rollback matrix does: act, ask, or ask loudly."""

    AUTO = "auto"
    MANUAL = "manual"
    IMMEDIATE = "immediate"


class Trigger(Part):
    """A row of the rollback matrix: a metric outside its band for a time, or a flag set on an incident."""

    name: Name
    metric: Name | None = None
    flag: Name | None = None
    above: float | None = None
    below: float | None = None
    up_to: float | None = None
    for_: ClockDuration = Field(timedelta(0), alias="for")
    mode: TriggerMode
    authority: Name


class Rollback(Part):
    """The rollback matrix and its brakes."""

    action: Name
    enabled: bool = True
    cooldown: ClockDuration = timedelta(minutes=30)
    check_every: ClockDuration = timedelta(seconds=15)
    triggers: tuple[Trigger, ...] = ()


class HttpRequest(Part):
    """An action that is a request instead of a command."""

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "POST"
    url: Annotated[str, Field(min_length=1, max_length=2000, pattern=r"^https?://")]
    headers: dict[str, str] = {}
    body: str | None = None


class Action(Part):
    """A command the bot may run, as an argument list without a shell, or an HTTP request in its place."""

    title: Text
    run: tuple[str, ...] | None = None
    http: HttpRequest | None = None
    cwd: str | None = None
    timeout: ClockDuration = timedelta(minutes=5)
    authority: Name


class HealthCheck(Part):
    """An address that answers 2xx within the time when all is well."""

    name: Name
    url: Annotated[str, Field(pattern=r"^https?://", max_length=2000)]
    timeout: ClockDuration = timedelta(seconds=5)


class Runbook(Part):
    """What to do for alerts whose labels match."""

    title: Text
    labels: dict[str, str] = {}
    severities: tuple[Name, ...] = ()
    steps: tuple[Text, ...] = ()
    url: str | None = None
    actions: tuple[Name, ...] = ()


class Verification(Part):
    """How a fix is verified before an incident counts as resolved."""

    watch_for: ClockDuration = timedelta(minutes=30)
    metrics: tuple[Name, ...] = ()
    action: Name | None = None


class Review(Part):
    """When the post-incident review is due, counted from the resolution."""

    due_within: ClockDuration = timedelta(hours=24)


class LaunchDays(Part):
    """Whole days in the plan's time zone, both included."""

    from_: date = Field(alias="from")
    to: date


class WeeklyReview(Part):
    """Weekday and time of the weekly review, in the plan's time zone."""

    day: Weekday
    at: time


class Beta(Part):
    """The stricter rules of a beta launch; of two cadences the stricter always wins."""

    launch: LaunchDays | None = None
    phase: ClockDuration = timedelta(days=14)
    respond_within: ClockDuration = timedelta(minutes=5)
    health_check_every: ClockDuration = timedelta(hours=1)
    digest_every: ClockDuration = timedelta(hours=1)
    escalate_to: tuple[Name, ...] = ()
    daily_review_at: time | None = None
    weekly_review: WeeklyReview | None = None


class ChecklistItem(Part):
    """A line of a checklist; `ticked_by` names what ticks it by itself."""

    id: Name
    text: Text
    ticked_by: Name | None = None


class Checklists(Part):
    """What must have been done during an incident and after it."""

    during: tuple[ChecklistItem, ...] = ()
    after: tuple[ChecklistItem, ...] = ()


class Updates(Part):
    """How a missed status update is chased: when it counts as overdue, and what a snooze is worth."""

    overdue_after: ClockDuration = timedelta(minutes=5)
    snooze: ClockDuration = timedelta(minutes=10)


class Alerts(Part):
    """Firing again within `reopen_within` of its resolution reopens an incident; later opens a linked new one."""

    reopen_within: ClockDuration = timedelta(minutes=30)


class Plan(Part):
    """A whole incident process; `bot.domain.plan_checks` holds its parts together."""

    name: Name
    version: str = Field(min_length=1, max_length=32)
    timezone: Zone = ZoneInfo("UTC")
    business_hours: BusinessHours = BusinessHours.model_validate({"from": time(9)})
    roles: tuple[Name, ...] = Field(min_length=1)
    severities: dict[Name, Severity] = Field(min_length=1)
    classification: Classification
    metrics: dict[Name, Metric] = {}
    rollback: Rollback | None = None
    actions: dict[Name, Action] = {}
    health_checks: tuple[HealthCheck, ...] = ()
    runbooks: tuple[Runbook, ...] = ()
    verification: Verification = Verification()
    review: Review = Review()
    beta: Beta = Beta()
    checklists: Checklists = Checklists()
    updates: Updates = Updates()
    alerts: Alerts = Alerts()

    def rank(self, severity: str) -> int:
        """0 for the worst severity, rising as it gets milder: the order in which the plan lists them."""
        return list(self.severities).index(severity)

    def authority(self, role: str) -> int:
        """How much a role may decide: `system` 0, `team` 0, then the plan's roles from 1 upward."""
        return self.roles.index(role) + 1 if role in self.roles else 0
