"""What a button carries: 1 to 64 bytes (Bot API, InlineKeyboardButton.callback_data), versioned and forgeable.

`1:ack:INC-7` is the version, the verb and its fields. The data says what was pressed and nothing of who may press it:
every press is authorised anew. Severities and roles travel as their index in the plan that the incident keeps.
"""

import re
from collections.abc import Callable
from dataclasses import fields
from typing import Any

from bot.domain.review_events import Documentation, LessonKind
from bot.views.action_presses import Approve, AskAction, Reject, RunAction
from bot.views.browsing_presses import PickFor, ShowChart, ShowList, ShowTimeline
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
from bot.views.draft_presses import ApproveDraft, DiscardDraft, DraftSent, OfDraft
from bot.views.incident_presses import (
    Ack,
    AskSeverity,
    AskUpdate,
    Cancel,
    ChooseSeverity,
    ConfirmSeverity,
    EscalateTo,
    ExplainSnooze,
    OpenIncident,
    OpenPanel,
    Panel,
    Reopen,
    Resolve,
    Snooze,
    View,
)
from bot.views.lookup_presses import AskSilence, ConfirmSilence, EndSilence, ShowLogs, ShowRunbook, TickStep
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
from bot.views.storm_presses import AckService, AskToMerge, KeepApart, MergeService, OnStorm, ServiceKey
from bot.views.verbs import Verb

VERSION = "1"
DATA_LIMIT_BYTES = 64

_INCIDENT = re.compile(r"[A-Z]{1,8}-[1-9][0-9]{0,8}")
_SERVICE = re.compile(r"[0-9a-f]{12}")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,5}")

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
Lookup = ShowRunbook | TickStep | ShowLogs | AskAction | AskSilence | ConfirmSilence | EndSilence
"""Presses on what was opened from a card: runbooks, logs, actions and silences."""
OfIncident = OfDraft | Order | View | Lookup | ReviewPress | OnAssessment | OnCrew | ChecklistPress | ResolutionPress
Press = OfIncident | OnStorm | PickFor | ShowList | ShowChart | ShowTimeline

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
    "acks": AckService,
    "one?": AskToMerge,
    "one!": MergeService,
    "apart": KeepApart,
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


def _service(value: str) -> ServiceKey:
    if _SERVICE.fullmatch(value) is None:
        raise ValueError(f"{value!r} stands for no service")
    return ServiceKey(value)


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
    str(ServiceKey): _service,
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
