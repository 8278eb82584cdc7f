"""What can be asked of an incident about the rollback matrix and about actions."""

from dataclasses import dataclass
from datetime import timedelta

from bot.domain.acting_events import ActionEnding
from bot.domain.actors import Actor


@dataclass(frozen=True, slots=True)
class Flag:
    """Set a flag that rows of the rollback matrix watch."""

    by: Actor
    flag: str


@dataclass(frozen=True, slots=True)
class Breach:
    """A metric has been in a row's band for all of its time; `value` is the reading nearest to being healthy."""

    value: float


@dataclass(frozen=True, slots=True)
class Clear:
    """A metric is outside of a row's band now."""

    value: float


@dataclass(frozen=True, slots=True)
class ObserveTrigger:
    """A metric row of the matrix was looked at."""

    by: Actor
    trigger: str
    observation: Breach | Clear


@dataclass(frozen=True, slots=True)
class ReportUnclear:
    """Whether these rows hold can't be told, for a reason that people can read."""

    by: Actor
    triggers: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class ReportReadable:
    """Whether these rows hold can be told again."""

    by: Actor
    triggers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decide:
    """Yes or no to a decision, known by its number; without a number the oldest that waits is meant."""

    by: Actor
    decision: int | None
    approve: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class StartAction:
    """Run an action of the plan. `seen` is how many runs the confirming person saw: an old button starts no new one."""

    by: Actor
    action: str
    confirmed: bool = False
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class FinishAction:
    """A run ended."""

    by: Actor
    run: int
    ending: ActionEnding
    code: int | None = None
    detail: str = ""
    tail: str = ""
    took: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class LoseAction:
    """Whoever ran it is gone without a word."""

    by: Actor
    run: int


ActingCommand = (
    Flag | ObserveTrigger | ReportUnclear | ReportReadable | Decide | StartAction | FinishAction | LoseAction
)
"""Commands that must know what stands across incidents."""
