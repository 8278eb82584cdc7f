"""How bad it is: severities with their times, whom they tell, and how an alert gets one."""

from typing import Literal, Self

from pydantic import Field, model_validator

from bot.domain.fields import (
    AnyDuration,
    LabelMatchers,
    Name,
    Number,
    Part,
    PositiveAnyDuration,
    PositiveClockDuration,
    Text,
)


class NotifyStep(Part):
    """Who is told, and how long after the declaration or the change to this severity."""

    after: AnyDuration
    roles: tuple[Name, ...] = Field(min_length=1)
    unless: Literal["acknowledged"] | None = None


class Holding(Part):
    """How a holder who gives no sign is asked, and when somebody else is called.

    `ask_after` counts from the last thing the holder did in the incident, `escalate_after` from the question. Where the
    severity has a cadence of updates they are `respond_within` and `updates.escalate_after` unless written here, and 1
    business day each where updates come as needed: nobody is woken for those.
    """

    ask_after: PositiveAnyDuration | None = None
    escalate_after: PositiveAnyDuration | None = None


class Severity(Part):
    """One severity: its times, whom it tells, and its cadence of status updates (none: as needed).

    `external` names audiences outside the team in the plan's own words; each is published to by a person.
    """

    alias: Name | None = None
    title: Text
    impact: Text = "Not described"
    examples: tuple[Text, ...] = ()
    respond_within: PositiveAnyDuration
    resolve_within: PositiveAnyDuration
    update_every: PositiveClockDuration | None = None
    notify: tuple[NotifyStep, ...] = ()
    repeat_every: PositiveClockDuration | None = None
    external: tuple[Name, ...] = ()
    holding: Holding = Holding()


class ClassificationRule(Part):
    """Labels (anchored regular expressions), or a metric above or below a bound, decide the severity."""

    labels: LabelMatchers = Field({})
    metric: Name | None = None
    above: Number | None = None
    below: Number | None = None
    severity: Name

    @model_validator(mode="after")
    def _labels_or_metric(self) -> Self:
        if bool(self.labels) == (self.metric is not None):
            raise ValueError("a rule looks at one thing; allowed: either labels, or metric with above or below")
        bounds = (self.above is not None) + (self.below is not None)
        if bounds != (self.metric is not None):
            raise ValueError("the bounds do not fit; allowed: exactly one of above and below, with metric alone")
        return self


class Classification(Part):
    """How an alert gets its severity; the first rule that matches wins.

    `flags`: how bad an incident is at least once somebody has set a flag on it. None (the key is absent) makes the two
    flags of the written plan, `security_breach` and `pqc_fallback`, the worst severity: SEV-1, "Security breach (PQC
    fallback enabled)".
    """

    default: Name
    rules: tuple[ClassificationRule, ...] = ()
    flags: dict[Name, Name] | None = None
