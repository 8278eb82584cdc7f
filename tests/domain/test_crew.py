"""Roles inside an incident: taken, handed over, given up, and the holder who commands by default."""

from bot.domain.commands import Acknowledge, Assign, Reopen, Resolve
from bot.domain.crew_commands import GiveRole
from bot.domain.crew_events import IncidentRole, RoleGiven
from bot.domain.intents import Ping
from bot.domain.rejections import AlreadyClosed, HasThatRole, NotOnTheTeam, UnknownPerson
from tests.domain.builders import ANNA, BORIS, DAN, PATIENT, STRANGER, Course, minutes, the_rules

COMMANDER, COMMUNICATIONS, SCRIBE = IncidentRole


def in_hand() -> Course:
    """Anna has it."""
    course = Course().declare("SEV-3")
    course.do(Acknowledge(by=ANNA))
    return course


def pinged(course: Course) -> list[str]:
    """Who was written to about the last decision."""
    return [intent.person for intent in course.moments[-1].intents if isinstance(intent, Ping)]


def test_the_holder_commands_by_default() -> None:
    """Nobody commands what nobody has; command goes with the incident until somebody takes it."""
    course = Course().declare("SEV-3")
    assert course.incident.in_role(COMMANDER) is None
    course.do(Acknowledge(by=ANNA))
    assert course.incident.in_role(COMMANDER) == "anna"
    assert course.incident.in_role(SCRIBE) is None
    course.do(Assign(by=ANNA, person="dan"))
    assert course.incident.in_role(COMMANDER) == "dan"
    course.do(GiveRole(by=BORIS, role=COMMANDER, person="boris"))
    course.do(Assign(by=DAN, person="anna"))
    assert course.incident.in_role(COMMANDER) == "boris"


def test_a_role_is_taken_and_taken_over() -> None:
    """The log says who had it; whoever lost it is told, and whoever took it knows."""
    course = in_hand().at(minutes(2))
    course.do(GiveRole(by=DAN, role=SCRIBE, person="dan"))
    assert pinged(course) == []
    (event,) = course.do(GiveRole(by=BORIS, role=SCRIBE, person="boris")).events
    assert isinstance(event, RoleGiven)
    assert (event.person, event.before) == ("boris", "dan")
    assert pinged(course) == ["dan"]
    assert course.incident.crew.seats[SCRIBE].since == course.started + minutes(2)


def test_whoever_has_communications_is_pinged_for_a_late_update() -> None:
    """The update is their job, and the holder answers for it: both hear of it; the holder alone where they can't be."""
    course = Course(the_rules(PATIENT)).declare("SEV-1")
    course.do(Acknowledge(by=ANNA))
    course.do(GiveRole(by=DAN, role=COMMUNICATIONS, person="dan"))
    assert (course.at(minutes(40)).pinged("dan"), course.pinged("anna")) == ([35], [35])
    course.lose("dan")
    assert (course.at(minutes(70)).pinged("dan"), course.pinged("anna")) == ([35], [35, 65])


def test_a_role_is_handed_over() -> None:
    """Both who has it now and who had it are told when a third one did it."""
    course = in_hand()
    course.do(GiveRole(by=ANNA, role=COMMUNICATIONS, person="dan"))
    assert pinged(course) == ["dan"]
    course.do(GiveRole(by=ANNA, role=COMMUNICATIONS, person="boris"))
    assert pinged(course) == ["boris", "dan"]
    assert course.refuse(GiveRole(by=ANNA, role=COMMUNICATIONS, person="boris")) == HasThatRole(COMMUNICATIONS, "boris")
    assert isinstance(course.refuse(GiveRole(by=ANNA, role=SCRIBE, person="zoe")), UnknownPerson)
    assert course.refuse(GiveRole(by=STRANGER, role=SCRIBE, person="dan")) == NotOnTheTeam()


def test_a_role_is_given_up() -> None:
    """Command falls back to the holder; what nobody has can't be given up."""
    course = in_hand()
    course.do(GiveRole(by=BORIS, role=COMMANDER, person="boris"))
    course.do(GiveRole(by=BORIS, role=COMMANDER, person=None))
    assert course.incident.in_role(COMMANDER) == "anna"
    assert course.do(GiveRole(by=BORIS, role=COMMANDER, person=None)).events == ()


def test_what_comes_back_is_manned_anew() -> None:
    """After the end nobody takes a role; reopened, whoever is there does."""
    course = in_hand()
    course.do(GiveRole(by=DAN, role=SCRIBE, person="dan"))
    course.do(Resolve(by=ANNA))
    assert course.refuse(GiveRole(by=DAN, role=SCRIBE, person="dan")) == AlreadyClosed()
    course.do(Reopen(by=ANNA))
    assert not course.incident.crew.seats
