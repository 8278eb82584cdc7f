"""The team's own state and decisions: who stands in, who was on call when last looked at, what is due."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import assert_never

from bot.domain.actors import Actor, Responder
from bot.domain.beta import BetaSchedule
from bot.domain.beta_state import TeamBeta, known_schedule
from bot.domain.duty import Override, Schedule, Shift
from bot.domain.plan import Plan
from bot.domain.rejections import NoOverride, NotOnTheTeam, OverrideOutOfRange, Rejection, UnknownPerson
from bot.domain.roster import Roster
from bot.domain.sight import ReportSight, Sight, news_of, seen
from bot.domain.team_beta import (
    BetaCommand,
    NoteLook,
    SwitchOff,
    SwitchOn,
    beta_after,
    due_beta,
    look_at_beta,
    rule_on_beta,
)
from bot.domain.team_events import (
    HandedOver,
    OverrideEnded,
    OverrideSet,
    RowsNeverRead,
    RowsRead,
    TeamEvent,
    UnreachableNamed,
)
from bot.domain.wall_clock import next_time_of_day

SHORTEST_OVERRIDE = timedelta(minutes=1)
LONGEST_OVERRIDE = timedelta(days=28)
"""Longer than a holiday: beyond that a rotation is to be changed in the roster."""

REMEMBERED_FOR = timedelta(days=7)
"""How long an override is known after its end, so that it can be told who was on call when a page was written."""

HANDOVER = "handover"
UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Team:
    """The team as it stands. `on_duty` were on call at `looked_at` (UTC), None before the first look.

    `handover` is the number of the event that last changed who is on call.
    """

    version: int = 0
    overrides: tuple[Override, ...] = ()
    on_duty: tuple[str, ...] | None = None
    looked_at: datetime | None = None
    handover: int = 0
    named_at: datetime | None = None
    named: int = 0
    sight: Sight = field(default_factory=Sight)
    beta: TeamBeta = field(default_factory=TeamBeta)


@dataclass(frozen=True, slots=True)
class TeamRules:
    """What the team is decided by: the plan and the roster of today, and the calendar as it was last read."""

    plan: Plan
    roster: Roster
    shifts: tuple[Shift, ...] = ()

    def schedule(self, team: Team) -> Schedule:
        """Who is on call, with the overrides that the team has set."""
        return Schedule(self.roster, team.overrides, self.shifts)

    def beta(self, team: Team) -> BetaSchedule:
        """When launches and phases are, with those that the team has switched."""
        return known_schedule(self.plan, team.beta)


@dataclass(frozen=True, slots=True)
class SetOverride:
    """Let a person stand in for whoever is on call, from now for a length of time."""

    by: Actor
    person: str
    length: timedelta


@dataclass(frozen=True, slots=True)
class EndOverride:
    """Nobody stands in any more."""

    by: Actor


@dataclass(frozen=True, slots=True)
class LookAround:
    """A timer fell due, or the roster or the calendar changed. `unreachable` can't be written to by the bot."""

    by: Actor
    unreachable: tuple[str, ...] = ()


TeamCommand = SetOverride | EndOverride | LookAround | ReportSight | BetaCommand


@dataclass(frozen=True, slots=True)
class TeamDecided:
    """The events to append, and the team after them."""

    team: Team
    events: tuple[TeamEvent, ...]


def decide_team(rules: TeamRules, team: Team, command: TeamCommand, now: datetime) -> TeamDecided | Rejection:
    """What a command leads to. A change of who is on call is part of what made it."""
    ruling = _rule(rules, team, command, now)
    if not isinstance(ruling, tuple):
        return ruling
    after = replay_team(ruling, team)
    look = _looked(rules, after, command, now)
    return TeamDecided(replay_team(look, after), (*ruling, *look))


def replay_team(events: Iterable[TeamEvent], team: Team | None = None) -> Team:
    """The team after events."""
    state = team or Team()
    for event in events:
        state = replace(_effect(state, event), version=state.version + 1)
    return state


