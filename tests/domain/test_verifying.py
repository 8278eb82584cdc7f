"""The watch over a fix: how it begins, what breaks it, and how it ends."""

from typing import Any

import pytest

from bot.domain.acting_commands import Breach, FinishAction, LoseAction, ObserveTrigger, StartAction
from bot.domain.acting_events import ActionEnding, ActionStarted
from bot.domain.commands import Acknowledge, Assign, Escalate, Reopen, Resolve, TakeAlerts
from bot.domain.events import Event, Resolved, UpdateReminded
from bot.domain.evolving import evolve
from bot.domain.incident import Status
from bot.domain.measures import Verdict
from bot.domain.plan import Plan
from bot.domain.rejections import SayWhyNow, UnderVerification
from bot.domain.resolving_commands import MetricLook, ObserveFix
from bot.domain.resolving_events import (
    MetricSeen,
    VerificationBroken,
    VerificationStarted,
    WhyBroken,
    WhyUnverified,
)
from bot.domain.rules import Rules, Verifiable
from bot.domain.rulings import verifying
from bot.domain.timers import RESOLVE, UPDATE, deadlines, due
from bot.domain.verifying_times import BROKEN, END, LATE
from tests.domain.builders import (
    ALERTMANAGER,
    ANNA,
    BORIS,
    BUILT_IN,
    DAN,
    NABAT,
    PATIENT,
    THURSDAY,
    Course,
    a_plan,
    an_alert,
    minutes,
    the_rules,
)

ALL = Verifiable(has_metrics=True, runnable=frozenset({"smoke_tests"}))
TITLES = ("Error rate", "Latency P95", "Smoke tests")


def rules(able: Verifiable = ALL, plan: Plan = BUILT_IN) -> Rules:
    """The built-in plan where this much can be verified."""
    return the_rules(plan, verifiable=able)


def in_hand(able: Verifiable = ALL, **more: Any) -> Course:
    """An incident that Anna has."""
    course = Course(rules(able)).declare("SEV-2", **more)
    course.do(Acknowledge(ANNA))
    return course


def watched(able: Verifiable = ALL, **more: Any) -> Course:
    """An incident whose fix is watched since its beginning."""
    course = in_hand(able, **more)
    course.do(Resolve(ANNA, "rolled back"))
    return course


def look(course: Course, error: Verdict = Verdict.GOOD, latency: Verdict = Verdict.GOOD, *, held: bool = False) -> None:
    """Both metrics are looked at."""
    looks = (MetricLook("error_rate", error, 0.07, held), MetricLook("latency_p95", latency, 0.02))
    course.do(ObserveFix(NABAT, looks, course.now))


def finish(course: Course, ending: ActionEnding = ActionEnding.EXITED, code: int | None = 0) -> None:
    """The smoke tests end."""
    course.do(FinishAction(NABAT, course.incident.acting.runs[-1].number, ending, code))


def last(course: Course, kind: type[Event]) -> Any:
    """The last event of a kind."""
    return next(event for event in reversed(course.log) if isinstance(event, kind))


def whys(course: Course) -> dict[str, WhyUnverified]:
    """What the resolution did not verify, and why."""
    return {each.title: each.why for each in last(course, Resolved).unverified}


def test_a_fix_is_watched_before_it_counts() -> None:
    """Resolve starts the test and the watch; nothing is chased meanwhile; after 30 minutes it is resolved."""
    course = watched()
    assert course.incident.status is Status.VERIFYING
    assert isinstance(course.log[-1], ActionStarted)
    assert course.incident.acting.run(course.log[-1].run) is not None
    timers = due(course.rules, course.incident)
    assert timers[END] == THURSDAY + minutes(30) + LATE
    assert not {UPDATE, RESOLVE} & set(timers)
    assert deadlines(course.rules, course.incident).update_by is None
    look(course)
    finish(course)
    course.at(minutes(30))
    look(course)
    over = last(course, Resolved)
    assert (over.by, over.reason, over.verified, over.unverified) == (ANNA, "rolled back", TITLES, ())
    assert course.incident.resolution.verified is not None
    assert course.incident.resolution.verification is None


def test_a_long_watch_owes_updates_as_ever() -> None:
    """Written plan: every hour at SEV-2. A watch of an hour owes none, one of two hours does, and is chased for it."""
    for length, asked in ((60, []), (120, [60])):
        plan = PATIENT.model_copy(
            update={"verification": BUILT_IN.verification.model_copy(update={"watch_for": minutes(length)})}
        )
        course = Course(rules(plan=plan)).declare("SEV-2")
        course.do(Acknowledge(ANNA))
        course.do(Resolve(ANNA))
        finish(course)
        course.at(minutes(60))
        assert course.happened(UpdateReminded) == asked
        if asked:
            assert course.at(minutes(76)).pinged("anna") == [65]
            assert course.pinged("boris") == [75]


def test_nobody_who_resolves_leaves_it_without_a_holder() -> None:
    """Whoever says that it is over has it from then on; a hand-over during the watch keeps the watch."""
    course = Course(rules()).declare("SEV-2")
    course.do(Resolve(ANNA))
    assert (course.incident.status, course.incident.holder) == (Status.VERIFYING, "anna")
    course.do(Assign(ANNA, "boris"))
    assert (course.incident.status, course.incident.holder) == (Status.VERIFYING, "boris")


