"""Events of whether the holder of an incident is still on it."""

from typing import Literal

from pydantic import AwareDatetime

from bot.domain.chat_event import ChatEvent


class HolderAsked(ChatEvent):
    """The holder gave no sign for a while, and was asked whether they are still on it."""

    kind: Literal["holder_asked"] = "holder_asked"
    person: str


class HolderSilent(ChatEvent):
    """The holder gave no sign since `since` and did not answer either: `people` of `role` are to take it over."""

    kind: Literal["holder_silent"] = "holder_silent"
    person: str
    since: AwareDatetime
    role: str
    people: tuple[str, ...] = ()


class HolderThere(ChatEvent):
    """The holder gave a sign that no other event is; `ended_call`: others had been called in the meantime."""

    kind: Literal["holder_there"] = "holder_there"
    ended_call: bool = False
