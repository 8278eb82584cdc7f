"""The desk for what concerns the team: load, decide, commit; on conflict again. The one way through, for its log."""

import asyncio
from dataclasses import dataclass

import structlog

from bot.domain.actors import System
from bot.domain.rejections import Rejection, TeamLogUnreadable
from bot.domain.team import LookAround, Team, TeamCommand, TeamDecided, decide_team, due_team, replay_team
from bot.domain.team_events import TEAM_LOG, TeamEvent
from bot.domain.team_telling import team_intents
from bot.domain.telling import is_answered
from bot.engine.duty import OnDuty
from bot.store.codec import UnreadableEventError
from bot.store.records import Append, Commit, Committed, Conflicted, Lease, Repeated, StoreUnavailableError
from bot.store.store import Store
from bot.store.wakes import Topic

UNREACHABLE = "unreachable:"
"""Facts of this name say who can't be written to, and why: `unreachable:<person>`."""

_TRIES = 50
"""Conflicts in a row before a command gives up."""
_RETRY_AFTER_S = 0.5
"""Between tries while Redis can't be reached."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class TeamDone:
    """It is committed. No events: it was committed before, or rightly nothing changed."""

    team: Team
    events: tuple[TeamEvent, ...]
    answered: bool = False


@dataclass(frozen=True, slots=True)
class TeamRefused:
    """Nothing changed, for this reason."""

    reason: Rejection


TeamOutcome = TeamDone | TeamRefused


class TeamDesk:
    """Handles commands to the team. Safe to call from many tasks and in many replicas at once."""

    def __init__(self, store: Store, duty: OnDuty) -> None:
        self.duty = duty
        self._store = store
        self._turn = asyncio.Lock()

    async def handle(
        self, command: TeamCommand, operation: str | None = None, *, answers: int | None = None
    ) -> TeamOutcome:
        """The outcome of a command; `operation` names what caused it, and acts once.

        `answers` is the message in the responders chat that asked for it: what is told there answers that.

        Raises:
            StoreUnavailableError: nothing was saved.
        """
        async with self._turn:
            for _ in range(_TRIES):
                outcome = await self._handle(command, operation, answers)
                if outcome is not None:
                    return outcome
        raise StoreUnavailableError(f"lost {_TRIES} races in a row; nothing was saved")

    async def look_around(self) -> None:
        """Tell what is due, and plan the next look by the roster and the calendar as they are now.

        Raises:
            StoreUnavailableError: Redis did not answer.
        """
        facts = await self._store.facts(UNREACHABLE)
        unreachable = tuple(name.removeprefix(UNREACHABLE) for name in facts)
        await self.handle(LookAround(System(), unreachable))
        if self.duty.unreadable:
            return
        await self._store.rebuild_timers(TEAM_LOG, due_team(self.duty.rules, self.duty.team), self.duty.team.version)

    async def refresh(self) -> Team:
        """The team as the store has it now. While its log can't be read that is a team without overrides.

        Raises:
            StoreUnavailableError: Redis did not answer.
        """
        known = self.duty.team
        try:
            events = await self._store.load_team(after=known.version)
        except UnreadableEventError as error:
            self._say_unreadable(str(error))
            return Team()
        self._say_unreadable("")
        self.duty.learn(replay_team(events, known))
        return self.duty.team

    def _say_unreadable(self, why: str) -> None:
        if why == self.duty.unreadable:
            return
        self.duty.unreadable = why
        if why:
            log.error("the team's log can't be read: on call is as the roster says, overrides don't count", reason=why)
        else:
            log.info("the team's log can be read again")

    async def run(self, lease: Lease) -> None:
        """Look around once, where the lease begins: the roster may have changed. From then on timers do it."""
        del lease  # a second look changes nothing
        while True:
            try:
                await self.look_around()
                break
            except StoreUnavailableError as error:
                log.warning("who is on call waits for the store", reason=str(error))
                await asyncio.sleep(_RETRY_AFTER_S)
        await asyncio.Event().wait()

    async def watch(self) -> None:
        """Follow what other replicas commit, until cancelled."""
        with self._store.wakes.subscribe(Topic.LOGS) as wake:
            while True:
                try:
                    await self.refresh()
                except StoreUnavailableError as error:
                    log.info("the team's log is not read", reason=str(error))
                    await asyncio.sleep(_RETRY_AFTER_S)
                await wake.wait()

    async def _handle(self, command: TeamCommand, operation: str | None, answers: int | None) -> TeamOutcome | None:
        """None: another replica was faster; decide again."""
        team = await self.refresh()
        if self.duty.unreadable:
            return TeamRefused(TeamLogUnreadable())
        rules = self.duty.rules
        decided = decide_team(rules, team, command, self._store.clock.now())
        if not isinstance(decided, TeamDecided):
            return TeamRefused(decided)
        if not decided.events:
            return TeamDone(team, ())
        timers = due_team(rules, decided.team)
        intents = team_intents(rules, team, decided, answers)
        result = await self._store.commit(
            Commit(
                operations=(operation,) if operation else (),
                appends=(Append(TEAM_LOG, team.version, decided.events, timers, is_open=False),),
                outbox=intents,
            )
        )
        match result:
            case Committed():
                self.duty.learn(decided.team)
                return TeamDone(decided.team, decided.events, answered=is_answered(intents))
            case Repeated():
                return TeamDone(team, ())
            case Conflicted():
                return None
