"""Asking for more authority, and paging past those who can't be reached."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

import pytest

from bot.domain.actors import Responder, Source
from bot.domain.commands import Acknowledge, Assign, ChangeSeverity, Escalate, Reopen, Resolve
from bot.domain.events import Escalated, PageFailed, ResponseOverdue
from bot.domain.rejections import AlreadyAcknowledged, NobodyAbove, UnknownRole
from bot.domain.timers import ESCALATION, due
from tests.domain.builders import (
    ANNA,
    BORIS,
    CLARA,
    DAN,
    EVE,
    EVERYBODY,
    PEOPLE,
    THURSDAY,
    Course,
    a_plan,
    a_roster,
    hours,
    minutes,
    the_rules,
)


@dataclass(frozen=True)
class Turns:
    """A duty calendar: from each time on, these people are on call."""

    turns: tuple[tuple[datetime, tuple[str, ...]], ...] = field(default=())

    def on_call(self, at: datetime) -> tuple[str, ...]:
        """Those whose turn began last."""
        return next((people for start, people in reversed(self.turns) if start <= at), ())


def held(severity: str = "SEV-3") -> Course:
    """An incident that Anna, on call, has."""
    course = Course().declare(severity)
    course.do(Acknowledge(by=ANNA))
    return course


def without(*names: str) -> dict[str, tuple[str, ...]]:
    """The five people but these."""
    return {name: roles for name, roles in PEOPLE.items() if name not in names}


def test_escalating_asks_the_next_authority() -> None:
    """Without a role the authority above the holder is paged, with the reason in the log."""
    course = held()
    course.do(Escalate(by=ANNA, reason="Needs a decision"))
    assert course.paged("boris") == [0]
    assert course.incident.escalation is not None
    assert (course.incident.escalation.role, course.incident.escalation.reason) == ("team_lead", "Needs a decision")


def test_escalating_an_unanswered_incident_skips_those_on_call() -> None:
    """While nobody has it, on-call is being asked already: the next authority is paged."""
    course = Course().declare("SEV-3")
    course.do(Escalate(by=DAN))
    assert course.paged("boris") == [0]


def test_an_escalation_of_an_unanswered_incident_does_not_silence_the_others() -> None:
    """While a call for more authority waits, on-call still hears every repeat."""
    course = Course().declare("SEV-2").at(minutes(5))
    course.do(Escalate(by=DAN))
    course.at(minutes(45))
    assert course.paged("anna") == [0, 15, 30, 45]
    assert course.paged("boris") == [5, 15, 30, 45]
    assert course.paged("clara") == [20, 30, 45]


def test_an_unanswered_call_climbs_and_is_repeated() -> None:
    """Unanswered for the cadence of pages, a call goes to the next authority too, and then round until answered."""
    course = held("SEV-2")
    course.do(Escalate(by=ANNA))
    course.at(minutes(50))
    assert course.paged("boris") == [0, 15, 30, 45]
    assert course.paged("clara") == [15, 30, 45]
    assert course.happened(Escalated) == [0, 15]
    course.do(Acknowledge(by=CLARA))
    assert course.incident.holder == "clara"
    assert ESCALATION not in due(course.rules, course.incident)


def test_a_mild_incident_repeats_a_call_too() -> None:
    """Where the severity repeats no pages, a call for more authority is repeated every 5 minutes."""
    course = held("SEV-4")
    course.do(Escalate(by=ANNA, role="cto"))
    assert course.at(minutes(11)).paged("clara") == [0, 5, 10]


@pytest.mark.parametrize("answer", [BORIS, CLARA], ids=["the one called", "one above"])
def test_who_answers_a_call_takes_over(answer: Responder) -> None:
    """The authority called, or one above it, takes the incident from its holder by acknowledging."""
    course = held()
    course.do(Escalate(by=ANNA))
    assert course.refuse(Acknowledge(by=DAN)) == AlreadyAcknowledged("anna")
    course.do(Acknowledge(by=answer))
    assert course.incident.holder != "anna"
    assert course.incident.escalation is None


def test_anybody_answers_a_call_to_the_team() -> None:
    """A call to the whole team is answered by any of it."""
    course = held()
    course.do(Escalate(by=ANNA, role="team"))
    assert course.paged_at(minutes(0)) == set(EVERYBODY)
    course.do(Acknowledge(by=EVE))
    assert course.incident.holder == "eve"


def test_a_role_may_be_named() -> None:
    """A named role is paged, without the holder, whether it stands above or not; an unknown one is refused."""
    course = held()
    course.do(Escalate(by=BORIS, role="team"))
    assert course.paged("anna") == [0]
    assert course.refuse(Escalate(by=ANNA, role="ceo")) == UnknownRole("ceo", ("on_call", "team_lead", "cto", "team"))


def test_with_nobody_above_it_is_said() -> None:
    """Above the CTO, or in a role that only the holder has, there is nobody to call."""
    course = held()
    course.do(Assign(by=ANNA, person="clara"))
    assert course.refuse(Escalate(by=CLARA)) == NobodyAbove()
    assert course.refuse(Escalate(by=CLARA, role="cto")) == NobodyAbove("cto")


def test_a_role_without_people_is_skipped() -> None:
    """Where there is no team lead, the CTO is the next authority."""
    course = Course(the_rules(roster=a_roster(without("boris")))).declare("SEV-3")
    course.do(Escalate(by=ANNA))
    assert course.paged("clara") == [0]


def test_escalating_again_climbs_at_once() -> None:
    """A second press while a call waits asks the authority above the one called; who was called can still answer."""
    course = held("SEV-2")
    course.do(Escalate(by=ANNA))
    course.at(minutes(1))
    course.do(Escalate(by=ANNA))
    assert course.paged("clara") == [1]
    course.do(Acknowledge(by=BORIS))
    assert course.incident.holder == "boris"


def test_handing_on_does_not_answer_a_call() -> None:
    """A new holder below the authority called leaves the call open; one who was called, or their word, answers it."""
    course = held()
    course.do(Escalate(by=ANNA))
    course.do(Assign(by=ANNA, person="dan"))
    assert course.incident.escalation is not None
    assert course.at(minutes(5)).paged("boris") == [0, 5]
    course.do(Assign(by=BORIS, person="eve"))
    assert course.incident.escalation is None


def test_handing_it_to_who_was_called_answers_the_call() -> None:
    """Made the holder, whoever was called has answered."""
    course = held()
    course.do(Escalate(by=ANNA))
    course.do(Assign(by=Source(name="pagerduty"), person="boris"))
    assert course.incident.escalation is None


def test_the_end_ends_a_call() -> None:
    """A call for more authority ends with the incident, and does not come back when it is reopened."""
    course = held()
    course.do(Escalate(by=ANNA))
    course.do(Resolve(by=ANNA))
    assert due(course.rules, course.incident) == {}
    course.do(Reopen(by=ANNA))
    assert course.incident.escalation is None


def test_the_holder_is_not_called_by_their_own_call() -> None:
    """When a call climbs to a role that the holder has too, the holder is left out."""
    people = {**PEOPLE, "boris": ("on_call", "team_lead"), "eve": ("team_lead",)}
    course = Course(the_rules(roster=a_roster(people))).declare("SEV-3")
    course.do(Acknowledge(by=BORIS))
    course.do(Escalate(by=BORIS, role="on_call"))
    course.at(minutes(5))
    assert course.paged("boris") == [0]
    assert course.paged("eve") == [5]


def test_a_called_person_who_cannot_be_reached_is_passed_over_at_once() -> None:
    """When nobody called can be written to, the call climbs at once; at the top it is tried again and again."""
    course = held()
    course.do(Escalate(by=ANNA))
    course.at(minutes(1))
    course.lose("boris")
    assert course.paged("clara") == [1]
    course.lose("clara")
    assert course.at(minutes(11)).paged("clara") == [1, 6, 11]


def test_one_of_two_called_is_enough() -> None:
    """While another of those called can be written to, a call does not climb before its time."""
    course = Course(the_rules(roster=a_roster({**PEOPLE, "eve": ("team_lead",)}))).declare("SEV-3")
    course.do(Acknowledge(by=ANNA))
    course.do(Escalate(by=ANNA))
    course.lose("boris")
    assert course.paged("clara") == []


def test_a_call_to_somebody_who_left_the_roster_goes_on_empty() -> None:
    """When the only one called has left the roster and nobody stands above, the call stays open and pages nobody."""
    course = held()
    course.do(Escalate(by=ANNA, role="cto"))
    course.with_rules(roster=a_roster(without("clara")))
    course.at(minutes(11))
    assert course.paged("clara") == [0]
    assert course.incident.escalation is not None


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
    course = held("SEV-1")
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


def test_a_drop_in_severity_keeps_a_call_of_a_mild_incident_alive() -> None:
    """A call stays open through a confirmed lower severity."""
    course = held("SEV-2")
    course.do(Escalate(by=ANNA, role="cto"))
    course.do(ChangeSeverity(by=ANNA, severity="SEV-4", confirmed=True))
    assert course.at(minutes(5)).paged("clara") == [0, 5]