def due_team(rules: TeamRules, team: Team) -> dict[str, datetime]:
    """When the team will next be looked at: key -> time, in UTC. None before the first look."""
    if team.looked_at is None or team.named_at is None:
        return {}
    schedule = rules.schedule(team)
    timers = {UNREACHABLE: _naming_after(rules, team.named_at), **due_beta(rules.plan, team.beta)}
    if schedule.on_call(team.looked_at) != team.on_duty:
        timers[HANDOVER] = team.looked_at
    elif change := schedule.change_after(team.looked_at):
        timers[HANDOVER] = change
    return timers


def _rule(rules: TeamRules, team: Team, command: TeamCommand, now: datetime) -> tuple[TeamEvent, ...] | Rejection:
    if _is_a_persons(command) and not _is_member(rules, command.by):
        return NotOnTheTeam()
    match command:
        case SetOverride():
            return _override(rules, command, now)
        case EndOverride():
            return (OverrideEnded(at=now, by=command.by),) if _in_force(team, now) else NoOverride()
        case LookAround():
            return ()
        case ReportSight():
            return news_of(team.sight, command, now)
        case SwitchOn() | SwitchOff() | NoteLook():
            return rule_on_beta(rules.plan, team.beta, command, now)
        case _:
            assert_never(command)


def _is_a_persons(command: TeamCommand) -> bool:
    """Whether only a member of the team may give it; the others Nabat gives itself."""
    by_itself = isinstance(command, LookAround | ReportSight) or (isinstance(command, NoteLook) and command.look)
    return not by_itself


def _override(rules: TeamRules, command: SetOverride, now: datetime) -> tuple[TeamEvent, ...] | Rejection:
    if command.person not in rules.roster.people:
        return UnknownPerson(command.person, tuple(rules.roster.people))
    if not SHORTEST_OVERRIDE <= command.length <= LONGEST_OVERRIDE:
        return OverrideOutOfRange(int(LONGEST_OVERRIDE.total_seconds()))
    return (OverrideSet(at=now, by=command.by, person=command.person, until=now + command.length),)


def _looked(rules: TeamRules, team: Team, command: TeamCommand, now: datetime) -> tuple[TeamEvent, ...]:
    """Who is on call now, if that is news; and once a day who can't be written to."""
    events: list[TeamEvent] = list(look_at_beta(rules.plan, team.beta, command.by, now))
    people = rules.schedule(team).on_call(now)
    change = due_team(rules, team).get(HANDOVER)
    if people != team.on_duty or (change is not None and change <= now):
        events.append(HandedOver(at=now, by=command.by, before=team.on_duty or (), people=people))
    if isinstance(command, LookAround) and (team.named_at is None or _naming_after(rules, team.named_at) <= now):
        silent = () if team.named_at is None else command.unreachable
        known = tuple(person for person in silent if person in rules.roster.people)
        events.append(UnreachableNamed(at=now, by=command.by, people=known))
    return tuple(events)


def _naming_after(rules: TeamRules, at: datetime) -> datetime:
    """Every day at the hour at which the plan's business opens, on days off too: on-call knows none."""
    calendar = rules.plan.calendar
    return next_time_of_day(at, calendar.opens, calendar.timezone)


def _is_member(rules: TeamRules, actor: Actor) -> bool:
    return isinstance(actor, Responder) and actor.person in rules.roster.people


def _in_force(team: Team, now: datetime) -> bool:
    return any(override.covers(now) for override in team.overrides)


def _effect(team: Team, event: TeamEvent) -> Team:
    match event:
        case OverrideSet():
            by = event.by.person if isinstance(event.by, Responder) else ""
            override = Override(event.person, event.at, event.until, by)
            return replace(team, overrides=(*_remembered(team, event.at), override))
        case OverrideEnded():
            ended = (replace(known, until=min(known.until, event.at)) for known in _remembered(team, event.at))
            return replace(team, overrides=tuple(ended))
        case HandedOver():
            is_news = team.on_duty is not None and event.people != event.before
            number = team.version + 1 if is_news else team.handover
            return replace(team, on_duty=event.people, looked_at=event.at, handover=number)
        case UnreachableNamed():
            return replace(team, named_at=event.at, named=team.version + 1)
        case RowsRead() | RowsNeverRead():
            return replace(team, sight=seen(team.sight, event))
        case _:
            return replace(team, beta=beta_after(team.beta, event, team.version + 1))


def _remembered(team: Team, at: datetime) -> tuple[Override, ...]:
    return tuple(override for override in team.overrides if override.until + REMEMBERED_FOR > at)
