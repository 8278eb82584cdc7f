"""What a beta launch brings to the team: its log keeps it."""

from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from bot.domain.beta import Period
from bot.domain.chat_event import ChatEvent


class BetaSet(ChatEvent):
    """Somebody switched the launch on, by hand: from `since` until `until`."""

    kind: Literal["beta_set"] = "beta_set"
    since: AwareDatetime
    until: AwareDatetime


class BetaStopped(ChatEvent):
    """Somebody ended the launch and the phase at `at`."""

    kind: Literal["beta_stopped"] = "beta_stopped"


class BetaChanged(ChatEvent):
    """How launch and phase stand now, and how they stood when it was last looked at.

    The same on both sides only notes how things stand.
    """

    kind: Literal["beta_changed"] = "beta_changed"
    launch_before: Period | None = None
    phase_before: Period | None = None
    launch: Period | None = None
    phase: Period | None = None

    @property
    def is_news(self) -> bool:
        """Whether there is something to say."""
        return (self.launch_before, self.phase_before) != (self.launch, self.phase)


class _Seen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class CheckSeen(_Seen):
    """What a health check of the plan said; `reason` is empty when all is well."""

    name: str
    ok: bool
    reason: str = ""


class FigureSeen(_Seen):
    """What a metric of the plan measured, in its unit; None where that is not known."""

    metric: str
    value: float | None


class BetaLooked(ChatEvent):
    """The health checks were made, and, for a digest, the metrics read.

    `health_for` and `digest_for` are the times by the launch's rhythm that this stands for; None: not for that.
    `asked`: somebody asked for the digest, whatever the rhythm.
    """

    kind: Literal["beta_looked"] = "beta_looked"
    health_for: AwareDatetime | None = None
    digest_for: AwareDatetime | None = None
    asked: bool = False
    checks: tuple[CheckSeen, ...] = ()
    figures: tuple[FigureSeen, ...] = ()

    @property
    def is_digest(self) -> bool:
        """Whether a digest is sent of it."""
        return self.asked or self.digest_for is not None


class BetaReviewed(ChatEvent):
    """The alerts and incidents from `since` until `until` are due for review: of a day, of a week, or of all the phase.

    `closing`: the phase is over, and this is what it brought.
    """

    kind: Literal["beta_reviewed"] = "beta_reviewed"
    weekly: bool
    closing: bool = False
    since: AwareDatetime
    until: AwareDatetime


BetaEvent = BetaSet | BetaStopped | BetaChanged | BetaLooked | BetaReviewed
