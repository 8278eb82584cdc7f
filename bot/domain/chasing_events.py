"""Events of the chase after a status update that does not come."""

from typing import Literal

from pydantic import AwareDatetime

from bot.domain.chat_event import ChatEvent


class UpdateEscalated(ChatEvent):
    """An update due at `due` did not come after the holder was pinged either, so `people` of `role` were."""

    kind: Literal["update_escalated"] = "update_escalated"
    due: AwareDatetime
    role: str
    people: tuple[str, ...]


class SnoozeExplained(ChatEvent):
    """Somebody said why the update was put off."""

    kind: Literal["snooze_explained"] = "snooze_explained"
    reason: str
