"""Whom a page reaches: past those who can't be written to, through handovers, and without anybody being forgotten."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

import pytest

from bot.domain.commands import Acknowledge, Resolve
from bot.domain.events import PageCause, Paged, PageFailed, ResponseOverdue
from tests.domain.builders import (
    ANNA,
    DAN,
    EVERYBODY,
    PEOPLE,
    THURSDAY,
    Course,
    a_plan,
    a_roster,
    hours,
    minutes,
    the_rules,
    without,
)


@dataclass(frozen=True)
class Turns:
    """A duty calendar: from each time on, these people are on call."""

    turns: tuple[tuple[datetime, tuple[str, ...]], ...] = field(default=())

    def on_call(self, at: datetime) -> tuple[str, ...]:
        """Those whose turn began last."""
        return next((people for start, people in reversed(self.turns) if start <= at), ())


def test_an_unreachable_page_goes_to_the_next_at_once() -> None:
    """On-call can't be written to: the team lead is paged in the same breath, then the CTO, then the team."""
    course = Course().declare("SEV-2")
    course.lose("anna")
    assert course.paged("boris") == [0]
    course.lose("boris")
    assert course.paged("clara") == [0]
    course.lose("clara")
    assert course.paged("dan") == course.paged("eve") == [0]
    assert course.told("thread", PageFailed) == [0, 0, 0]


def test_a_page_that_fails_twice_is_said_once() -> None:
    """A second refusal for the same person brings nothing new."""
    course = Course().declare("SEV-2")
    course.lose("anna")
    assert course.lose("anna").events == ()


def test_when_nobody_can_be_reached_everybody_is_tried_again() -> None:
    """With the whole team out of reach the repeats go on: they may have pressed Start since."""
    course = Course().declare("SEV-1")
    for person in EVERYBODY:
        course.lose(person)
    course.at(minutes(10))
    assert {person for person in EVERYBODY if course.paged(person)[-1] == 10} == set(EVERYBODY)


def test_when_nobody_can_be_reached_the_deadline_tries_again_too() -> None:
    """A severity without repeats tries those asked once more when the time to respond is over."""
    course = Course().declare("SEV-3")
    for person in EVERYBODY:
        course.lose(person)
    assert course.at(hours(4)).paged_at(hours(4)) == set(EVERYBODY)


def test_with_everybody_asked_the_deadline_asks_again() -> None:
    """When there is nobody left to ask and the severity repeats nothing, those asked are asked again."""
    plan = a_plan({"SEV-1": {"notify": [{"after": "0s", "roles": ["team"]}]}})
    course = Course(the_rules(plan)).declare()
    assert course.at(minutes(15)).paged_at(minutes(15)) == set(EVERYBODY)


def test_one_of_the_same_authority_is_enough() -> None:
    """While another on call can be written to, a failed page wakes nobody higher."""
    course = Course(the_rules(roster=a_roster({**PEOPLE, "dan": ("on_call",)}))).declare("SEV-2")
    course.lose("anna")
    assert course.paged("boris") == []
    course.lose("dan")
    assert course.paged("boris") == [0]


def test_a_failed_page_of_an_answered_incident_wakes_nobody() -> None:
    """Once somebody has it, a page that fails is noted and no more."""
    course = Course().declare("SEV-1")
    course.do(Acknowledge(by=ANNA))
    course.lose("clara")
    assert course.paged("dan") == []


def test_a_failed_message_to_somebody_not_asked_wakes_nobody() -> None:
    """Who was not asked for an answer needs nobody in their place."""
    course = Course().declare("SEV-3")
    course.lose("eve")
    assert course.paged("boris") == []


def test_a_step_for_people_out_of_reach_asks_the_next() -> None:
    """A step whose people are known to be out of reach asks the next authority, as if the page had just failed."""
    steps = [{"after": "0s", "roles": ["on_call"]}, {"after": "10m", "roles": ["team_lead"]}]
    course = Course(the_rules(a_plan({"SEV-1": {"notify": steps}}))).declare()
    course.lose("boris")
    assert course.at(minutes(10)).paged("clara") == [10]


