"""What an operator decided, checked before anything starts."""

from dataclasses import dataclass

from bot.domain.plan import Plan
from bot.domain.roster import Roster
from bot.settings import Settings


@dataclass(frozen=True, slots=True)
class Configuration:
    """Settings, plan and roster, each valid by itself and with the others."""

    settings: Settings
    plan: Plan
    roster: Roster
