"""Who is on call, for everybody who asks in this process: the newest known schedule behind one face."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime

from bot.domain.beta import BetaSchedule
from bot.domain.calendar_snapshot import CalendarSnapshot
from bot.domain.duty import Schedule
from bot.domain.plan import Plan
from bot.domain.roster import Roster
from bot.domain.team import Team, TeamRules


class OnDuty:
    """The schedule by the roster of today, the calendar as it was last read, and the team's overrides.

    Whoever learns something newer tells it: the desk of the team at each commit, the reader of the calendar at each
    reading. Decisions then ask `on_call` without waiting. `unreadable` says why the team's log can't be read: then
    nobody knows which overrides stand, and on call is whoever is by the roster and the calendar.
    """

    def __init__(self, plan: Plan, roster: Roster) -> None:
        self._plan = plan
        self._roster = roster
        self.calendar: CalendarSnapshot | None = None
        self.unreadable = ""
        self._ears: list[asyncio.Event] = []
        self.team = Team()
        self.beta = self._known_launches()

    @property
    def rules(self) -> TeamRules:
        """What the team is decided by."""
        return TeamRules(self._plan, self._roster, self.calendar.shifts if self.calendar else ())

    @property
    def schedule(self) -> Schedule:
        """All that is written about who is on call."""
        return self.rules.schedule(Team() if self.unreadable else self.team)

    def on_call(self, at: datetime) -> tuple[str, ...]:
        """Keys of the people on call at `at`, the first to be asked first."""
        return self.schedule.on_call(at)

    @contextmanager
    def listening(self) -> Generator[asyncio.Event]:
        """An event that is set when something newer is known."""
        event = asyncio.Event()
        self._ears.append(event)
        try:
            yield event
        finally:
            self._ears.remove(event)

    def learn(self, team: Team) -> None:
        """Keep the team's state, unless a newer one is known."""
        if team.version > self.team.version:
            self.team = team
            self.beta = self._known_launches()
            for ear in self._ears:
                ear.set()

    def _known_launches(self) -> BetaSchedule:
        return self.rules.beta(self.team)
