"""What breaks the watch over a fix, and when."""

import pytest

from bot.domain.acting_commands import Breach, ObserveTrigger
from bot.domain.acting_events import ActionEnding
from bot.domain.commands import TakeAlerts
from bot.domain.incident import Status
from bot.domain.measures import Verdict
from bot.domain.resolving_events import VerificationBroken, VerificationStarted, WhyBroken, WhyUnverified
from bot.domain.timers import deadlines
from tests.domain.builders import ALERTMANAGER, NABAT, THURSDAY, an_alert, minutes
from tests.domain.fix_watch import finish, last, look, watched, whys


def test_a_breach_that_held_breaks_the_watch() -> None:
    """Not in the first two minutes, while rates settle; then at once, and the holder hears of it."""
    course = watched()
    look(course, Verdict.BAD, held=True)
    assert course.incident.status is Status.VERIFYING
    course.at(minutes(2))
    look(course, Verdict.BAD, held=True)
    broken = last(course, VerificationBroken)
    assert (broken.why, broken.what, broken.value) == (WhyBroken.METRIC, "Error rate", 0.07)
    assert (course.incident.status, course.incident.holder) == (Status.IN_HAND, "anna")
    assert course.pinged("anna") == [2]
    assert deadlines(course.rules, course.incident).update_by == THURSDAY + minutes(62)
    assert course.told("stakeholders", VerificationStarted) == [0]
    assert course.told("stakeholders", VerificationBroken) == [2]


def test_a_value_that_is_bad_at_the_end_waits_for_its_verdict() -> None:
    """It is neither over nor broken; when it is still bad five minutes later it is not over."""
    course = watched()
    finish(course)
    course.at(minutes(30))
    look(course, Verdict.BAD)
    assert course.incident.status is Status.VERIFYING
    course.at(minutes(35))
    assert last(course, VerificationBroken).what == "Error rate"


@pytest.mark.parametrize(
    ("ending", "code"),
    [
        (ActionEnding.EXITED, 1),
        (ActionEnding.TIMED_OUT, None),
        (ActionEnding.ANSWERED, 503),
        (ActionEnding.KILLED, None),
    ],
)
def test_tests_that_fail_break_the_watch(ending: ActionEnding, code: int | None) -> None:
    """At once."""
    course = watched()
    finish(course, ending, code)
    assert (last(course, VerificationBroken).why, last(course, VerificationBroken).what) == (
        WhyBroken.ACTION,
        "Smoke tests",
    )


def test_an_alert_that_fires_anew_breaks_the_watch() -> None:
    """One that fires since before does not, and is said at the end; one that ended and fires again does."""
    course = watched(by=ALERTMANAGER, alerts=(an_alert("a"), an_alert("b")))
    finish(course)
    look(course)
    course.do(TakeAlerts(ALERTMANAGER, (an_alert("a", firing=False),)))
    course.at(minutes(30))
    look(course)
    assert whys(course) == {"Test": WhyUnverified.STILL_FIRING}
    again = watched(by=ALERTMANAGER, alerts=(an_alert("a"),))
    again.do(TakeAlerts(ALERTMANAGER, (an_alert("a", firing=False),)))
    again.do(TakeAlerts(ALERTMANAGER, (an_alert("a", starts_at=THURSDAY + minutes(1)),)))
    assert last(again, VerificationBroken).why is WhyBroken.ALERT


def test_a_row_of_the_matrix_breaks_the_watch() -> None:
    """What rolls back by itself is not over."""
    course = watched()
    course.do(ObserveTrigger(NABAT, "error-rate-elevated", Breach(0.07)))
    assert last(course, VerificationBroken).why is WhyBroken.TRIGGER
    course.do(ObserveTrigger(NABAT, "latency-elevated", Breach(0.3)))
    assert course.incident.status is Status.IN_HAND
