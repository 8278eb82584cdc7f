"""Whatever happens, in whatever order: what holds of every incident at every time.

Whom a message goes to is held against the plan at every decision of every course of events: see `named_by_plan`.
"""

from datetime import timedelta
from typing import ClassVar, get_args

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import invariant

from bot.domain.approval import APPROVAL
from bot.domain.commands import Declare, FireTimer
from bot.domain.decide import decide
from bot.domain.events import Event, PageCause, Paged
from bot.domain.incident import Status
from bot.domain.intents import Page
from bot.domain.paging import answerable
from bot.domain.review_times import ITEM, REVIEW
from bot.domain.timers import BETA, BETA_TELL, NOTIFY, REPEAT, RESOLVE, RESPOND, UPDATE, UPDATE_OVERDUE, deadlines, due
from bot.domain.verifying_times import END
from tests.domain.builders import (
    NABAT,
    Course,
    a_plan,
    minutes,
    the_rules,
)
from tests.domain.life import Life
from tests.domain.log_facts import facts_of
from tests.domain.random_commands import KINDS, every_kind

MOST = 0.7
"""Of the kinds of events; some take luck, and which ones differs as the domain grows."""


def every_kind_of_event() -> frozenset[type[Event]]:
    """Each kind of event that a log can hold."""
    return frozenset(get_args(get_args(Event)[0]))


class WhateverHappens(Life):
    """What holds of it."""

    seen: ClassVar[set[type[Event]]] = set()
    """The kinds of events of all lives so far."""

    def teardown(self) -> None:
        """Remember what happened."""
        self.seen.update(map(type, self.course.log))

    @invariant()
    def the_log_makes_the_state(self) -> None:
        """Replaying the log gives the same state, as many events as its version."""
        if self.course.state is not None:
            assert self.course.replayed() == self.course.incident
            assert self.course.incident.version == len(self.course.log)

    @invariant()
    def an_open_incident_always_waits_for_something(self) -> None:
        """Open means that a deadline lies ahead; closed: none but of the review and the closing word."""
        incident = self.course.state
        if incident is None:
            return
        timers = due(self.course.rules, incident)
        assert incident.is_open or all(key.startswith((REVIEW, ITEM, APPROVAL)) for key in timers)
        if incident.is_open:
            assert not all(key.startswith((REVIEW, ITEM)) for key in timers)
            limits = deadlines(self.course.rules, incident)
            assert (limits.respond_by is None) is (incident.status is not Status.UNANSWERED)
            assert (incident.holder is None) is (incident.status is Status.UNANSWERED)

    @invariant()
    def no_timer_is_older_than_the_severity(self) -> None:
        """Nothing is due at a time before the present severity began, but for a call and a watch that outlive it."""
        incident = self.course.state
        if incident is None:
            return
        timers = due(self.course.rules, incident)
        steps = {f"{NOTIFY}{number}" for number, _ in enumerate(self.course.rules.severity(incident.severity).notify)}
        assert {key for key in timers if key.startswith(NOTIFY)} <= steps
        outliving = {"escalation", END}
        assert all(at >= incident.severity_since for key, at in timers.items() if key not in outliving)

    @invariant()
    def what_is_due_is_what_the_severity_plans(self) -> None:
        """Steps, the resolution and the first update count from the present severity, as if it had been the first."""
        incident = self.course.state
        if incident is None or not incident.is_open:
            return
        plan, facts = self.course.rules.plan, facts_of(self.course.log)
        severity, after = plan.severities[facts.severity], plan.calendar.after
        timers = due(self.course.rules, incident)
        assert {key: at for key, at in timers.items() if key.startswith(NOTIFY)} == {
            f"{NOTIFY}{number}": after(facts.since, step.after)
            for number, step in enumerate(severity.notify)
            if number not in facts.steps and not (facts.holder is not None and step.unless == "acknowledged")
        }
        if incident.status is not Status.VERIFYING:
            assert timers[RESOLVE] == after(facts.resolution_asked_at or facts.since, severity.resolve_within)
        if severity.update_every and not facts.updates_moved and incident.following.since is None:
            assert timers[UPDATE] == facts.since + severity.update_every

    @invariant()
    def no_timer_is_left_of_a_launch(self) -> None:
        """What is due follows the launch that is on, the stricter of its times and the severity's, and no other."""
        incident = self.course.state
        if incident is None or not incident.is_open:
            return
        rules = self.course.rules
        launch = rules.beta.launch_at(self.course.now)
        assert incident.following.since == (launch.since if launch else None)
        severity = rules.severity(incident.severity)
        usual = rules.plan.calendar.after(incident.severity_since, severity.respond_within)
        strict = max(launch.since, incident.severity_since) + rules.plan.beta.respond_within if launch else usual
        timers = due(rules, incident)
        assert RESPOND not in timers or timers[RESPOND] == min(usual, strict)
        assert launch is not None or BETA_TELL not in timers
        nexts = [incident.update_base + severity.update_every] if severity.update_every else []
        nexts += [max(launch.since, incident.update_base) + rules.plan.beta.digest_every] if launch else []
        watch = incident.resolution.verification
        owed = any(watch is None or at < watch.until for at in nexts)
        assert bool({UPDATE, UPDATE_OVERDUE} & set(timers)) is owed
        assert launch is None or timers[BETA] == launch.until

    @invariant()
    def a_page_is_never_lost_in_silence(self) -> None:
        """While nobody has it and somebody was asked, a repeat or the deadline to respond is ahead, or all is done."""
        incident = self.course.state
        if incident is None or incident.status is not Status.UNANSWERED:
            return
        severity = self.course.rules.severity(incident.severity)
        timers = due(self.course.rules, incident)
        assert incident.response_overdue or RESPOND in timers
        if severity.repeat_every and incident.last_paged_at is not None:
            assert REPEAT in timers
        repeats = [event for event in self.course.log if isinstance(event, Paged) and event.cause is PageCause.REPEAT]
        assert all(event.people for event in repeats)

    @invariant()
    def nobody_asked_waits_longer_than_the_cadence(self) -> None:
        """While nobody has it, each one asked who can be reached is paged again within the cadence of repeats."""
        incident = self.course.state
        if incident is None or incident.status is not Status.UNANSWERED:
            return
        every = self.course.rules.severity(incident.severity).repeat_every
        repeat = due(self.course.rules, incident).get(REPEAT)
        if every and repeat:
            for person in answerable(self.course.rules, incident, incident.paged):
                assert repeat <= incident.told_at[person] + every


