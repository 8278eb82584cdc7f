"""What delivery asks about incidents, answered by the desk's books."""

from datetime import datetime, timedelta

from bot.domain.actors import System
from bot.domain.beta import BetaSchedule
from bot.domain.commands import HandPageOver
from bot.domain.drill import Score, score_of
from bot.domain.duty import Schedule
from bot.domain.events import Event
from bot.domain.incident import Incident
from bot.domain.plan import Plan, Trigger
from bot.domain.rules import Rules
from bot.domain.team import Team, replay_team
from bot.domain.team_events import TeamEvent
from bot.engine.acts import OUTPUT
from bot.engine.desk import Desk
from bot.engine.past import histories_since
from bot.engine.pictures import Pictures
from bot.engine.team_desk import TeamDesk
from bot.store.store import Store
from bot.views.translations import Words


class Cases:
    """Reads incidents and single events. Every method may raise `StoreUnavailableError`."""

    def __init__(self, desk: Desk, store: Store, team: TeamDesk, pictures: Pictures) -> None:
        self._desk = desk
        self._pictures = pictures
        self._store = store
        self._team = team

    def current_rules(self) -> Rules:
        """The rules of today."""
        return self._desk.rulebook.current

    async def rules_of(self, incident: Incident) -> Rules:
        """The rules an incident is decided by."""
        return await self._desk.rulebook.rules_for(incident.plan)

    async def incidents(self, incident_ids: tuple[str, ...]) -> tuple[Incident, ...]:
        """Several incidents as the store has them now, in one go; one that can't be read is left out."""
        return await self._desk.casebook.many(incident_ids)

    async def incident(self, incident_id: str) -> Incident | None:
        """The incident as the store has it now."""
        return await self._desk.incident(incident_id)

    async def event(self, incident_id: str, number: int) -> Event | None:
        """One event of its log, the first being 1; None past the end."""
        events = await self._store.load(incident_id, after=number - 1, most=1)
        return events[0] if events else None

    async def hand_page_over(self, incident_id: str, person: str, number: int) -> None:
        """Whoever is on call now is paged in place of `person`, who was when the page was written."""
        await self._desk.handle(incident_id, HandPageOver(System(), person, number))

    async def open_incidents(self) -> tuple[Incident, ...]:
        """The open incidents, the worst first."""
        return await self._desk.open_incidents()

    async def team(self) -> Team:
        """The team as it stands."""
        return await self._team.refresh()

    async def team_event(self, number: int) -> TeamEvent | None:
        """One event of the team's log, the first being 1; None past the end."""
        events = await self._store.load_team(after=number - 1, most=1)
        return events[0] if events else None

    async def team_at(self, number: int) -> Team:
        """The team as it stood before an event of its log, the first being 1."""
        return replay_team((await self._store.load_team())[: number - 1])

    def launches(self) -> BetaSchedule:
        """When beta launches and phases are."""
        return self._team.duty.beta

    async def histories(self, since: datetime) -> tuple[tuple[Incident, tuple[Event, ...]], ...]:
        """The incidents that wait for something or were after `since`, by age, each with its log."""
        return await histories_since(self._store, self._desk.casebook, since)

    async def digest_picture(
        self, number: int, plan: Plan, names: tuple[str, ...], over: timedelta, words: Words
    ) -> bytes | None:
        """The chart under the digest of that number; None where there is no picture now."""
        return await self._pictures.of_digest(number, plan, names, over, words)

    def schedule(self) -> Schedule:
        """Who is on call."""
        return self._team.duty.schedule

    async def picture(self, incident: Incident, row: Trigger, words: Words) -> bytes | None:
        """What a decision on this row of the matrix is about; None where there is no picture now."""
        return await self._pictures.of_decision(await self.rules_of(incident), incident, row, words)

    async def score(self, incident: Incident) -> Score | None:
        """How a drill went; None for an incident that is real."""
        if not incident.drill:
            return None
        return score_of(await self.rules_of(incident), incident.id, await self._store.load(incident.id))

    async def output(self, incident_id: str, number: int) -> str:
        """What the run of that number has printed so far, masked and bounded; nothing when it does not run."""
        incident = await self._desk.incident(incident_id)
        if incident is None or incident.acting.run(number) is None:
            return ""
        name = f"{OUTPUT}{incident_id}:{number}"
        return (await self._store.facts(name)).get(name, "")
