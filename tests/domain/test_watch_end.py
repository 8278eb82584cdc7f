"""How a watch over a fix comes to its end."""

import pytest

from bot.domain.acting_commands import FinishAction, LoseAction
from bot.domain.acting_events import ActionEnding
from bot.domain.alerts import Alert
from bot.domain.approval import APPROVAL
from bot.domain.commands import Acknowledge, Assign, Command, FireTimer, Note, Resolve, TakeAlerts
from bot.domain.events import Resolved
from bot.domain.incident import Status
from bot.domain.measures import Verdict
from bot.domain.resolving_commands import MetricLook, ObserveFix
from bot.domain.resolving_events import WhyUnverified
from bot.domain.rules import Verifiable
from bot.domain.rulings import verifying
from bot.domain.timers import due
from bot.domain.verifying_times import END
from tests.domain.builders import (
    ALERTMANAGER,
    ANNA,
    BUILT_IN,
    DAN,
    NABAT,
    THURSDAY,
    Course,
    an_alert,
    minutes,
    the_rules,
)
from tests.domain.fix_watch import TITLES, finish, last, look, rules, watched, whys

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


def test_the_end_waits_for_the_tests_and_for_every_metric() -> None:
    """A look without one of the metrics, or a test that still runs, ends nothing; the time limit does."""
    course = watched()
    course.at(minutes(30))
    look(course)
    assert course.incident.status is Status.VERIFYING
    finish(course)
    course.do(ObserveFix(NABAT, (MetricLook("error_rate", Verdict.GOOD),), course.now))
    assert course.incident.status is Status.VERIFYING
    course.at(minutes(35))
    assert whys(course) == dict.fromkeys(TITLES[:2], WhyUnverified.NOT_WATCHED)


def test_the_tests_alone_are_waited_for() -> None:
    """No Prometheus: their end is the end; their own time limit bounds it."""
    course = watched(Verifiable(runnable=frozenset({"smoke_tests"})))
    assert due(course.rules, course.incident)[END] == THURSDAY + minutes(5) + verifying.ACTION_MARGIN
    finish(course)
    assert last(course, Resolved).verified == ("Smoke tests",)
    assert set(whys(course).values()) == {WhyUnverified.NO_METRICS}
    lost = watched(Verifiable(runnable=frozenset({"smoke_tests"})))
    lost.do(LoseAction(NABAT, lost.incident.acting.runs[-1].number))
    assert whys(lost)["Smoke tests"] is WhyUnverified.UNKNOWN_END


def test_a_plan_without_a_test_watches_its_metrics_alone() -> None:
    """And its metrics without a target say nothing of a fix."""
    alone = BUILT_IN.verification.model_copy(update={"action": None, "metrics": ("error_rate", "service_up")})
    course = Course(rules(plan=BUILT_IN.model_copy(update={"verification": alone}))).declare("SEV-2")
    course.do(Resolve(ANNA))
    course.at(minutes(30))
    course.do(ObserveFix(NABAT, (MetricLook("error_rate", Verdict.GOOD),), course.now))
    assert last(course, Resolved).verified == ("Error rate",)


def test_figures_that_were_asked_for_before_the_end_do_not_end_it() -> None:
    """A slow answer says how it was then; the watch ends with figures of its end."""
    course = watched()
    finish(course)
    course.at(minutes(29))
    asked_at = course.now
    course.at(minutes(30))
    looks = (MetricLook("error_rate", Verdict.GOOD), MetricLook("latency_p95", Verdict.GOOD))
    course.do(ObserveFix(NABAT, looks, asked_at))
    assert course.incident.status is Status.VERIFYING
    course.do(ObserveFix(NABAT, looks, course.now))
    assert course.incident.status is Status.RESOLVED
