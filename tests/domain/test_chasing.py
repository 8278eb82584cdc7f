"""A missed status update: the holder is pinged, then the next authority; and why one was put off."""

from bot.domain.chasing_commands import ExplainSnooze
from bot.domain.chasing_events import SnoozeExplained, UpdateEscalated
from bot.domain.commands import Acknowledge, Assign, PostUpdate, Resolve, SnoozeUpdate
from bot.domain.events import UpdateOverdue
from bot.domain.rejections import AlreadyClosed, NothingSaid, NothingSnoozed, TooLong
from tests.domain.builders import ANNA, BORIS, CLARA, PATIENT, Course, a_plan, a_roster, minutes, the_rules


def in_hand() -> Course:
    """A SEV-1 that Anna has from the first minute: updates every 30 minutes, the ping 5 minutes later."""
    course = Course(the_rules(PATIENT)).declare()
    course.do(Acknowledge(by=ANNA))
    return course


def test_a_missed_update_climbs_in_authority() -> None:
    """The team lead is asked ten minutes after the holder, a cadence later the CTO, who is then asked each time."""
    course = in_hand().at(minutes(110))
    assert course.pinged("anna") == [35, 65, 95]
    assert course.pinged("boris") == [45]
    assert course.pinged("clara") == [75, 105]
    assert course.told("thread", UpdateEscalated) == [45, 75, 105]


def test_an_update_ends_the_climb() -> None:
    """The chase after the next missed update begins with the team lead again."""
    course = in_hand().at(minutes(50))
    course.do(PostUpdate(by=BORIS, text="Still rolling back"))
    assert course.at(minutes(100)).pinged("boris") == [45, 95]


def test_only_those_above_the_holder_are_asked() -> None:
    """What the team lead holds is asked of the CTO; what the CTO holds, of the rest of the team."""
    course = in_hand()
    course.do(Assign(by=BORIS, person="boris"))
    course.at(minutes(45))
    assert (course.pinged("boris"), course.pinged("clara")) == ([35], [45])
    course.do(Assign(by=CLARA, person="clara"))
    course.at(minutes(75))
    assert course.pinged("dan") == course.pinged("eve") == [75]


def test_who_cant_be_written_to_is_passed_over() -> None:
    """With the team lead out of reach the CTO is asked at once."""
    course = in_hand()
    course.lose("boris")
    course.at(minutes(75))
    assert (course.pinged("boris"), course.pinged("clara")) == ([], [45, 75])


def test_a_team_of_one_has_nobody_to_ask() -> None:
    """The chase goes on, and says that there is nobody."""
    course = Course(the_rules(PATIENT, roster=a_roster({"anna": ("on_call",)}))).declare(by=ANNA)
    course.do(Acknowledge(by=ANNA))
    course.at(minutes(45))
    (called,) = [event for event in course.log if isinstance(event, UpdateEscalated)]
    assert (called.role, called.people) == ("team", ())


def test_while_nobody_has_it_the_pages_ask() -> None:
    """An unanswered incident calls for authority by its pages, not by a missed update."""
    assert Course(the_rules(PATIENT)).declare().at(minutes(60)).happened(UpdateEscalated) == []


def test_a_short_cadence_cuts_the_times() -> None:
    """The call to the next authority never comes later than the holder's next ping."""
    rules = the_rules(a_plan({"SEV-1": {"update_every": "4m"}}))
    course = Course(rules).declare()
    course.do(Acknowledge(by=ANNA))
    course.at(minutes(16))
    assert course.happened(UpdateOverdue) == [8, 12, 16]
    assert course.happened(UpdateEscalated) == [12, 16]


def test_a_snooze_is_explained() -> None:
    """The reason stays in the log; the next reminder comes as it was planned."""
    course = in_hand().at(minutes(31))
    course.do(SnoozeUpdate(by=ANNA))
    course.do(ExplainSnooze(by=ANNA, reason=" A fix is being tried "))
    (explained,) = [event for event in course.log if isinstance(event, SnoozeExplained)]
    assert explained.reason == "A fix is being tried"
    assert course.incident.snoozed_until == course.started + minutes(41)
    assert course.at(minutes(56)).pinged("boris") == [56]
    course.do(ExplainSnooze(by=ANNA, reason="It took longer"))


def test_a_reason_has_bounds() -> None:
    """It says something, in at most 300 characters."""
    course = in_hand().at(minutes(31))
    course.do(SnoozeUpdate(by=ANNA))
    assert course.refuse(ExplainSnooze(by=ANNA, reason=" ")) == NothingSaid()
    assert course.refuse(ExplainSnooze(by=ANNA, reason="x" * 301)) == TooLong(300)


def test_only_a_snooze_is_explained() -> None:
    """Without one, and after the update or the end, there is nothing to explain."""
    course = in_hand()
    assert course.refuse(ExplainSnooze(by=ANNA, reason="x")) == NothingSnoozed()
    course.do(SnoozeUpdate(by=ANNA))
    course.do(PostUpdate(by=ANNA, text="x"))
    assert course.refuse(ExplainSnooze(by=ANNA, reason="x")) == NothingSnoozed()
    course.do(Resolve(by=ANNA))
    assert course.refuse(ExplainSnooze(by=ANNA, reason="x")) == AlreadyClosed()