def test_a_step_for_a_role_that_nobody_has_asks_somebody_else() -> None:
    """With nobody on call, the first step goes to the next authority; a later one for nobody adds nothing."""
    course = Course(the_rules(roster=a_roster(without("anna")))).declare("SEV-2", by=DAN)
    assert course.paged("boris") == [0]
    course = Course(the_rules(roster=a_roster(without("boris")))).declare("SEV-2").at(minutes(59))
    assert course.paged("clara") == []
    assert course.at(minutes(60)).happened(ResponseOverdue) == [60]
    assert course.paged("clara") == [60]


def test_a_page_to_others_puts_no_repeat_off() -> None:
    """A step between two repeats leaves them where they are, and its own people join the common turn."""
    steps = [{"after": "0s", "roles": ["on_call"]}, {"after": "4m", "roles": ["team_lead"]}]
    course = Course(the_rules(a_plan({"SEV-1": {"notify": steps, "repeat_every": "5m"}}))).declare().at(minutes(14))
    assert course.paged("anna")[:2] == [0, 5]
    assert course.paged("boris")[:2] == [4, 9]
    assert all(late - early <= 5 for who in ("anna", "boris") for early, late in pairwise(course.paged(who)))


def test_a_repeat_and_a_deadline_at_one_instant_still_ask_the_next() -> None:
    """On-call, called again by a step and a repeat at the very deadline, does not hide that nobody answered."""
    steps = [{"after": "0s", "roles": ["on_call"]}, {"after": "15m", "roles": ["on_call"]}]
    plan = a_plan({"SEV-1": {"notify": steps, "repeat_every": "5m"}})
    course = Course(the_rules(plan)).declare().at(minutes(15))
    assert course.paged("boris") == [15]
    assert course.paged("anna") == [0, 5, 10, 15]


def test_a_plan_without_steps_still_asks() -> None:
    """A severity that tells nobody asks on-call when the time to respond is over, and repeats that."""
    plan = a_plan({"SEV-1": {"notify": [], "repeat_every": "5m"}})
    course = Course(the_rules(plan)).declare().at(minutes(20))
    assert course.paged("anna") == [15, 20]


def test_many_steps_at_one_instant_are_one_page() -> None:
    """A hundred steps at the start page a person once, and end."""
    steps = [{"after": "0s", "roles": ["on_call", "cto"]}] * 100
    course = Course(the_rules(a_plan({"SEV-1": {"notify": steps}}))).declare()
    assert course.paged("anna") == course.paged("clara") == [0]
    assert len(course.incident.steps_done) == 100


def test_a_repeat_reaches_who_has_come_on_duty() -> None:
    """After a handover between two pages, the one now on call is paged with the next repeat, and on."""
    duty = Turns(((THURSDAY, ("anna",)), (THURSDAY + minutes(10), ("dan",))))
    course = Course(the_rules(duty=duty)).declare("SEV-2").at(minutes(30))
    assert course.paged("dan") == [15, 30]
    assert course.paged("anna") == [0, 15, 30]


def test_a_deadline_reaches_who_has_come_on_duty() -> None:
    """Without repeats, the one now on call is the first to be asked when the time to respond is over."""
    duty = Turns(((THURSDAY, ("anna",)), (THURSDAY + minutes(10), ("dan",))))
    course = Course(the_rules(duty=duty)).declare("SEV-3").at(hours(5))
    assert course.paged("dan") == [240]


def test_a_calendar_may_name_nobody_we_know() -> None:
    """When nobody on duty is on the roster, the next authority is asked."""
    course = Course(the_rules(duty=Turns(((THURSDAY, ("zoe",)),)))).declare("SEV-2", by=DAN)
    assert course.paged("boris") == [0]


