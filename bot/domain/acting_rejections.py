"""Why something was refused that was asked of decisions, flags and actions."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UnknownFlag:
    """No row of the rollback matrix watches it."""

    flag: str
    allowed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AlreadyFlagged:
    """The flag is set."""

    flag: str


@dataclass(frozen=True, slots=True)
class NothingToDecide:
    """No decision waits for an answer."""


@dataclass(frozen=True, slots=True)
class DecisionOver:
    """It was decided, or the breach ended."""


@dataclass(frozen=True, slots=True)
class TakesMoreAuthority:
    """Only this role or a higher one may do it."""

    role: str


@dataclass(frozen=True, slots=True)
class UnknownAction:
    """Not in the plan."""

    action: str
    allowed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConfirmAction:
    """An action waits for a confirmation; `seen` is how many runs there were."""

    action: str
    seen: int


@dataclass(frozen=True, slots=True)
class ActionBusy:
    """It runs already, for this incident."""

    action: str
    incident: str


@dataclass(frozen=True, slots=True)
class RunSince:
    """Something ran since the button was shown."""


@dataclass(frozen=True, slots=True)
class NoSuchRun:
    """There is no such run, or it has ended."""


ActingRejection = (
    UnknownFlag
    | AlreadyFlagged
    | NothingToDecide
    | DecisionOver
    | TakesMoreAuthority
    | UnknownAction
    | ConfirmAction
    | ActionBusy
    | RunSince
    | NoSuchRun
)
"""Of decisions and actions."""
