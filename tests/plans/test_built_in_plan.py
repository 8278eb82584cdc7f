"""The built-in plan is the written plan, whole: held against its own figures, and any figure altered is found out."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.domain.durations import written
from bot.domain.plan import Action, NotifyStep, Plan, Trigger, plan_digest
from bot.domain.plan_checks import check_plan
from bot.settings import load_plan, load_roster
from tests.plans.written_plan import Facts, written_facts

BUILT_IN = load_plan()
WRITTEN = written_facts()
OURS = {
    "business_hours": "the written plan says business day without hours",
    "rollback.cooldown": "a brake of Nabat's",
    "rollback.check_every": "how often Nabat looks",
    "timeout": "how long Nabat waits",
    "repeat_every": "how often Nabat calls again",
    "daily_review_at": "the written plan says daily, without a time",
    "weekly_review": "the written plan says weekly, without a day",
    "review.remind_before": "how long before its time Nabat asks for the review",
    "review.follow_up_after": "the written plan schedules a follow-up review without a time",
    "holding": "how Nabat asks a holder who gives no sign",
    "updates.": "how Nabat chases updates",
    "communication.approve_within": "how long Nabat waits for a yes before it asks again",
    "alerts.": "how Nabat groups alerts",
    "rollback.triggers.6.for": "a flag is set or not; the plan refuses a time for it",
    "rollback.triggers.7.for": "likewise",
    "version": "a text, held by its own fact",
}
"""Where the built-in plan has a figure that the written one leaves open."""


def told(steps: tuple[NotifyStep, ...], *, unless: str | None) -> set[tuple[str, str]]:
    """When which role is told, of the steps with and without a condition."""
    return {(written(step.after), role) for step in steps if step.unless == unless for role in step.roles}


def severity_facts(plan: Plan) -> Iterator[tuple[str, object]]:
    """Names, times, audiences and examples."""
    for name, it in plan.severities.items():
        yield f"{name} called", (it.title, it.alias, it.impact)
        yield f"{name} times", (written(it.respond_within), written(it.resolve_within))
        yield f"{name} examples", it.examples
        yield f"{name} updates", written(it.update_every) if it.update_every else None
        yield f"{name} notify", told(it.notify, unless=None)
        yield f"{name} second call", told(it.notify, unless="acknowledged")
        yield f"{name} external", it.external


def metric_facts(plan: Plan) -> Iterator[tuple[str, object]]:
    """Targets, and the figures that classify."""
    for metric in plan.metrics.values():
        if metric.target:
            side = "below" if metric.target.below is not None else "above"
            yield f"target {metric.title}", (side, metric.target.below or metric.target.above)
    for rule in plan.classification.rules:
        if rule.metric:
            yield f"{rule.severity} from {rule.metric}", rule.above if rule.below is None else rule.below


def rollback_facts(plan: Plan) -> Iterator[tuple[str, object]]:
    """Each row, under the condition that the written matrix gives the same place.

    A row for the flag by which a person reports what a metric shows as well is no row of its own there.
    """
    assert plan.rollback
    conditions = [name for name in WRITTEN if name.startswith("rollback ")]
    rows = [row for row in plan.rollback.triggers if row.flag not in plan.metrics]
    for name, row in zip(conditions, rows, strict=True):
        yield name, (row.metric or row.flag, row.above, upper(row), written(row.for_), row.mode.value, row.authority)


def upper(row: Trigger) -> float | None:
    """Where the band of a row ends."""
    return row.below if row.up_to is None else row.up_to


def rest_facts(plan: Plan) -> Iterator[tuple[str, object]]:
    """Version, verification, review, the beta launch, the checklists, and the tools."""
    beta = plan.beta
    assert beta.launch
    yield "version", plan.version
    yield "name", plan.name
    yield "verification", written(plan.verification.watch_for)
    yield "verified metrics", plan.verification.metrics
    yield "review", written(plan.review.due_within)
    yield "launch", (beta.launch.from_, beta.launch.to)
    yield "beta health", written(beta.health_check_every)
    yield "beta digest", written(beta.digest_every)
    yield "beta response", written(beta.respond_within)
    yield "beta escalation", beta.escalate_to
    yield "beta phase", written(beta.phase)
    yield "beta reviews", (beta.daily_review_at is not None, beta.weekly_review is not None)
    yield (
        "checklists",
        tuple(tuple(item.text for item in items) for items in (plan.checklists.during, plan.checklists.after)),
    )
    yield "commands", {command(action) for action in plan.actions.values()}
    yield "log lines", " ".join(plan.actions["logs"].run or ())
    (check,) = plan.health_checks
    yield "health check", check.url


def command(action: Action) -> str:
    """The command as a shell would have it; how many lines of a log are shown is left out."""
    line = " ".join(action.run or ()).removesuffix(" --tail 100")
    return line if action.only_lines_with is None else f"{line} | grep {action.only_lines_with}"


def built_facts(plan: Plan) -> Facts:
    """Everything the written plan puts a figure or a name to, as this plan has it."""
    parts = (severity_facts, metric_facts, rollback_facts, rest_facts)
    return dict(fact for part in parts for fact in part(plan))


def figures(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path of every number, duration and date of a plan."""
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType, reportUnknownArgumentType] - JSON has no types
            yield from figures(inner, (*path, key))  # pyright: ignore[reportUnknownArgumentType] - JSON has no types
    elif altered(value) is not None:
        yield path


