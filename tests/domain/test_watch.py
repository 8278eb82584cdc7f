"""The watch over a fix: how it begins, and what holds while it lasts."""

from bot.domain.acting_events import ActionStarted
from bot.domain.commands import Acknowledge, Assign, Escalate, Reopen, Resolve
from bot.domain.events import Resolved, UpdateReminded
from bot.domain.evolving import evolve
from bot.domain.incident import Status
from bot.domain.measures import Verdict
from bot.domain.resolving_commands import MetricLook, ObserveFix
from bot.domain.resolving_events import MetricSeen, VerificationBroken, WhyBroken
from bot.domain.rulings import verifying
from bot.domain.timers import RESOLVE, UPDATE, deadlines, due
from bot.domain.verifying_times import BROKEN, END, LATE
from tests.domain.builders import ANNA, BUILT_IN, DAN, NABAT, PATIENT, THURSDAY, Course, minutes
from tests.domain.fix_watch import TITLES, finish, in_hand, last, look, rules, watched


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
