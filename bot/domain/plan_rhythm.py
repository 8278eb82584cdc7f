"""What comes round: working time, updates, reviews, the stricter beta rules, and the checklists."""

from datetime import date, time, timedelta
from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from bot.domain.fields import ClockDuration, Day, Name, Part, PositiveClockDuration, Text, TimeOfDay


class Weekday(StrEnum):
    """A day of the week, as a plan writes it."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


WEEKDAYS = tuple(Weekday)
"""Monday is 0."""


class BusinessHours(Part):
    """Working time, in the plan's time zone: on `days`, from `from` until before `to`."""

    days: tuple[Weekday, ...] = Field(
        (Weekday.MON, Weekday.TUE, Weekday.WED, Weekday.THU, Weekday.FRI), min_length=1, max_length=7
    )
    from_: TimeOfDay = Field(time(9), alias="from")
    to: TimeOfDay = time(18)

    @model_validator(mode="after")
    def _open_before_close(self) -> Self:
        if self.from_ >= self.to:
            raise ValueError("business hours end before they begin; allowed: from earlier than to, within one day")
        return self


class Review(Part):
    """The post-incident review: due and followed up so long after the resolution (written plan, Phase 5).

    `remind_before` it is due, though never sooner than half-way. `severities` are those that get one; absent: all.
    """

    due_within: PositiveClockDuration = timedelta(hours=24)
    remind_before: PositiveClockDuration = timedelta(hours=4)
    follow_up_after: PositiveClockDuration = timedelta(weeks=2)
    severities: tuple[Name, ...] | None = None


class LaunchDays(Part):
    """Whole days in the plan's time zone, both included."""

    from_: Day = Field(alias="from")
    to: Day

    @model_validator(mode="after")
    def _first_before_last(self) -> Self:
        if self.from_ > self.to:
            raise ValueError("the launch ends before it begins; allowed: from on the day of to, or before it")
        return self

    @property
    def length(self) -> timedelta:
        """From the first midnight to the last, in calendar days."""
        return self.to - self.from_ + date.resolution


class WeeklyReview(Part):
    """Weekday and time of the weekly review, in the plan's time zone."""

    day: Weekday
    at: TimeOfDay

    @property
    def weekday(self) -> int:
        """The number of the day; Monday is 0."""
        return WEEKDAYS.index(self.day)


class Beta(Part):
    """The stricter rules of a beta launch; of two cadences the stricter always wins."""

    launch: LaunchDays | None = None
    phase: PositiveClockDuration = timedelta(days=14)
    respond_within: PositiveClockDuration = timedelta(minutes=5)
    health_check_every: PositiveClockDuration = timedelta(hours=1)
    digest_every: PositiveClockDuration = timedelta(hours=1)
    escalate_to: tuple[Name, ...] = ()
    daily_review_at: TimeOfDay | None = None
    weekly_review: WeeklyReview | None = None


class TickedBy(StrEnum):
    """What ticks a line of a checklist by itself; every other line is ticked by a person."""

    ACKNOWLEDGED = "acknowledged"
    """Somebody has it."""
    CLASSIFIED = "classified"
    """It has a severity that a rule or a person gave it."""
    TICKET_CREATED = "ticket_created"
    """The incident itself is the ticket."""
    INFORMATION_GATHERED = "information_gathered"
    """Metrics, health or logs were looked at."""
    IMPACT_ASSESSED = "impact_assessed"
    """The impact is known: in somebody's words, or for users, business and security by an answer each."""
    MITIGATION_TAKEN = "mitigation_taken"
    """An action ran to its end."""
    STAKEHOLDERS_NOTIFIED = "stakeholders_notified"
    """Those outside the response were told."""
    UPDATE_POSTED = "update_posted"
    """A status update was posted."""
    RESOLVED = "resolved"
    """The incident is resolved."""
    CAUSE_FOUND = "cause_found"
    """The root cause is written down."""
    FIX_DESCRIBED = "fix_described"
    """The fix is written down."""
    VERIFIED = "verified"
    """The metrics kept their targets for the time of the verification."""
    REVIEW_SCHEDULED = "review_scheduled"
    """The review has a due date."""
    DOCUMENTATION_UPDATED = "documentation_updated"
    """Somebody said of runbooks, monitoring, alert thresholds and procedures, each, that they are up to date."""
    ACTIONS_CREATED = "actions_created"
    """At least one action item has an owner."""


class ChecklistItem(Part):
    """A line of a checklist; `ticked_by` names what ticks it by itself."""

    id: Name
    text: Text
    ticked_by: TickedBy | None = None


class Checklists(Part):
    """What must have been done during an incident and after it."""

    during: tuple[ChecklistItem, ...] = ()
    after: tuple[ChecklistItem, ...] = ()


class Updates(Part):
    """How a missed status update is chased, and what a snooze is worth.

    `overdue_after` counts from when it fell due to the ping to the holder, `escalate_after` from that ping to the one
    to the next authority.
    """

    overdue_after: ClockDuration = timedelta(minutes=5)
    escalate_after: ClockDuration = timedelta(minutes=10)
    snooze: PositiveClockDuration = timedelta(minutes=10)


class Alerts(Part):
    """Firing again within `reopen_within` of its resolution reopens an incident; later opens a linked new one."""

    reopen_within: ClockDuration = timedelta(minutes=30)