def altered(value: object) -> object:
    """The same kind of figure with another number; None for what is no figure."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return value * 1.01 + 0.001
    text = str(value)
    if len(text) == len("2026-01-11") and text[:4].isdigit():
        return str(date.fromisoformat(text).replace(day=3 if text.endswith("11") else 20))
    count, unit = text[: -len(text.lstrip("0123456789"))] if text[:1].isdigit() else "", text.lstrip("0123456789")
    return f"{int(count) + 1}{unit}" if count and unit in ("s", "m", "h", "d", "w", " business day") else None


DUMP: dict[str, Any] = BUILT_IN.model_dump(mode="json", by_alias=True)


def shown(path: tuple[str | int, ...]) -> str:
    """A path with dots."""
    return ".".join(map(str, path))


HELD = [path for path in figures(DUMP) if not any(ours in shown(path) for ours in OURS)]


def test_the_written_plan_is_read_whole() -> None:
    """The reader finds as many facts as the written plan has, so that a heading renamed cannot hide one."""
    assert len(WRITTEN) == 4 * 7 + 6 + 8 + 6 + 16


@pytest.mark.parametrize("fact", WRITTEN)
def test_the_built_in_plan_says_what_the_written_one_says(fact: str) -> None:
    """Each figure and name of the written plan is the built-in plan's too."""
    assert built_facts(BUILT_IN)[fact] == WRITTEN[fact]


def test_the_built_in_plan_adds_no_figure() -> None:
    """Nothing the written plan does not know is passed off as a part of it."""
    assert built_facts(BUILT_IN).keys() == WRITTEN.keys()


@pytest.mark.parametrize("path", HELD, ids=shown)
def test_an_altered_figure_is_found_out(path: tuple[str | int, ...]) -> None:
    """A built-in plan with any one of its figures changed no longer says what the written plan says."""
    changed: Any = deepcopy(DUMP)
    place = changed
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = altered(place[path[-1]])
    assert built_facts(Plan.model_validate(changed)) != WRITTEN


def test_enough_figures_are_altered() -> None:
    """The figures that are held against the written plan are all of them but those it leaves open."""
    assert len(HELD) >= 50


def test_the_built_in_plan_has_no_contradiction() -> None:
    """The built-in plan passes every cross-check."""
    assert check_plan(BUILT_IN) == ()


def test_a_plan_survives_being_stored() -> None:
    """A plan read back from its JSON is equal and has the same digest."""
    stored = Plan.model_validate_json(BUILT_IN.model_dump_json(by_alias=True))
    assert stored == BUILT_IN
    assert plan_digest(stored) == plan_digest(BUILT_IN)


def test_another_order_of_severities_is_another_plan() -> None:
    """The digest tells apart plans that differ in the order of their severities alone, for order is rank."""
    turned = DUMP | {"severities": dict(reversed(DUMP["severities"].items()))}
    assert plan_digest(Plan.model_validate(turned)) != plan_digest(BUILT_IN)


def test_the_example_roster_fits_the_built_in_plan() -> None:
    """roster.example.yaml can be used as it stands."""
    roster = load_roster(Path(__file__).parents[2] / "roster.example.yaml", BUILT_IN)
    assert set(BUILT_IN.roles) <= {role for person in roster.people.values() for role in person.roles}
