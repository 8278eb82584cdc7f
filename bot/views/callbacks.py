"""What a button carries: 1 to 64 bytes (Bot API, InlineKeyboardButton.callback_data), versioned and forgeable.

`1:ack:INC-7` is the version, the verb and its fields. The data says what was pressed and nothing of who may press it:
every press is authorised anew. Severities and roles travel as their index in the plan that the incident keeps.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from bot.domain.review_events import Documentation, LessonKind
from bot.views.checklist_presses import (
    AskForResolution,
    ChecklistPress,
    ResolutionPress,
    ResolutionQuestion,
    ResolveNow,
    ShowChecklist,
    TickItem,
)
from bot.views.crew_presses import AskRole, HandRole, LeaveRole, OnCrew, ShowRoles, StillOnIt, TakeRole
from bot.views.panel_presses import AnswerAspect, AskAspect, OnAssessment, SetFlag, ShowAssessment
from bot.views.review_presses import (
    AskForReview,
    CloseReview,
    DocumentForm,
    ReviewPress,
    ReviewQuestion,
    SettleItem,
    ShowDocument,
    SortLesson,
    TickDocumentation,
)
from bot.views.verbs import Verb

VERSION = "1"
DATA_LIMIT_BYTES = 64

_INCIDENT = re.compile(r"[A-Z]{1,8}-[1-9][0-9]{0,8}")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,5}")


class Panel(StrEnum):
    """A part of an incident that opens from its card."""

    CHARTS = "charts"
    GATHER = "gather"
    ASSESS = "assess"
    ROLES = "roles"
    SILENCE = "silence"
    CHECKLIST = "checklist"
    RUNBOOK = "runbook"
    ROLLBACK = "rollback"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Ack:
    """I have it."""

    incident: str


@dataclass(frozen=True, slots=True)
class EscalateTo:
    """Escalate to a role by its index in the plan; None: the next authority."""

    incident: str
    role: int | None


@dataclass(frozen=True, slots=True)
class AskSeverity:
    """Show the severities."""

    incident: str


@dataclass(frozen=True, slots=True)
class ChooseSeverity:
    """Change to a severity by its index in the plan; `seen` is the one that the presser saw."""

    incident: str
    severity: int
    seen: int


@dataclass(frozen=True, slots=True)
class ConfirmSeverity:
    """Yes, the milder severity."""

    incident: str
    severity: int
    seen: int


@dataclass(frozen=True, slots=True)
class Cancel:
    """Back to the plain card."""

    incident: str


@dataclass(frozen=True, slots=True)
class AskUpdate:
    """Ask me for the text of an update."""

    incident: str


@dataclass(frozen=True, slots=True)
class Snooze:
    """Ask for the update later, by so many minutes."""

    incident: str
    minutes: int


@dataclass(frozen=True, slots=True)
class ExplainSnooze:
    """Why the update waits: one of the ready reasons, by its index."""

    incident: str
    reason: int


@dataclass(frozen=True, slots=True)
class Resolve:
    """It is over."""

    incident: str


@dataclass(frozen=True, slots=True)
class Reopen:
    """It is not over."""

    incident: str


@dataclass(frozen=True, slots=True)
class OpenIncident:
    """Show me this one."""

    incident: str


@dataclass(frozen=True, slots=True)
class PickFor:
    """The command that was ambiguous means this one; its arguments are in the message that this answers."""

    verb: Verb
    incident: str


@dataclass(frozen=True, slots=True)
class OpenPanel:
    """Open a part of the incident."""

    incident: str
    panel: Panel


@dataclass(frozen=True, slots=True)
class ShowChart:
    """A chart of one metric by its index, or of those that matter; over a range by its index; None: no incident's."""

    incident: str | None
    metric: int | None
    span: int


@dataclass(frozen=True, slots=True)
class ShowRunbook:
    """Another runbook in the place of this one, by its index in the plan."""

    incident: str
    runbook: int


@dataclass(frozen=True, slots=True)
class TickStep:
    """A step of a runbook is done (1), or is not (0); both by their index in the plan."""

    incident: str
    runbook: int
    step: int
    done: int


@dataclass(frozen=True, slots=True)
class ShowLogs:
    """Run a log action, by its index among the plan's actions."""

    incident: str
    action: int


@dataclass(frozen=True, slots=True)
class AskAction:
    """Ask whether to run an action, by its index in the plan that the incident keeps."""

    incident: str
    action: int


@dataclass(frozen=True, slots=True)
class AskSilence:
    """Show what a silence of so many minutes would mute."""

    incident: str
    minutes: int


@dataclass(frozen=True, slots=True)
class ConfirmSilence:
    """Yes, for so many minutes; `seen` tells whether it still mutes what the presser saw."""

    incident: str
    minutes: int
    seen: int


@dataclass(frozen=True, slots=True)
class EndSilence:
    """Let the alerts be heard again."""

    incident: str


@dataclass(frozen=True, slots=True)
class ShowList:
    """A page of the open incidents, 0 the first; of one severity by its index, or of all."""

    page: int
    severity: int | None


@dataclass(frozen=True, slots=True)
class ShowTimeline:
    """A page of an incident's timeline, 0 the newest; None: all of it as a file."""

    incident: str
    page: int | None


@dataclass(frozen=True, slots=True)
class Approve:
    """Yes to a decision, by its number."""

    incident: str
    decision: int


