"""Presses on the panel of roles, and on the question to a holder. A role is its place among the roles."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ShowRoles:
    """Who does what."""

    incident: str


@dataclass(frozen=True, slots=True)
class TakeRole:
    """I do this, whoever did it before."""

    incident: str
    role: int


@dataclass(frozen=True, slots=True)
class AskRole:
    """Show whom a role can be handed to."""

    incident: str
    role: int


@dataclass(frozen=True, slots=True)
class HandRole:
    """This person does it; `person` is the number of their key (`bot.views.crew.number_of`)."""

    incident: str
    role: int
    person: int


@dataclass(frozen=True, slots=True)
class LeaveRole:
    """Nobody does it."""

    incident: str
    role: int


@dataclass(frozen=True, slots=True)
class StillOnIt:
    """Yes, I still have the incident in hand."""

    incident: str


OnCrew = ShowRoles | TakeRole | AskRole | HandRole | LeaveRole | StillOnIt
