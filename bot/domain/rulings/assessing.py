"""Answers about scope and impact."""

from datetime import datetime

from bot.domain.assessment_commands import Assess
from bot.domain.assessment_events import CHOICES, Answer, Assessed
from bot.domain.events import Event
from bot.domain.incident import Incident, Status
from bot.domain.rejections import AlreadyClosed, NoSuchAnswer, Rejection


def assess(incident: Incident, command: Assess, now: datetime) -> tuple[Event, ...] | Rejection:
    """Keep an answer, also after the end: the review wants it whole. What is the answer already changes nothing."""
    if incident.status is Status.MERGED:
        return AlreadyClosed(incident.merged_into)
    if command.answer is not Answer.DONT_KNOW and command.answer not in CHOICES[command.aspect]:
        return NoSuchAnswer()
    said = incident.assessment.findings.get(command.aspect)
    if said is not None and said.answer is command.answer:
        return ()
    return (Assessed(at=now, by=command.by, aspect=command.aspect, answer=command.answer),)