@dataclass(frozen=True, slots=True)
class Reject:
    """No to a decision, by its number."""

    incident: str
    decision: int


@dataclass(frozen=True, slots=True)
class RunAction:
    """Yes, run an action by its index in the plan; `seen` is how many runs there were when it was asked."""

    incident: str
    action: int
    seen: int


@dataclass(frozen=True, slots=True)
class ApproveDraft:
    """Yes to a draft, by its number; `seen` is how often it had been changed when it was shown."""

    incident: str
    draft: int
    seen: int


@dataclass(frozen=True, slots=True)
class DiscardDraft:
    """No to a draft."""

    incident: str
    draft: int


@dataclass(frozen=True, slots=True)
class DraftSent:
    """An approved text was sent by hand."""

    incident: str
    draft: int


Order = (
    Ack
    | EscalateTo
    | ChooseSeverity
    | ConfirmSeverity
    | Snooze
    | ExplainSnooze
    | Resolve
    | Reopen
    | Approve
    | Reject
    | RunAction
)
"""Presses that ask for a change."""
View = AskSeverity | Cancel | AskUpdate | OpenIncident | OpenPanel
"""Presses that make something visible, and change nothing."""
Lookup = ShowRunbook | TickStep | ShowLogs | AskAction | AskSilence | ConfirmSilence | EndSilence
"""Presses on what was opened from a card: runbooks, logs, actions and silences."""
OfDraft = ApproveDraft | DiscardDraft | DraftSent
"""Presses under a draft for the outside."""
OfIncident = OfDraft | Order | View | Lookup | ReviewPress | OnAssessment | OnCrew | ChecklistPress | ResolutionPress
Press = OfIncident | PickFor | ShowList | ShowChart | ShowTimeline

NAMED: dict[str, type[Press]] = {
    "ack": Ack,
    "esc": EscalateTo,
    "sev?": AskSeverity,
    "sev": ChooseSeverity,
    "sev!": ConfirmSeverity,
    "back": Cancel,
    "upd?": AskUpdate,
    "later": Snooze,
    "why": ExplainSnooze,
    "end": Resolve,
    "again": Reopen,
    "open": OpenIncident,
    "pick": PickFor,
    "panel": OpenPanel,
    "list": ShowList,
    "chart": ShowChart,
    "told": ShowTimeline,
    "book": ShowRunbook,
    "tick": TickStep,
    "logs": ShowLogs,
    "run?": AskAction,
    "mute?": AskSilence,
    "mute!": ConfirmSilence,
    "unmute": EndSilence,
    "check": TickItem,
    "checks": ShowChecklist,
    "tell?": AskForResolution,
    "end!": ResolveNow,
    "rev?": AskForReview,
    "lesson": SortLesson,
    "item": SettleItem,
    "docs": TickDocumentation,
    "rev!": CloseReview,
    "file": ShowDocument,
    "ask": AskAspect,
    "know": AnswerAspect,
    "known": ShowAssessment,
    "flag": SetFlag,
    "roles": ShowRoles,
    "take": TakeRole,
    "role?": AskRole,
    "role": HandRole,
    "leave": LeaveRole,
    "here": StillOnIt,
    "yes": Approve,
    "no": Reject,
    "run!": RunAction,
    "out": ApproveDraft,
    "drop": DiscardDraft,
    "sent": DraftSent,
}
_NAMES = {press: verb for verb, press in NAMED.items()}


def data_of(press: Press) -> str:
    """The callback data of a press.

    Raises:
        ValueError: it would not fit 64 bytes or would not be read back: an incident's id is not one of ours.
    """
    written = (_written(getattr(press, field.name)) for field in fields(press))
    data = ":".join((VERSION, _NAMES[type(press)], *written))
    if parse(data) != press:
        raise ValueError(f"{press!r} can't be carried by a button")
    return data


def parse(data: str) -> Press | None:
    """What was pressed; None for data of another version, or forged."""
    if len(data.encode(errors="replace")) > DATA_LIMIT_BYTES:
        return None
    version, *rest = data.split(":")
    press = NAMED.get(rest[0]) if rest else None
    if version != VERSION or press is None or len(fields(press)) != len(rest) - 1:
        return None
    try:
        values = [_READERS[str(field.type)](value) for field, value in zip(fields(press), rest[1:], strict=True)]
    except ValueError:
        return None
    return press(*values)


def _written(value: object) -> str:
    return "-" if value is None else str(value)


def _incident(value: str) -> str:
    if _INCIDENT.fullmatch(value) is None:
        raise ValueError(f"{value!r} is not an id")
    return value


def _incident_or_none(value: str) -> str | None:
    return None if value == "-" else _incident(value)


def _number(value: str) -> int:
    if _NUMBER.fullmatch(value) is None:
        raise ValueError(f"{value!r} is not a number")
    return int(value)


def _number_or_none(value: str) -> int | None:
    return None if value == "-" else _number(value)


# A field's type decides how it is read, so that a new press needs no reader of its own.
_READERS: dict[str, Callable[[str], Any]] = {
    str(str): _incident,
    str(str | None): _incident_or_none,
    str(int): _number,
    str(int | None): _number_or_none,
    str(Verb): Verb,
    str(Panel): Panel,
    str(ResolutionQuestion): ResolutionQuestion,
    str(ReviewQuestion): ReviewQuestion,
    str(LessonKind): LessonKind,
    str(Documentation): Documentation,
    str(DocumentForm): DocumentForm,
}