def test_an_observation_is_kept_when_it_says_something_new() -> None:
    """The same twice is one event; a metric that is not watched, and a watch that is over, are none."""
    course = watched()
    look(course)
    look(course)
    course.do(ObserveFix(NABAT, (MetricLook("memory", Verdict.BAD, held=True),), course.now))
    assert len(course.happened(MetricSeen)) == 2
    course.do(Reopen(DAN, "still slow"))
    look(course)
    assert len(course.happened(MetricSeen)) == 2
    assert last(course, VerificationBroken).why is WhyBroken.BY_HAND
    assert course.pinged("anna") == []


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


def test_tests_that_never_end_hold_up_nothing() -> None:
    """At the time limit nobody knows how they ended."""
    course = watched()
    look(course)
    course.at(minutes(35))
    assert whys(course)["Smoke tests"] is WhyUnverified.UNKNOWN_END


def test_what_could_not_be_read_for_a_while_is_not_verified() -> None:
    """Unknown is said, even when it was read again later."""
    course = watched()
    finish(course)
    look(course, Verdict.UNKNOWN)
    look(course)
    course.at(minutes(30))
    look(course)
    assert whys(course) == {"Error rate": WhyUnverified.UNREADABLE}
    assert course.incident.resolution.verified is None


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


@pytest.mark.parametrize(
    ("ending", "code", "why"),
    [
        (ActionEnding.EXITED, 127, WhyUnverified.CANNOT_RUN),
        (ActionEnding.NOT_STARTED, None, WhyUnverified.CANNOT_RUN),
        (ActionEnding.NOT_ANSWERED, None, WhyUnverified.UNKNOWN_END),
    ],
)
def test_tests_that_say_nothing_hold_up_nothing(ending: ActionEnding, code: int | None, why: WhyUnverified) -> None:
    """A test that never began is no verdict on the fix."""
    course = watched()
    finish(course, ending, code)
    look(course)
    course.at(minutes(30))
    look(course)
    assert whys(course) == {"Smoke tests": why}


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


def test_it_can_be_over_at_once_for_a_reason() -> None:
    """During the watch and in its place; without a reason neither."""
    course = watched()
    assert course.refuse(Resolve(BORIS)) == UnderVerification()
    assert course.refuse(Resolve(BORIS, " ", at_once=True)) == SayWhyNow()
    look(course)
    course.do(Resolve(BORIS, "seen by hand", at_once=True))
    assert whys(course) == dict.fromkeys(TITLES, WhyUnverified.SKIPPED)
    assert last(course, Resolved).by == BORIS
    other = in_hand()
    other.do(Resolve(ANNA, "a false alarm", at_once=True))
    assert whys(other) == dict.fromkeys(TITLES, WhyUnverified.SKIPPED)
    third = watched()
    finish(third, ActionEnding.STOPPED, None)
    third.do(Resolve(BORIS, "seen by hand", at_once=True))
    assert whys(third)["Smoke tests"] is WhyUnverified.UNKNOWN_END


def test_without_eyes_and_hands_it_is_resolved_at_once() -> None:
    """What was not verified is said; a program's word needs no watch either."""
    course = in_hand(Verifiable())
    course.do(Resolve(ANNA))
    assert whys(course) == {
        "Error rate": WhyUnverified.NO_METRICS,
        "Latency P95": WhyUnverified.NO_METRICS,
        "Smoke tests": WhyUnverified.CANNOT_RUN,
    }
    told = in_hand()
    told.do(Resolve(ALERTMANAGER))
    assert whys(told) == dict.fromkeys(TITLES, WhyUnverified.SKIPPED)
    nothing = Course(rules(plan=a_plan())).declare()
    nothing.do(Resolve(ANNA))
    assert last(nothing, Resolved).unverified == ()


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


def test_who_may_not_run_the_tests_does_not_start_them() -> None:
    """Whoever may can with /run, which counts; else it is said at the end. Alone they hold up nothing."""
    course = in_hand()
    course.do(Resolve(DAN))
    assert course.happened(ActionStarted) == []
    course.do(StartAction(ANNA, "smoke_tests", confirmed=True))
    finish(course)
    look(course)
    course.at(minutes(30))
    look(course)
    assert last(course, Resolved).verified == TITLES
    other = in_hand()
    other.do(Resolve(DAN))
    other.at(minutes(30))
    look(other)
    assert whys(other) == {"Smoke tests": WhyUnverified.NOT_RUN}
    alone = in_hand(Verifiable(runnable=frozenset({"smoke_tests"})))
    alone.do(Resolve(DAN))
    assert whys(alone)["Smoke tests"] is WhyUnverified.NOT_RUN
    skipped = in_hand()
    skipped.do(Resolve(DAN))
    skipped.do(Resolve(DAN, "seen by hand", at_once=True))
    assert whys(skipped)["Smoke tests"] is WhyUnverified.SKIPPED


def test_a_call_for_authority_ends_with_the_watch() -> None:
    """Somebody called it fixed: nobody above is paged for it any more."""
    course = in_hand()
    course.do(Escalate(ANNA))
    course.do(Resolve(ANNA))
    assert course.incident.escalation is None


def test_late_words_about_a_watch_that_is_over_change_nothing() -> None:
    """A replay of such an event keeps the state, and its timers lead to nothing."""
    course = in_hand()
    seen = MetricSeen(at=THURSDAY, by=NABAT, metric="error_rate", title="Error rate", verdict=Verdict.GOOD)
    assert evolve(course.incident, seen).resolution == course.incident.resolution
    assert verifying.fall_due(course.rules, course.incident, BROKEN, THURSDAY) == ()


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
