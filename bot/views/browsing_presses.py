"""Presses that leaf through incidents, charts and timelines."""

from dataclasses import dataclass

from bot.views.verbs import Verb


@dataclass(frozen=True, slots=True)
class PickFor:
    """The command that was ambiguous means this one; its arguments are in the message that this answers."""

    verb: Verb
    incident: str


@dataclass(frozen=True, slots=True)
class ShowList:
    """A page of the open incidents, 0 the first; of one severity by its index, or of all."""

    page: int
    severity: int | None


@dataclass(frozen=True, slots=True)
class ShowChart:
    """A chart of one metric by its index, or of those that matter; over a range by its index; None: no incident's."""

    incident: str | None
    metric: int | None
    span: int


@dataclass(frozen=True, slots=True)
class ShowTimeline:
    """A page of an incident's timeline, 0 the newest; None: all of it as a file."""

    incident: str
    page: int | None
