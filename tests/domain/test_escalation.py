"""Asking for more authority, and paging past those who can't be reached."""

import pytest

from bot.domain.actors import Responder, Source
from bot.domain.commands import Acknowledge, Assign, ChangeSeverity, Escalate, Reopen, Resolve
from bot.domain.events import Escalated
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
    Course,
    a_roster,
    minutes,
    the_rules,
    without,
)


def held(severity: str = "SEV-3") -> Course:
    """An incident that Anna, on call, has."""
    course = Course().declare(severity)
    course.do(Acknowledge(by=ANNA))
    return course


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
    assert "escalation" not in due(course.rules, course.incident)
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


def test_a_drop_in_severity_keeps_a_call_of_a_mild_incident_alive() -> None:
    """A call stays open through a confirmed lower severity."""
    course = held("SEV-2")
    course.do(Escalate(by=ANNA, role="cto"))
    course.do(ChangeSeverity(by=ANNA, severity="SEV-4", confirmed=True))
    assert course.at(minutes(5)).paged("clara") == [0, 5]


def test_a_holder_without_a_role_calls_above_on_call() -> None:
    """Whoever has it without any role of authority calls the team lead, not those on call."""
    course = Course().declare("SEV-3")
    course.do(Acknowledge(by=DAN))
    course.do(Escalate(by=DAN))
    assert course.paged("boris") == [0]
    assert course.paged("anna") == [0]


@pytest.mark.parametrize("role", ["team", "cto"])
def test_an_outsider_answers_no_call(role: str) -> None:
    """A source that acknowledges for somebody outside the roster takes over from no holder, whoever is called."""
    course = held()
    course.do(Escalate(by=ANNA, role=role))
    outsider = Acknowledge(by=Source(name="pagerduty"), on_behalf_of="Zoe")
    assert course.refuse(outsider) == AlreadyAcknowledged("anna")
    assert course.incident.escalation is not None


def test_who_has_both_roles_is_called_once() -> None:
    """When a call climbs to a role of somebody already called, they get one page."""
    course = Course(the_rules(roster=a_roster({**PEOPLE, "boris": ("team_lead", "cto")}))).declare("SEV-3")
    course.do(Acknowledge(by=ANNA))
    course.do(Escalate(by=ANNA))
    assert course.at(minutes(5)).paged("boris") == [0, 5]
    assert course.paged("clara") == [5]


def test_above_the_whole_team_is_nobody() -> None:
    """A call to everybody that nobody answers is repeated, and called what it is: it goes down to no single role."""
    course = held()
    course.do(Escalate(by=ANNA, role="team"))
    course.at(minutes(12))
    assert course.happened(Escalated) == [0]
    assert course.paged("eve") == [0, 5, 10]
