"""Whatever the team switches, whoever stands in, however the clock moves: what holds of the team's log at every time.

Whom each message goes to, and when, is held against the plan at every decision: see `team_audiences`.
"""

from datetime import datetime
from typing import ClassVar, get_args

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import invariant

from bot.domain.beta_events import BetaChanged, BetaLooked
from bot.domain.beta_looks import next_digest, next_look
from bot.domain.team import HANDOVER, UNREACHABLE, due_team, replay_team
from bot.domain.team_beta import BETA, DAILY, WEEKLY
from bot.domain.team_events import TeamEvent, UnreachableNamed
from tests.domain.team_life import TeamLife

MOST = 0.8
"""Of the kinds of events; some take luck, and which lives are lived differs with the modules that are loaded."""


def every_kind_of_event() -> frozenset[type[TeamEvent]]:
    """Each kind of event that the team's log can hold."""
    return frozenset(get_args(get_args(TeamEvent)[0]))


class WhateverTheTeamDoes(TeamLife):
    """What holds of it."""

    seen: ClassVar[set[type[TeamEvent]]] = set()
    """The kinds of events of all lives so far."""

    def teardown(self) -> None:
        """Remember what happened."""
        self.seen.update(map(type, self.log))

    @invariant()
    def the_log_makes_the_state(self) -> None:
        """Replaying the log gives the same state, as many events as its version."""
        assert self.team == replay_team(self.log)
        assert self.team.version == len(self.log)

    @invariant()
    def nothing_is_said_twice(self) -> None:
        """A message has a key of its own for ever."""
        keys = [key for said in self.said for key in said.keys]
        assert len(keys) == len(set(keys))

    @invariant()
    def there_is_one_digest_a_period(self) -> None:
        """At most one for each time of a launch's rhythm, and they come in order."""
        times = [event.digest_for for event in self.log if isinstance(event, BetaLooked) and event.digest_for]
        assert times == sorted(set(times))

    @invariant()
    def what_comes_next_is_always_known(self) -> None:
        """The daily look always; the next turn of a launch or a phase; in a phase its reviews."""
        if not self.awake or not self.log:
            return
        facts, timers = self.facts, due_team(self.decided_by, self.team)
        named, told = facts.last(UnreachableNamed), facts.last(BetaChanged)
        assert named is not None
        assert told is not None
        assert timers[UNREACHABLE] == facts.opening_after(named.at) > self.now
        assert timers.get(BETA) == facts.change_after(told.at)
        assert (timers.get(BETA) or datetime.max.replace(tzinfo=self.now.tzinfo)) > self.now
        for weekly, key in ((False, DAILY), (True, WEEKLY)):
            since, phase = facts.reviewed_until(weekly=weekly), facts.phase_at(self.now)
            review = facts.review_after(since, weekly=weekly) if since is not None else None
            owed = review if review is not None and phase is not None and review < phase.until else None
            assert timers.get(key) == owed
            assert owed is None or owed > self.now

    @invariant()
    def a_launch_always_has_its_next_look_and_digest(self) -> None:
        """The stricter of two rhythms, counted from its beginning; the last ones come as it ends."""
        facts, beta = self.facts, self.decided_by.plan.beta
        launch = facts.launch_at(self.now)
        following = next_look(self.decided_by.plan, self.team.beta, self.now)
        if launch is None:
            return
        every = (beta.health_check_every, beta.digest_every)
        health, digest = (launch.since + ((self.now - launch.since) // each + 1) * each for each in every)
        assert following == min(health, digest, launch.until)
        assert next_digest(self.decided_by.plan, launch, self.now) == (digest if digest <= launch.until else None)

    @invariant()
    def the_next_on_call_is_known(self) -> None:
        """A handover is due at the first moment at which others are on call; none is where nobody else comes."""
        if not self.awake or not self.log:
            return
        facts, at = self.facts, due_team(self.decided_by, self.team).get(HANDOVER)
        people = facts.on_call(self.now)
        assert people == facts.handed_to() == self.decided_by.schedule(self.team).on_call(self.now)
        changes = [turn for turn in facts.turns_after(self.now) if turn > self.now and facts.on_call(turn) != people]
        assert at == min(changes, default=None)


WhateverTheTeamDoes.TestCase.settings = settings(
    max_examples=60,
    stateful_step_count=30,
    deadline=None,
    database=None,
    phases=(Phase.explicit, Phase.generate),  # to shrink such a life takes minutes, and tells little more
    derandomize=True,  # nearly the same lives in every run: constants of imported modules are drawn from, too
    suppress_health_check=[HealthCheck.too_slow],
)


@pytest.mark.no_cover  # named examples reach every branch; tracing would double the time of these lives
class TestWhateverTheTeamDoes(WhateverTheTeamDoes.TestCase):
    """Runs the machine above."""

    def runTest(self) -> None:  # noqa: N802 - unittest's name
        """What holds of the lives means something only if most of what can happen does."""
        super().runTest()
        assert len(WhateverTheTeamDoes.seen) >= MOST * len(every_kind_of_event())
