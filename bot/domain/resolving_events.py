"""Events of the way to the end of an incident: what was wrong, and what mended it (written plan, Phase 4)."""

from typing import Literal

from bot.domain.chat_event import ChatEvent


class CauseFound(ChatEvent):
    """The root cause, in a person's words; a later one replaces it."""

    kind: Literal["cause_found"] = "cause_found"
    text: str


class FixDescribed(ChatEvent):
    """The fix that was applied, in a person's words; a later one replaces it."""

    kind: Literal["fix_described"] = "fix_described"
    text: str
