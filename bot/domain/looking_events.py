"""Events of what was looked at and done about it: findings, steps of runbooks, silences."""

from typing import Literal

from pydantic import AwareDatetime

from bot.domain.chat_event import ChatEvent


class InformationGathered(ChatEvent):
    """Everything there is to look at was looked at once; `text` is what it said, as it was told."""

    kind: Literal["information_gathered"] = "information_gathered"
    text: str


class RunbookStepTicked(ChatEvent):
    """A step of a runbook was done, or is to be done after all. `step` counts from 0, `text` is how it reads."""

    kind: Literal["runbook_step_ticked"] = "runbook_step_ticked"
    runbook: str
    step: int
    text: str
    done: bool = True


class Silenced(ChatEvent):
    """Alertmanager tells nothing of what matches until `until`: `alerts` that fired when it was made.

    `silence` is its id there, `what` its matchers.
    """

    kind: Literal["silenced"] = "silenced"
    silence: str
    what: str
    until: AwareDatetime
    alerts: int = 0
    reason: str = ""


class Unsilenced(ChatEvent):
    """A silence was ended before its time."""

    kind: Literal["unsilenced"] = "unsilenced"
    silence: str
