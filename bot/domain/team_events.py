"""What happens to the team rather than to an incident: its log, `TEAM`, is a sequence of these.

As with incidents, an event once released stays readable, and says when (`at`, UTC) and by whom.
"""

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from bot.domain.actors import Actor
from bot.domain.beta_events import BetaChanged, BetaLooked, BetaReviewed, BetaSet, BetaStopped

TEAM_LOG = "TEAM"
"""The name of the log."""


class _TeamEvent(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    at: AwareDatetime
    by: Actor


class OverrideSet(_TeamEvent):
    """Somebody stands in for whoever is on call, from `at` until `until`."""

    kind: Literal["override_set"] = "override_set"
    person: str
    until: AwareDatetime


class OverrideEnded(_TeamEvent):
    """Nobody stands in any more: all overrides end at `at`."""

    kind: Literal["override_ended"] = "override_ended"


class HandedOver(_TeamEvent):
    """`people` are on call now instead of `before`, the first to be asked first.

    The first one of the log, and one with the same people on both sides, only notes how things stand.
    """

    kind: Literal["handed_over"] = "handed_over"
    before: tuple[str, ...]
    people: tuple[str, ...]


class UnreachableNamed(_TeamEvent):
    """The daily look at who can't be written to by the bot: `people`, or nobody."""

    kind: Literal["unreachable_named"] = "unreachable_named"
    people: tuple[str, ...] = ()


class RowsRead(_TeamEvent):
    """Rows of the rollback matrix were read for the first time; of those, `after_all` were told to be unreadable."""

    kind: Literal["rows_read"] = "rows_read"
    rows: tuple[str, ...]
    after_all: tuple[str, ...] = ()


class RowsNeverRead(_TeamEvent):
    """Rows of the rollback matrix can't be read and never could; `reason` is for people."""

    kind: Literal["rows_never_read"] = "rows_never_read"
    rows: tuple[str, ...]
    reason: str


DutyEvent = OverrideSet | OverrideEnded | HandedOver | UnreachableNamed | RowsRead | RowsNeverRead
"""What is said in the same words wherever it is said."""

TeamEvent = Annotated[
    OverrideSet
    | OverrideEnded
    | HandedOver
    | UnreachableNamed
    | RowsRead
    | RowsNeverRead
    | BetaSet
    | BetaStopped
    | BetaChanged
    | BetaLooked
    | BetaReviewed,
    Field(discriminator="kind"),
]