def test_who_left_the_roster_is_not_paged_and_leaves_no_silence() -> None:
    """The only one asked is taken off the roster: the next repeat goes to the next authority."""
    course = Course().declare("SEV-2").with_rules(roster=a_roster(without("anna")))
    course.at(minutes(30))
    assert course.paged("anna") == [0]
    assert course.paged("boris") == [15, 30]


def test_when_all_asked_have_left_the_roster_the_whole_team_is_tried() -> None:
    """With everybody left out of reach and the asked one gone, the whole team is tried: never silence."""
    course = Course().declare("SEV-2")
    for person in EVERYBODY[1:]:
        course.lose(person)
    course.with_rules(roster=a_roster(without("anna")))
    assert course.at(minutes(15)).paged_at(minutes(15)) == set(EVERYBODY[1:])


@pytest.mark.parametrize(("acknowledged", "told"), [(False, [10.0, 15.0]), (True, list[float]())])
def test_a_step_may_wait_for_nobody_having_it(acknowledged: bool, told: list[float]) -> None:
    """A step `unless: acknowledged` calls while nobody has it, and is dropped once somebody has."""
    steps = [{"after": "0s", "roles": ["on_call"]}, {"after": "10m", "roles": ["cto"], "unless": "acknowledged"}]
    plan = a_plan({"SEV-1": {"notify": steps, "repeat_every": "5m"}})
    course = Course(the_rules(plan)).declare()
    if acknowledged:
        course.do(Acknowledge(by=ANNA))
    assert course.at(minutes(15)).paged("clara") == told


def test_who_presses_start_gets_the_page_at_once() -> None:
    """Whoever could not be written to and is still asked hears at once when they can be, and every repeat after."""
    course = Course().declare("SEV-2")
    course.lose("anna")
    course.at(minutes(4))
    course.find("anna")
    assert course.at(minutes(20)).paged("anna")[:2] == [0, 4]
    assert course.incident.unreachable == frozenset()
    assert course.paged("anna")[2] <= 19


def test_pressing_start_is_no_news_of_somebody_who_was_never_lost() -> None:
    """A press of Start by somebody who can be written to changes nothing."""
    assert Course().declare("SEV-2").find("anna").events == ()


def test_pressing_start_pages_nobody_who_is_not_waited_for() -> None:
    """Once somebody has it, or of somebody who was never asked, it is noted that they can be reached, and no more."""
    asked, never_asked = Course().declare("SEV-2"), Course().declare("SEV-2")
    asked.lose("anna")
    asked.do(Acknowledge(by=DAN))
    asked.find("anna")
    assert asked.paged("anna") == [0]
    never_asked.lose("eve")
    never_asked.find("eve")
    assert never_asked.paged("eve") == []
    assert never_asked.incident.unreachable == frozenset()


def test_pressing_start_after_the_end_is_no_news() -> None:
    """A resolved incident pages nobody who comes back."""
    course = Course().declare("SEV-2")
    course.lose("anna")
    course.do(Resolve(by=DAN))
    assert course.find("anna").events == ()


def test_how_often_somebody_was_told_is_kept() -> None:
    """Of each person the state keeps the first page, the last one's cause and event, and how many there were."""
    course = Course().declare("SEV-1").at(minutes(10))
    record = course.incident.pages["anna"]
    assert (record.count, record.first_at, record.cause) == (3, THURSDAY, PageCause.REPEAT)
    logged = course.log[record.event - 1]
    assert isinstance(logged, Paged)
    assert logged.at == THURSDAY + minutes(10)


def test_who_has_left_the_roster_is_not_paged_for_pressing_start() -> None:
    """Nobody who is no longer on the team is told of its incidents, whatever page once failed to reach them."""
    course = Course().declare("SEV-2")
    course.lose("anna")
    course.with_rules(roster=a_roster(without("anna")))
    course.find("anna")
    assert course.paged("anna") == [0]
    assert "anna" not in course.incident.unreachable