WhateverHappens.TestCase.settings = settings(
    max_examples=100,
    stateful_step_count=50,
    deadline=None,
    database=None,
    phases=(Phase.explicit, Phase.generate),  # to shrink such a life takes minutes, and tells little more
    derandomize=True,  # nearly the same lives in every run: constants of imported modules are drawn from, too
    suppress_health_check=[HealthCheck.too_slow],
)


@pytest.mark.no_cover  # named examples reach every branch; tracing would double the time of these lives
class TestWhateverHappens(WhateverHappens.TestCase):
    """Runs the machine above."""

    def runTest(self) -> None:  # noqa: N802 - unittest's name
        """What holds of the lives means something only if most of what can happen does."""
        super().runTest()
        assert len(WhateverHappens.seen) >= MOST * len(every_kind_of_event())


@pytest.mark.parametrize("severity", ["SEV-1", "SEV-2", "SEV-3", "SEV-4"])
def test_an_unanswered_incident_pages_somebody_by_its_deadline(severity: str) -> None:
    """With all of on-call out of reach from the start, somebody who can be reached is paged by the deadline."""
    course = Course().declare(severity)
    course.lose("anna")
    reached = [page for page in course.pages() if page.person != "anna"]
    assert reached
    assert reached[0].after == timedelta(0)


def test_a_plan_that_would_never_settle_is_found_out() -> None:
    """A timer that re-arms itself at once is a mistake of the program, and ends the decision instead of hanging."""
    plan = a_plan({"SEV-1": {"update_every": "1m"}})
    broken = plan.severities["SEV-1"].model_copy(update={"update_every": timedelta(0)})
    course = Course(the_rules(plan)).declare()
    course.with_rules(plan=plan.model_copy(update={"severities": {"SEV-1": broken}})).sleep_until(minutes(60))
    with pytest.raises(AssertionError, match="re-arm themselves"):
        decide(course.rules, course.incident, FireTimer(by=NABAT, key="update"), course.now)


def test_pages_are_intents() -> None:
    """Every person in a page of the log gets a row of the outbox, and nobody else does."""
    course = Course().declare().at(minutes(20))
    logged = [person for event in course.log if isinstance(event, Paged) for person in event.people]
    sent = [intent.person for moment in course.moments for intent in moment.intents if isinstance(intent, Page)]
    assert sent == logged


def test_every_kind_of_command_is_given() -> None:
    """A command that comes new to the domain comes into these lives, too; a declaration begins them."""
    assert frozenset(KINDS) == every_kind() - {Declare}
