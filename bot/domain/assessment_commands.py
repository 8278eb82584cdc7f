"""What can be asked about an incident's scope and impact."""

from dataclasses import dataclass

from bot.domain.actors import Actor
from bot.domain.assessment_events import Answer, Aspect


@dataclass(frozen=True, slots=True)
class Assess:
    """Answer one question of the assessment; a later answer counts instead of an earlier one."""

    by: Actor
    aspect: Aspect
    answer: Answer
