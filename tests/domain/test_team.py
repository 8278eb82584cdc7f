"""The team's own decisions: overrides, handovers, and the daily look at who can't be written to."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.actors import Actor
from bot.domain.duty import Shift
from bot.domain.intents import INTENT, Lane, TeamPing, TeamTell
from bot.domain.rejections import NoOverride, NotOnTheTeam, OverrideOutOfRange, Rejection, UnknownPerson
from bot.domain.team import (
    LONGEST_OVERRIDE,
    REMEMBERED_FOR,
    EndOverride,
    LookAround,
    SetOverride,
    Team,
    TeamCommand,
    TeamDecided,
    TeamRules,
    decide_team,
    due_team,
    replay_team,
)
from bot.domain.team_events import HandedOver, OverrideSet, TeamEvent, UnreachableNamed
from bot.domain.team_telling import TeamIntent, team_intents
from tests.domain.builders import ANNA, BUILT_IN, CLARA, NABAT, STRANGER, hours, minutes
from tests.domain.test_duty import a_rotation, a_team, utc

START = utc(2026, 3, 24, 12)
"""Anna's week; Boris takes over on the Monday after, at 10:00 in Berlin."""
HANDOVER = utc(2026, 3, 30, 8)


@dataclass
class Days:
    """A team, its clock, and what it has said."""

    rules: TeamRules = field(default_factory=lambda: TeamRules(BUILT_IN, a_team(a_rotation())))
    now: datetime = START
    team: Team = field(default_factory=Team)
    log: list[TeamEvent] = field(default_factory=list["TeamEvent"])
    said: list[TeamIntent] = field(default_factory=list["TeamIntent"])

    def do(self, command: TeamCommand) -> TeamDecided:
        """A command that must be accepted; its consequences hold together."""
        decided = decide_team(self.rules, self.team, command, self.now)
        assert isinstance(decided, TeamDecided), decided
        self.said = list(team_intents(self.rules, self.team, decided))
        self.team = decided.team
        self.log.extend(decided.events)
        assert self.team == replay_team(self.log)
        return decided

    def refuse(self, by: Actor, command: TeamCommand | None = None) -> Rejection:
        """A command that must be refused."""
        decided = decide_team(self.rules, self.team, command or SetOverride(by, "dan", hours(4)), self.now)
        assert not isinstance(decided, TeamDecided)
        return decided

    def look(self, *unreachable: str) -> TeamDecided:
        """A timer fell due, or the bot began."""
        return self.do(LookAround(NABAT, unreachable))

    def wait(self, until: datetime, *unreachable: str) -> "Days":
        """Fire every timer at its time."""
        while ripe := sorted(at for at in due_team(self.rules, self.team).values() if at <= until):
            self.now = max(self.now, ripe[0])
            assert self.look(*unreachable).events
            assert all(at > self.now for at in due_team(self.rules, self.team).values())
        self.now = until
        return self

    def handovers(self) -> list[tuple[datetime, tuple[str, ...]]]:
        """When who came on call."""
        return [(event.at, event.people) for event in self.log if isinstance(event, HandedOver)]


def a_week() -> Days:
    """Days that have begun."""
    days = Days()
    days.look()
    return days


def test_the_first_look_says_nothing() -> None:
    """It notes who is on call; nobody took over from anybody. From then on the next handover is waited for."""
    days = Days()
    assert due_team(days.rules, days.team) == {}
    days.look("eve")
    assert days.said == []
    assert due_team(days.rules, days.team) == {"handover": HANDOVER, "unreachable": utc(2026, 3, 25, 9)}


def test_a_handover_is_told_once_to_the_chat_and_to_whoever_comes() -> None:
    """At the handover's own time, by the number of its event."""
    days = a_week().wait(HANDOVER - minutes(1))
    days.now = HANDOVER
    days.look()
    number = days.team.handover
    assert days.said == [TeamTell(number=number), TeamPing(number=number, person="boris")]
    assert days.log[number - 1] == HandedOver(at=HANDOVER, by=NABAT, before=("anna",), people=("boris",))
    assert days.look().events == ()


def test_after_a_stop_a_handover_is_told_once() -> None:
    """What fell due meanwhile is one message, from whoever was last told of to whoever is on call now."""
    days = a_week()
    days.now = HANDOVER + timedelta(days=15)
    days.look()
    assert days.handovers()[1:] == [(days.now, ("boris",))]
    assert len(days.said) == 2
    days.now += timedelta(days=14)
    assert [event.kind for event in days.look().events] == ["handed_over", "unreachable_named"]
    assert days.said == [], "it was Anna meanwhile and is Boris again: no news"


