"""What is known of an incident's scope and impact, and what is not known yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType

from bot.domain.actors import Actor
from bot.domain.assessment_events import IMPACT, Answer, Aspect, Assessed


@dataclass(frozen=True, slots=True)
class Finding:
    """An answer, who gave it and when (UTC)."""

    answer: Answer
    by: Actor
    at: datetime


@dataclass(frozen=True, slots=True)
class Assessment:
    """The last word on each aspect that somebody spoke about, be it that it is not known yet."""

    findings: Mapping[Aspect, Finding] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def known(self) -> Mapping[Aspect, Finding]:
        """What was answered, in the order of the questions."""
        answered = {aspect: self.findings[aspect] for aspect in Aspect if aspect in self.findings}
        return {aspect: finding for aspect, finding in answered.items() if finding.answer is not Answer.DONT_KNOW}

    @property
    def unknown(self) -> tuple[Aspect, ...]:
        """What nobody has answered yet, in the order of the questions."""
        known = self.known
        return tuple(aspect for aspect in Aspect if aspect not in known)

    @property
    def complete(self) -> bool:
        """Whether every question has an answer."""
        return not self.unknown

    @property
    def impact_known(self) -> bool:
        """Whether users, business and security have an answer each."""
        return not set(self.unknown) & set(IMPACT)

    @property
    def security(self) -> Answer:
        """Whether security is affected, as far as is known."""
        finding = self.findings.get(Aspect.SECURITY)
        return finding.answer if finding is not None else Answer.DONT_KNOW

    def next_unknown(self, after: Aspect) -> Aspect | None:
        """The next open question behind `after`; None when there is none behind it."""
        aspects = tuple(Aspect)
        rest = aspects[aspects.index(after) + 1 :]
        return next((aspect for aspect in rest if aspect in self.unknown), None)


def after_assessing(assessment: Assessment, event: Assessed) -> Assessment:
    """The assessment after one more answer."""
    finding = Finding(event.answer, event.by, event.at)
    return replace(assessment, findings=MappingProxyType({**assessment.findings, event.aspect: finding}))
