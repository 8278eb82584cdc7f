"""Incidents whose fix is watched: what is seen of it, and what the end says of what was not verified."""

from typing import Any

from bot.domain.acting_commands import FinishAction
from bot.domain.acting_events import ActionEnding
from bot.domain.commands import Acknowledge, Resolve
from bot.domain.events import Event, Resolved
from bot.domain.measures import Verdict
from bot.domain.plan import Plan
from bot.domain.resolving_commands import MetricLook, ObserveFix
from bot.domain.resolving_events import WhyUnverified
from bot.domain.rules import Rules, Verifiable
from tests.domain.builders import ANNA, BUILT_IN, NABAT, Course, the_rules

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
