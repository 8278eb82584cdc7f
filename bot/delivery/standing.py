"""What somebody, or the bot itself, is in a chat and may do there."""

from dataclasses import dataclass
from enum import StrEnum


class Standing(StrEnum):
    """What somebody is in a chat (Bot API, ChatMember)."""

    CREATOR = "creator"
    ADMINISTRATOR = "administrator"
    MEMBER = "member"
    RESTRICTED = "restricted"
    LEFT = "left"
    KICKED = "kicked"


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in a chat; the rights are meaningful for administrators."""

    standing: Standing
    can_pin: bool = False
    can_delete: bool = False
    can_manage_topics: bool = False


@dataclass(frozen=True, slots=True)
class Me:
    """The bot itself."""

    id: int
    username: str
    reads_all: bool
