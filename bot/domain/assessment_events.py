"""Events of the assessment: what is known of an incident's scope and impact (written plan, Phase 2)."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

from bot.domain.chat_event import ChatEvent


class Aspect(StrEnum):
    """What is asked, in the order of the written plan: the scope first, then the impact."""

    NODES = "nodes"
    SERVICES = "services"
    REGIONS = "regions"
    USERS = "users"
    BUSINESS = "business"
    SECURITY = "security"


class Answer(StrEnum):
    """What can be answered; each aspect takes some of them."""

    DONT_KNOW = "dont_know"
    """Not known yet: the question stays open."""
    NONE = "none"
    ONE = "one"
    SEVERAL = "several"
    ALL = "all"
    FEW = "few"
    MANY = "many"
    REVENUE = "revenue"
    SLA = "sla"
    REVENUE_AND_SLA = "revenue_and_sla"
    SUSPECTED = "suspected"
    CONFIRMED = "confirmed"


SCOPE = (Aspect.NODES, Aspect.SERVICES, Aspect.REGIONS)
"""Written plan, Phase 2, "Determine scope"."""
IMPACT = (Aspect.USERS, Aspect.BUSINESS, Aspect.SECURITY)
"""Written plan, Phase 2, "Identify impact"."""

CHOICES: Mapping[Aspect, tuple[Answer, ...]] = MappingProxyType(
    {
        Aspect.NODES: (Answer.ONE, Answer.SEVERAL),
        Aspect.SERVICES: (Answer.ONE, Answer.SEVERAL),
        Aspect.REGIONS: (Answer.ONE, Answer.SEVERAL, Answer.ALL),
        Aspect.USERS: (Answer.NONE, Answer.FEW, Answer.MANY, Answer.ALL),
        Aspect.BUSINESS: (Answer.NONE, Answer.REVENUE, Answer.SLA, Answer.REVENUE_AND_SLA),
        Aspect.SECURITY: (Answer.NONE, Answer.SUSPECTED, Answer.CONFIRMED),
    }
)
"""What each aspect takes, besides that it is not known yet. Buttons carry the place here: new ones come at the end."""


class Assessed(ChatEvent):
    """Somebody answered one question of the assessment, or said that the answer is not known yet."""

    kind: Literal["assessed"] = "assessed"
    aspect: Aspect
    answer: Answer
