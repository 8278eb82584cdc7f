"""What is said of the team, at the moment it is sent: handovers with what is open then, and who can't be written to."""

from typing import Protocol

from bot.delivery.beta_speaker import BetaCases, BetaSpeaker
from bot.delivery.rendering import Delivery, SendNew
from bot.domain.beta_events import BetaChanged, BetaEvent
from bot.domain.duty import Schedule
from bot.domain.incident import Incident
from bot.domain.intents import Digest, DigestPicture, TeamPing, TeamTell
from bot.domain.team import Team
from bot.domain.team_events import DutyEvent, HandedOver, TeamEvent, UnreachableNamed
from bot.store.clock import Clock
from bot.views.duty import HandoverView, team_pinged, team_told
from bot.views.lists import Entry
from bot.views.translations import words_in, words_of


class TeamCases(BetaCases, Protocol):
    """Those who know the team. Each method that waits may raise `StoreUnavailableError`; delivery then asks again."""

    async def open_incidents(self) -> tuple[Incident, ...]:
        """The open incidents, the worst first."""
        ...

    async def team(self) -> Team:
        """The team as it stands."""
        ...

    async def team_event(self, number: int) -> TeamEvent | None:
        """One event of the team's log, the first being 1."""
        ...

    def schedule(self) -> Schedule:
        """Who is on call."""
        ...


class TeamSpeaker:
    """Turns what is to be said of the team into deliveries."""

    def __init__(self, cases: TeamCases, clock: Clock) -> None:
        self._cases = cases
        self._clock = clock
        self._beta = BetaSpeaker(cases, clock)

    async def render(self, intent: TeamTell | TeamPing | Digest | DigestPicture) -> Delivery | None:
        """What to send now; None when it has been overtaken."""
        event = await self._cases.team_event(intent.number)
        if event is None or not _is_latest(await self._cases.team(), event, intent.number):
            return None
        if isinstance(event, BetaEvent):
            return await self._beta.render(intent, event)
        return await (self._pinged(event, intent.person) if isinstance(intent, TeamPing) else self._told(event))

    async def _told(self, event: DutyEvent) -> Delivery:
        rules = self._cases.current_rules()
        chat = rules.roster.chats.responders
        view = await self._view(event)
        return SendNew(chat.id, team_told(view, words_in(chat, rules.plan.timezone)))

    async def _pinged(self, event: DutyEvent, person: str) -> Delivery | None:
        member = self._cases.current_rules().roster.people.get(person)
        view = await self._view(event)
        if member is None or person not in view.schedule.on_call(view.now):
            return None
        return SendNew(member.telegram, team_pinged(view, words_of(member), person))

    async def _view(self, event: DutyEvent) -> HandoverView:
        found = await self._cases.open_incidents()
        entries = tuple([Entry(await self._cases.rules_of(incident), incident) for incident in found])
        return HandoverView(self._cases.current_rules(), self._cases.schedule(), event, self._clock.now(), entries)


def _is_latest(team: Team, event: TeamEvent, number: int) -> bool:
    """Whether no later event of the team says the same anew: of two handovers that waited one is news."""
    match event:
        case HandedOver():
            return team.handover == number
        case UnreachableNamed():
            return team.named == number
        case BetaChanged():
            return team.beta.told == number
        case _:
            return True
