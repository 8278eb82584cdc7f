"""Status updates: when one is due, how a missed one is chased, and putting it off."""

from datetime import timedelta

import pytest

from bot.domain.commands import Acknowledge, PostUpdate, SnoozeUpdate
from bot.domain.events import UpdateOverdue, UpdatePosted, UpdateReminded
from bot.domain.plan import Plan
from bot.domain.rejections import SnoozeOutOfRange
from bot.domain.timers import deadlines
from tests.domain.builders import ANNA, BUILT_IN, THURSDAY, Course, minutes, the_rules


def in_hand(severity: str = "SEV-1") -> Course:
    """An incident that Anna has from the first minute."""
    course = Course().declare(severity)
    course.do(Acknowledge(by=ANNA))
    return course


def test_an_update_in_time_moves_the_next_one() -> None:
    """The next update is due a cadence after the last one, and nobody is reminded before."""
    course = in_hand().at(minutes(20))
    course.do(PostUpdate(by=ANNA, text=" Rolling back "))
    assert deadlines(course.rules, course.incident).update_by == THURSDAY + minutes(50)
    assert course.at(minutes(49)).happened(UpdateReminded) == []
    assert course.at(minutes(50)).happened(UpdateReminded) == [50]
    assert course.incident.last_update is not None
    assert (course.incident.last_update.text, course.incident.updates_posted) == ("Rolling back", 1)


def test_an_update_while_overdue_ends_the_chase() -> None:
    """An update that comes late counts from then on."""
    course = in_hand().at(minutes(40))
    course.do(PostUpdate(by=ANNA, text="Back soon"))
    course.at(minutes(75))
    assert course.happened(UpdateReminded) == [30, 70]
    assert course.happened(UpdateOverdue) == [35, 75]


def test_an_update_between_the_reminder_and_the_ping_saves_the_ping() -> None:
    """Whoever answers the reminder is not pinged."""
    course = in_hand().at(minutes(33))
    course.do(PostUpdate(by=ANNA, text="x"))
    assert course.at(minutes(62)).happened(UpdateOverdue) == []


def test_a_snooze_puts_the_reminder_off() -> None:
    """Snoozed at the reminder, it comes ten minutes later once more, and the chase with it."""
    course = in_hand().at(minutes(31))
    course.do(SnoozeUpdate(by=ANNA, reason="On the phone"))
    assert deadlines(course.rules, course.incident).update_by == THURSDAY + minutes(41)
    course.at(minutes(47))
    assert course.happened(UpdateReminded) == [30, 41]
    assert course.happened(UpdateOverdue) == [46]


def test_a_snooze_longer_than_the_ping_silences_it() -> None:
    """Snoozed while overdue for longer than the ping's time, no ping comes before the new time."""
    course = in_hand().at(minutes(36))
    course.do(SnoozeUpdate(by=ANNA, length=minutes(20)))
    course.at(minutes(62))
    assert course.happened(UpdateReminded) == [30, 56]
    assert course.happened(UpdateOverdue) == [35, 61]


def test_a_snooze_never_brings_the_reminder_nearer() -> None:
    """Pressed long before the update is due, a snooze leaves it where it was."""
    course = in_hand().at(minutes(5))
    course.do(SnoozeUpdate(by=ANNA))
    assert course.at(minutes(60)).happened(UpdateReminded) == [30]


def test_an_update_ends_a_snooze() -> None:
    """An update posted during a snooze counts a whole cadence from then, not from the end of the snooze."""
    course = in_hand().at(minutes(31))
    course.do(SnoozeUpdate(by=ANNA))
    course.at(minutes(35))
    course.do(PostUpdate(by=ANNA, text="x"))
    assert course.at(minutes(66)).happened(UpdateReminded) == [30, 65]


@pytest.mark.parametrize("length", [timedelta(0), minutes(-5), timedelta(seconds=59), minutes(31)])
def test_a_snooze_has_bounds(length: timedelta) -> None:
    """A snooze is a minute at least and the cadence at most."""
    assert in_hand().refuse(SnoozeUpdate(by=ANNA, length=length)) == SnoozeOutOfRange(1800)


@pytest.mark.parametrize("length", [minutes(1), minutes(30)])
def test_the_bounds_of_a_snooze_are_allowed(length: timedelta) -> None:
    """A minute and a whole cadence are both taken."""
    course = in_hand().at(minutes(30))
    course.do(SnoozeUpdate(by=ANNA, length=length))
    assert course.incident.snoozed_until == THURSDAY + minutes(30) + length


def test_without_a_cadence_there_is_nothing_to_snooze() -> None:
    """A severity whose updates come as needed reminds of none and snoozes none."""
    course = in_hand("SEV-3")
    assert course.refuse(SnoozeUpdate(by=ANNA)) == SnoozeOutOfRange(0)
    assert deadlines(course.rules, course.incident).update_by is None


def test_the_plan_says_what_a_snooze_is_worth() -> None:
    """A snooze without a length is the plan's, cut to the cadence."""
    for snooze, minute in (("15m", 45), ("2h", 60)):
        content = BUILT_IN.model_dump(mode="json", by_alias=True) | {"updates": {"snooze": snooze}}
        course = Course(the_rules(Plan.model_validate(content))).declare()
        course.do(Acknowledge(by=ANNA))
        course.at(minutes(30))
        course.do(SnoozeUpdate(by=ANNA))
        assert course.incident.snoozed_until == THURSDAY + minutes(minute)


def test_updates_are_asked_for_while_nobody_has_it_too() -> None:
    """With nobody to ping, a missed update is said in the thread."""
    course = Course().declare().at(minutes(35))
    assert course.told("thread", UpdateOverdue) == [35]
    assert course.pinged("anna") == []


def test_an_update_reaches_the_stakeholders() -> None:
    """Every update goes to the stakeholders, of a severity without a cadence too."""
    course = in_hand("SEV-3")
    course.do(PostUpdate(by=ANNA, text="x"))
    assert course.told("stakeholders", UpdatePosted) == [0]
