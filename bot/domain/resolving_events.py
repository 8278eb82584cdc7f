"""Events of the way to the end of an incident: what was wrong, what mended it, and whether that held.

Written plan, Phase 4.
"""

from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from bot.domain.chat_event import ChatEvent
from bot.domain.measures import Verdict


class WhyUnverified(StrEnum):
    """Why something was not verified. It holds up no resolution; it is said."""

    NO_METRICS = "no_metrics"
    """There is no Prometheus to ask."""
    UNREADABLE = "unreadable"
    """It could not be read, for a part of the time at least."""
    NOT_WATCHED = "not_watched"
    """Nabat did not look until the end of the watch."""
    CANNOT_RUN = "cannot_run"
    """It can't be run where Nabat runs."""
    NOT_RUN = "not_run"
    """Nobody with the authority ran it."""
    UNKNOWN_END = "unknown_end"
    """How its run ended is not known."""
    STILL_FIRING = "still_firing"
    """The alert fired before the watch began, and its source has not said that it ended."""
    SIMULATED = "simulated"
    """It is a drill: it was not run."""
    SKIPPED = "skipped"
    """Somebody did not wait for it."""


class Unverified(BaseModel):
    """A metric, an action or an alert by its title, and why it was not verified."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    title: str
    why: WhyUnverified


class WhyBroken(StrEnum):
    """What took an incident back to the response."""

    METRIC = "metric"
    """A metric was outside of its target for the whole of a sample window."""
    ALERT = "alert"
    """An alert fired anew."""
    TRIGGER = "trigger"
    """A row of the rollback matrix fired."""
    ACTION = "action"
    """The action of the verification failed."""
    BY_HAND = "by_hand"
    """Somebody said that it is not over."""


class CauseFound(ChatEvent):
    """The root cause, in a person's words; a later one replaces it."""

    kind: Literal["cause_found"] = "cause_found"
    text: str


class FixDescribed(ChatEvent):
    """The fix that was applied, in a person's words; a later one replaces it."""

    kind: Literal["fix_described"] = "fix_described"
    text: str


class VerificationStarted(ChatEvent):
    """A fix is watched until `until`: these metrics of the plan, and the end of a run of this action.

    `unverified` is what can't be. `reason` is what the resolution will say.
    """

    kind: Literal["verification_started"] = "verification_started"
    until: AwareDatetime
    metrics: tuple[str, ...] = ()
    action: str | None = None
    unverified: tuple[Unverified, ...] = ()
    reason: str = ""


class MetricSeen(ChatEvent):
    """How a metric under watch stands against its target, whenever that changes. `title` is the metric's."""

    kind: Literal["metric_seen"] = "metric_seen"
    metric: str
    title: str
    verdict: Verdict
    value: float | None = None


class VerificationBroken(ChatEvent):
    """It is not over: back to the response. `what` is the title of what broke it, `value` a metric's reading."""

    kind: Literal["verification_broken"] = "verification_broken"
    why: WhyBroken
    what: str = ""
    metric: str | None = None
    value: float | None = None
    reason: str = ""
