"""What is measured: metrics with their targets, the rollback matrix, and how a fix is verified."""

from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from bot.domain.fields import ClockDuration, Name, Number, Part, PositiveClockDuration, Text


class Unit(StrEnum):
    """What a metric's number counts."""

    RATIO = "ratio"
    SECONDS = "seconds"
    BYTES = "bytes"
    PER_SECOND = "per_second"
    COUNT = "count"


class Target(Part):
    """The bound a healthy metric keeps: below or above, in the metric's unit."""

    below: Number | None = None
    above: Number | None = None

    @model_validator(mode="after")
    def _one_bound(self) -> Self:
        if (self.below is None) == (self.above is None):
            raise ValueError("a target is one bound; allowed: exactly one of below and above")
        return self


class Metric(Part):
    """A PromQL query that yields one number, with its unit and target."""

    title: Text
    query: Annotated[str, StringConstraints(min_length=1, max_length=4000, strip_whitespace=True)]
    unit: Unit
    target: Target | None = None


class TriggerMode(StrEnum):
    """What a row of the rollback matrix does: act, ask, or ask loudly."""

    AUTO = "auto"
    MANUAL = "manual"
    IMMEDIATE = "immediate"


class Trigger(Part):
    """A row of the rollback matrix: a metric outside its band for a time, or a flag set on an incident.

    The band of `above` ends at `up_to`, both in the metric's unit; without `up_to` it has no end.
    """

    name: Name
    metric: Name | None = None
    flag: Name | None = None
    above: Number | None = None
    below: Number | None = None
    up_to: Number | None = None
    for_: ClockDuration = Field(timedelta(0), alias="for")
    mode: TriggerMode
    authority: Name

    @model_validator(mode="after")
    def _metric_or_flag(self) -> Self:
        if (self.metric is None) == (self.flag is None):
            raise ValueError("a trigger watches one thing; allowed: either metric, with a bound, or flag")
        bounds = (self.above is not None) + (self.below is not None)
        if bounds != (self.metric is not None):
            raise ValueError("the bounds do not fit; allowed: exactly one of above and below, with metric alone")
        if self.flag is not None and self.for_:
            raise ValueError("a flag is set or not and takes no time; allowed: for with metric alone")
        return self

    @model_validator(mode="after")
    def _band(self) -> Self:
        if self.up_to is not None and (self.above is None or self.up_to <= self.above):
            raise ValueError("up_to does not end a band; allowed: a number larger than above, with above alone")
        return self


class Rollback(Part):
    """The rollback matrix and its brakes."""

    action: Name
    enabled: bool = True
    cooldown: ClockDuration = timedelta(minutes=30)
    check_every: PositiveClockDuration = timedelta(seconds=15)
    triggers: tuple[Trigger, ...] = ()


class Verification(Part):
    """How a fix is verified before an incident counts as resolved."""

    watch_for: ClockDuration = timedelta(minutes=30)
    metrics: tuple[Name, ...] = ()
    action: Name | None = None
