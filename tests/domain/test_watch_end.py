"""How a watch over a fix comes to its end."""

import pytest

from bot.domain.acting_commands import FinishAction
from bot.domain.acting_events import ActionEnding
from bot.domain.alerts import Alert
from bot.domain.approval import APPROVAL
from bot.domain.commands import Acknowledge, Assign, Command, FireTimer, Note, Resolve, TakeAlerts
from bot.domain.events import Resolved
from bot.domain.incident import Status
from bot.domain.resolving_events import WhyUnverified
from bot.domain.rules import Verifiable
from bot.domain.timers import due
from bot.domain.verifying_times import END
from tests.domain.builders import ALERTMANAGER, ANNA, DAN, NABAT, Course, an_alert, minutes, the_rules

QUIET: tuple[Alert, ...] = (an_alert("a", firing=False),)


def overdue(able: Verifiable) -> Course:
    """A watch of 30 minutes whose end, and what waits for it, went by during a stop of two hours."""
    course = Course(the_rules(verifiable=able)).declare("SEV-2", by=ALERTMANAGER, alerts=(an_alert("a"),))
    course.do(Acknowledge(ANNA))
    course.do(Resolve(ANNA, "rolled back"))
    return course.sleep_until(minutes(120))


@pytest.mark.parametrize(
    "command",
    [
        Note(DAN, "still slow?"),
        Assign(DAN, "boris"),
        TakeAlerts(ALERTMANAGER, QUIET),
        FinishAction(NABAT, 8, ActionEnding.EXITED, 0),
        FireTimer(NABAT, APPROVAL),
    ],
)
def test_only_its_own_timer_ends_a_watch_that_is_overdue(command: Command) -> None:
    """A press or an alert right after a start comes before anybody has looked what the metrics did meanwhile."""
    course = overdue(Verifiable(has_metrics=True, runnable=frozenset({"smoke_tests"})))
    assert course.do(command).events
    assert course.incident.status is Status.VERIFYING
    assert due(course.rules, course.incident)[END] == course.started + minutes(35)
    course.do(FireTimer(NABAT, END))
    (ended,) = (event for event in course.log if isinstance(event, Resolved))
    assert WhyUnverified.NOT_WATCHED in {each.why for each in ended.unverified}


def test_whatever_comes_first_ends_a_watch_without_metrics() -> None:
    """There is nothing to be looked at."""
    course = overdue(Verifiable(runnable=frozenset({"smoke_tests"})))
    course.do(Note(DAN, "still slow?"))
    assert course.incident.status is Status.RESOLVED
