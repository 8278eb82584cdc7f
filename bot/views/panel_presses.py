"""Presses on the panels that open from a card. A place is that among the aspects, their choices, the plan's flags."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AskAspect:
    """Ask one question of the assessment, by its place."""

    incident: str
    aspect: int


@dataclass(frozen=True, slots=True)
class AnswerAspect:
    """Answer a question: 0 is that it is not known yet, 1 the first of its choices."""

    incident: str
    aspect: int
    answer: int


@dataclass(frozen=True, slots=True)
class ShowAssessment:
    """All questions with their answers."""

    incident: str


@dataclass(frozen=True, slots=True)
class SetFlag:
    """Set a flag, by its place among the plan's."""

    incident: str
    flag: int


OnAssessment = AskAspect | AnswerAspect | ShowAssessment | SetFlag
