"""Events of the rollback matrix and of actions: what fired, who was asked, who decided, what ran and how it ended.

`trigger` is a row of the matrix by its name. A decision is known by the number of the `TriggerFired` that asked for it,
a run by the number of its `ActionStarted`, counted from 1 within the incident's log.
"""

from enum import StrEnum
from typing import Literal

from bot.domain.chat_event import ChatEvent


class WhyAsked(StrEnum):
    """Why humans decide on a row of the matrix."""

    MODE = "mode"
    """The row is not an automatic one."""
    DISABLED = "disabled"
    """The plan has automatic rollbacks switched off."""
    COOLDOWN = "cooldown"
    """The action ran a short time ago."""


class WhyRefused(StrEnum):
    """Why a press on a decision or an action did nothing."""

    AUTHORITY = "authority"
    """It takes more authority."""
    STRANGER = "stranger"
    """Whoever pressed is not on the roster, or no person at all."""
    OVER = "over"
    """It had been decided, or the breach had ended: an old button, or a forwarded one."""


class ActionEnding(StrEnum):
    """How a run ended."""

    EXITED = "exited"
    """By itself; `code` is the exit status."""
    KILLED = "killed"
    """Somebody ended it with a signal, named in `detail`."""
    TIMED_OUT = "timed_out"
    """It was ended at its time limit."""
    NOT_STARTED = "not_started"
    """It never began, for the reason in `detail`."""
    ANSWERED = "answered"
    """The request was answered; `code` is the HTTP status."""
    NOT_ANSWERED = "not_answered"
    """The request was sent and not answered: whether it took effect is not known."""
    STOPPED = "stopped"
    """The bot was stopped in order, and ended the run."""
    SIMULATED = "simulated"
    """It is a drill: nothing was run."""


class Flagged(ChatEvent):
    """Somebody set a flag that rows of the matrix watch. `raises_to`: the severity that it makes of a milder one."""

    kind: Literal["flagged"] = "flagged"
    flag: str
    raises_to: str | None = None


class TriggerFired(ChatEvent):
    """A row of the matrix holds. With `asks` humans decide, else Nabat acts. `value` is None for a flag.

    `carried_from` is the merged incident whose open question is asked here from now on.
    """

    kind: Literal["trigger_fired"] = "trigger_fired"
    trigger: str
    value: float | None = None
    asks: bool
    why_asks: WhyAsked | None = None
    carried_from: str | None = None


class DecisionRepeated(ChatEvent):
    """Nobody has decided yet, so it was asked again."""

    kind: Literal["decision_repeated"] = "decision_repeated"
    trigger: str
    decision: int


class DecisionApproved(ChatEvent):
    """Somebody with the authority said yes."""

    kind: Literal["decision_approved"] = "decision_approved"
    trigger: str
    decision: int
    reason: str = ""


class DecisionRejected(ChatEvent):
    """Somebody with the authority said no."""

    kind: Literal["decision_rejected"] = "decision_rejected"
    trigger: str
    decision: int
    reason: str = ""


class DecisionRefused(ChatEvent):
    """Somebody pressed a button of a decision, and it did nothing. `role` is what it takes, where that is known."""

    kind: Literal["decision_refused"] = "decision_refused"
    decision: int
    why: WhyRefused
    role: str | None = None


class DecisionExpired(ChatEvent):
    """The breach ended before anybody decided. `value` is what the metric has come to."""

    kind: Literal["decision_expired"] = "decision_expired"
    trigger: str
    decision: int
    value: float | None = None


class TriggerCleared(ChatEvent):
    """The breach behind a row that had fired ended. `value` is what the metric has come to."""

    kind: Literal["trigger_cleared"] = "trigger_cleared"
    trigger: str
    value: float | None = None


class TriggerUnclear(ChatEvent):
    """Whether these rows hold can't be told: humans must look. `reason` is for people."""

    kind: Literal["trigger_unclear"] = "trigger_unclear"
    triggers: tuple[str, ...]
    reason: str


class TriggerReadable(ChatEvent):
    """Whether these rows hold can be told again."""

    kind: Literal["trigger_readable"] = "trigger_readable"
    triggers: tuple[str, ...]


class ActionStarted(ChatEvent):
    """An action of the plan runs from now on: for a row of the matrix, or because a person asked."""

    kind: Literal["action_started"] = "action_started"
    run: int
    action: str
    trigger: str | None = None


class ActionFinished(ChatEvent):
    """A run ended. `tail` is the end of what it printed, masked and bounded."""

    kind: Literal["action_finished"] = "action_finished"
    run: int
    action: str
    ending: ActionEnding
    code: int | None = None
    detail: str = ""
    tail: str = ""
    took_s: float = 0.0


class ActionLost(ChatEvent):
    """The bot died in the middle of a run: nobody knows how it ended. It is not run again by itself."""

    kind: Literal["action_lost"] = "action_lost"
    run: int
    action: str


class ActionRefused(ChatEvent):
    """Somebody without the authority asked for an action."""

    kind: Literal["action_refused"] = "action_refused"
    action: str
    why: WhyRefused
    role: str | None = None
