"""Whom delivery asks for what it says, at the moment it is said."""

from collections.abc import Callable
from typing import Protocol

from bot.delivery.picture_speaker import PictureCases
from bot.delivery.team_speaker import TeamCases
from bot.domain.drill import Score
from bot.domain.events import Event
from bot.domain.incident import Incident
from bot.domain.rules import Rules
from bot.views.damage import Reading
from bot.views.keyboard import Capabilities


class IncidentCases(Protocol):
    """Those who know the incidents. Each method may raise `StoreUnavailableError`; delivery then asks again."""

    def current_rules(self) -> Rules:
        """The rules of today: the roster's chats and people."""
        ...

    async def rules_of(self, incident: Incident) -> Rules:
        """The rules an incident is decided by."""
        ...

    async def incidents(self, incident_ids: tuple[str, ...]) -> tuple[Incident, ...]:
        """Several incidents as the store has them now; one that can't be read is left out."""
        ...

    async def incident(self, incident_id: str) -> Incident | None:
        """The incident as it stands."""
        ...

    async def event(self, incident_id: str, number: int) -> Event | None:
        """One event of its log, the first being 1."""
        ...

    async def hand_page_over(self, incident_id: str, person: str, number: int) -> None:
        """Whoever is on call now is paged in place of `person`, who was when the page was written."""
        ...

    async def score(self, incident: Incident) -> Score | None:
        """How a drill went; None for an incident that is real."""
        ...

    async def output(self, incident_id: str, number: int) -> str:
        """What the run that this event began has printed so far, masked; nothing for any other event."""
        ...


class Figures(Protocol):
    """What is measured now, without waiting."""

    def measured(self) -> tuple[Reading, ...]:
        """The figures that are fresh enough to be shown."""
        ...


class Cases(IncidentCases, TeamCases, PictureCases, Protocol):
    """Everybody whom delivery asks."""


Offering = Callable[[Rules, Incident], Capabilities]
"""What an incident's card offers to open."""
