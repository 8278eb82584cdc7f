"""Events of the roles inside an incident: who commands, who speaks for it, who writes it down."""

from enum import StrEnum
from typing import Literal

from bot.domain.chat_event import ChatEvent


class IncidentRole(StrEnum):
    """What somebody does for one incident, whatever their role in the plan. Buttons carry the place here."""

    COMMANDER = "commander"
    """Decides, and keeps the whole in view."""
    COMMUNICATIONS = "communications"
    """Tells those who wait."""
    SCRIBE = "scribe"
    """Writes down what happens."""


class RoleGiven(ChatEvent):
    """A role is `person`'s from now on, or nobody's; it was `before`'s, where somebody had it."""

    kind: Literal["role_given"] = "role_given"
    role: IncidentRole
    person: str | None
    before: str | None = None