def test_an_override_hands_over_at_once_and_back_at_its_end() -> None:
    """Setting it and the handover are one decision."""
    days = a_week()
    decided = days.do(SetOverride(CLARA, "dan", hours(4)))
    assert [event.kind for event in decided.events] == ["override_set", "handed_over"]
    assert days.rules.schedule(days.team).watch(START) == days.rules.schedule(days.team).watch(START + hours(3))
    days.wait(START + hours(5))
    assert days.handovers() == [(START, ("anna",)), (START, ("dan",)), (START + hours(4), ("anna",))]


def test_an_override_can_be_ended() -> None:
    """All that are in force end now; without one there is nothing to end."""
    days = a_week()
    assert days.refuse(ANNA, EndOverride(ANNA)) == NoOverride()
    days.do(SetOverride(CLARA, "dan", hours(4)))
    days.do(SetOverride(CLARA, "eve", hours(2)))
    days.now += hours(1)
    days.do(EndOverride(ANNA))
    assert days.handovers()[-1] == (START + hours(1), ("anna",))
    assert days.refuse(ANNA, EndOverride(ANNA)) == NoOverride()
    assert days.rules.schedule(days.team).on_call(START + minutes(30)) == ("eve",)  # it is known who was


def test_an_override_is_forgotten_a_week_after_its_end() -> None:
    """The state does not grow for ever."""
    days = a_week()
    days.do(SetOverride(CLARA, "dan", hours(4)))
    days.now += hours(4) + REMEMBERED_FOR
    days.do(SetOverride(ANNA, "eve", hours(1)))
    assert [override.person for override in days.team.overrides] == ["eve"]


def test_who_may_set_an_override_and_how_long() -> None:
    """The team, for somebody of the team, for a minute at least and four weeks at most."""
    days = a_week()
    assert days.refuse(STRANGER) == NotOnTheTeam()
    assert days.refuse(NABAT) == NotOnTheTeam()
    assert isinstance(days.refuse(ANNA, SetOverride(ANNA, "zoe", hours(1))), UnknownPerson)
    limit = OverrideOutOfRange(int(LONGEST_OVERRIDE.total_seconds()))
    assert days.refuse(ANNA, SetOverride(ANNA, "dan", timedelta(0))) == limit
    assert days.refuse(ANNA, SetOverride(ANNA, "dan", LONGEST_OVERRIDE + minutes(1))) == limit
    days.do(SetOverride(ANNA, "dan", LONGEST_OVERRIDE))


def test_an_override_by_a_program_is_kept() -> None:
    """An event written by no person stays readable."""
    event = OverrideSet(at=START, by=NABAT, person="dan", until=START + hours(1))
    assert replay_team([event]).overrides[0].by == ""


def test_who_cannot_be_written_to_is_named_every_day() -> None:
    """At the opening of business, on days off too, and only when there is somebody who is still on the roster."""
    days = a_week().wait(utc(2026, 3, 25, 8, 59), "eve")
    assert days.said == []
    days.wait(utc(2026, 3, 25, 9), "eve", "zoe")
    assert days.said == [TeamTell(number=days.team.named)]
    assert days.log[-1] == UnreachableNamed(at=days.now, by=NABAT, people=("eve",))
    days.wait(utc(2026, 3, 26, 9))
    assert days.said == []
    days.wait(utc(2026, 3, 29, 9), "eve")
    named = [event.at.day for event in days.log if isinstance(event, UnreachableNamed) and event.people]
    assert named == [25, 27, 28, 29]


def test_another_calendar_is_noticed() -> None:
    """When the calendar or the roster says something else than was told, that is due at once."""
    days = a_week()
    days.rules = TeamRules(
        days.rules.plan, days.rules.roster, (Shift(person="dan", start=START, end=START + hours(1)),)
    )
    assert due_team(days.rules, days.team)["handover"] == START
    days.look()
    assert days.handovers()[-1] == (START, ("dan",))


def test_with_no_change_in_sight_no_handover_is_due() -> None:
    """Everybody with the role is on call, and stays so."""
    days = Days(TeamRules(BUILT_IN, a_team()))
    days.look()
    assert set(due_team(days.rules, days.team)) == {"unreachable"}


@pytest.mark.parametrize("intent", [TeamTell(number=3), TeamPing(number=3, person="dan")])
def test_what_is_said_goes_after_pages(intent: TeamIntent) -> None:
    """And comes back from the store as it was."""
    assert intent.lane is Lane.REPLIES
    assert INTENT.validate_json(intent.model_dump_json()) == intent
    assert intent.key.startswith("team:3")


def test_all_times_are_utc() -> None:
    """Timers are in UTC whatever the rotation's zone."""
    assert {at.tzinfo for at in due_team(a_week().rules, a_week().team).values()} == {UTC}
