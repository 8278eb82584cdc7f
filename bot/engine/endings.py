"""How an action ended, as whoever ran it saw it."""

from dataclasses import dataclass
from datetime import timedelta

from bot.engine.output import Output


@dataclass(frozen=True, slots=True)
class Exited:
    """The command ended by itself with this exit status."""

    code: int


@dataclass(frozen=True, slots=True)
class Killed:
    """Somebody ended the command with a signal (its name, such as SIGKILL)."""

    signal: str


@dataclass(frozen=True, slots=True)
class TimedOut:
    """The action was still going after its time limit and was ended."""

    limit: timedelta


@dataclass(frozen=True, slots=True)
class NotStarted:
    """The action never began; the reason is for people."""

    reason: str


@dataclass(frozen=True, slots=True)
class Answered:
    """The HTTP request was answered with this status."""

    status: int


@dataclass(frozen=True, slots=True)
class NotAnswered:
    """The HTTP request was sent, but the connection broke: whether it took effect is not known."""

    reason: str


Ending = Exited | Killed | TimedOut | NotStarted | Answered | NotAnswered


@dataclass(frozen=True, slots=True)
class ActionResult:
    """How an action ended, what it printed, and how long it took."""

    ending: Ending
    output: Output
    took: timedelta

    @property
    def ok(self) -> bool:
        """Exit status 0, or an HTTP status of the 2xx family."""
        match self.ending:
            case Exited(code):
                return code == 0
            case Answered(status):
                return 200 <= status < 300  # noqa: PLR2004 - the 2xx family of HTTP
            case Killed() | TimedOut() | NotStarted() | NotAnswered():
                return False
