"""What no single part of a plan can see: names that must exist elsewhere, and times that must fit together."""

from collections.abc import Callable, Iterable, Iterator
from itertools import combinations

from bot.domain.durations import at_least, written
from bot.domain.mistakes import Mistake, Path, repeated, unknown
from bot.domain.plan import Plan, Severity, Trigger

RESERVED_ROLES = {"system": "Nabat itself", "team": "everybody on the roster"}


def check_plan(plan: Plan) -> tuple[Mistake, ...]:
    """Every contradiction between the plan's parts, in the order of the checks below; none means the plan holds."""
    return tuple(mistake for check in _CHECKS for mistake in check(plan))


def _roles(plan: Plan) -> Iterator[Mistake]:
    yield from repeated(((("roles", index), role) for index, role in enumerate(plan.roles)), "role")
    for index, role in enumerate(plan.roles):
        if role in RESERVED_ROLES:
            meaning = RESERVED_ROLES[role]
            yield Mistake(("roles", index), f"the role {role!r} is reserved: it is {meaning}", "any other name")


def _role_references(plan: Plan) -> Iterator[Mistake]:
    everybody = (*plan.roles, "team")
    for name, severity in plan.severities.items():
        for index, step in enumerate(severity.notify):
            yield from _known(("severities", name, "notify", index, "roles"), "role", step.roles, everybody)
    yield from _known(("beta", "escalate_to"), "role", plan.beta.escalate_to, everybody)
    yield from _known_one(("communication", "approved_by"), "role", plan.communication.approved_by, plan.roles)
    for name, action in plan.actions.items():
        yield from _known_one(("actions", name, "authority"), "role", action.authority, everybody)
    for index, trigger in enumerate(_triggers(plan)):
        path = ("rollback", "triggers", index, "authority")
        yield from _known_one(path, "role", trigger.authority, (*everybody, "system"))


def _severity_references(plan: Plan) -> Iterator[Mistake]:
    known = plan.severities
    yield from _known_one(("classification", "default"), "severity", plan.classification.default, known)
    for index, rule in enumerate(plan.classification.rules):
        yield from _known_one(("classification", "rules", index, "severity"), "severity", rule.severity, known)
    yield from _known(("review", "severities"), "severity", plan.review.severities or (), known)
    for flag, severity in (plan.classification.flags or {}).items():
        yield from _known_one(("classification", "flags", flag), "severity", severity, known)
    for index, runbook in enumerate(plan.runbooks):
        yield from _known(("runbooks", index, "severities"), "severity", runbook.severities, known)


def _audience_references(plan: Plan) -> Iterator[Mistake]:
    known = tuple(dict.fromkeys(name for severity in plan.severities.values() for name in severity.external))
    for audience in plan.communication.templates:
        yield from _known_one(("communication", "templates", audience), "audience", audience, known)


def _metric_references(plan: Plan) -> Iterator[Mistake]:
    for index, rule in enumerate(plan.classification.rules):
        yield from _known_one(("classification", "rules", index, "metric"), "metric", rule.metric, plan.metrics)
    for index, trigger in enumerate(_triggers(plan)):
        yield from _known_one(("rollback", "triggers", index, "metric"), "metric", trigger.metric, plan.metrics)
    yield from _known(("verification", "metrics"), "metric", plan.verification.metrics, plan.metrics)


def _action_references(plan: Plan) -> Iterator[Mistake]:
    if plan.rollback:
        yield from _known_one(("rollback", "action"), "action", plan.rollback.action, plan.actions)
    yield from _known_one(("verification", "action"), "action", plan.verification.action, plan.actions)
    for index, runbook in enumerate(plan.runbooks):
        yield from _known(("runbooks", index, "actions"), "action", runbook.actions, plan.actions)


def _repeated_names(plan: Plan) -> Iterator[Mistake]:
    named = plan.severities.items()
    names: list[tuple[Path, str]] = [(("severities", name), name) for name, _ in named]
    aliases: list[tuple[Path, str]] = [(("severities", name, "alias"), it.alias) for name, it in named if it.alias]
    yield from repeated(names + aliases, "severity name")
    yield from repeated(((("severities", name, "title"), it.title) for name, it in named), "severity title")
    yield from repeated(((("metrics", name), name) for name in plan.metrics), "metric")
    yield from repeated(((("actions", name), name) for name in plan.actions), "action")
    triggers = enumerate(_triggers(plan))
    yield from repeated(((("rollback", "triggers", index, "name"), it.name) for index, it in triggers), "trigger")
    checks = enumerate(plan.health_checks)
    yield from repeated(((("health_checks", index, "name"), it.name) for index, it in checks), "health check")
    phases = (("during", plan.checklists.during), ("after", plan.checklists.after))
    items = ((("checklists", phase, i, "id"), item.id) for phase, lines in phases for i, item in enumerate(lines))
    yield from repeated(items, "checklist id")
    days = enumerate(plan.business_hours.days)
    yield from repeated(((("business_hours", "days", index), day.value) for index, day in days), "working day")


def _severity_times(plan: Plan) -> Iterator[Mistake]:
    for name, severity in plan.severities.items():
        yield from _deadlines(("severities", name), severity)


def _deadlines(path: Path, severity: Severity) -> Iterator[Mistake]:
    respond, resolve = at_least(severity.respond_within), at_least(severity.resolve_within)
    answer, end = written(severity.respond_within), written(severity.resolve_within)
    if respond > resolve:
        message = f"respond_within {answer} is longer than resolve_within {end}"
        yield Mistake((*path, "respond_within"), message, f"at most {end}")
    if severity.repeat_every and severity.repeat_every > respond:
        message = f"the reminder {written(severity.repeat_every)} is longer than the deadline it warns of"
        yield Mistake((*path, "repeat_every"), message, f"at most {answer}, the respond_within of this severity")
    if severity.update_every and severity.update_every > resolve:
        message = f"no update would fall due: {written(severity.update_every)} is longer than resolve_within"
        yield Mistake((*path, "update_every"), message, f"at most {end}, or none for updates as needed")
    for index, step in enumerate(severity.notify):
        if at_least(step.after) > resolve:
            message = f"this step comes {written(step.after)} after the start, later than resolve_within"
            yield Mistake((*path, "notify", index, "after"), message, f"at most {end}")


def _update_times(plan: Plan) -> Iterator[Mistake]:
    cadences = [severity.update_every for severity in plan.severities.values() if severity.update_every]
    chase = (("overdue_after", plan.updates.overdue_after), ("escalate_after", plan.updates.escalate_after))
    for key, length in chase:
        # A default is no mistake of whoever wrote a plan before the key existed; the desk cuts it to the cadence.
        if key in plan.updates.model_fields_set and cadences and length >= min(cadences):
            message = f"{written(length)} is not shorter than the shortest update_every"
            yield Mistake(("updates", key), message, f"less than {written(min(cadences))}")


def _beta_times(plan: Plan) -> Iterator[Mistake]:
    launch = plan.beta.launch
    if launch and launch.length > plan.beta.phase:
        message = f"the phase {written(plan.beta.phase)} ends before the launch days do"
        yield Mistake(("beta", "phase"), message, f"at least {written(launch.length)}")


def _overlapping_triggers(plan: Plan) -> Iterator[Mistake]:
    for (first, one), (second, other) in combinations(enumerate(_triggers(plan)), 2):
        if one.metric and one.metric == other.metric and one.mode is other.mode and _contradict(one, other):
            message = f"its band overlaps that of {one.name!r} (rollback.triggers[{first}]), in the same mode"
            allowed = "bands side by side, or a narrower band inside the wider one with a shorter for"
            yield Mistake(("rollback", "triggers", second), message, allowed)


def _contradict(one: Trigger, other: Trigger) -> bool:
    (low, high), (other_low, other_high) = _band(one), _band(other)
    if max(low, other_low) >= min(high, other_high):
        return False
    if (low, high) == (other_low, other_high):
        return True
    if low <= other_low and other_high <= high:
        return other.for_ >= one.for_
    if other_low <= low and high <= other_high:
        return one.for_ >= other.for_
    return True


def _band(trigger: Trigger) -> tuple[float, float]:
    if trigger.above is not None:
        return trigger.above, float("inf") if trigger.up_to is None else trigger.up_to
    return float("-inf"), float("inf") if trigger.below is None else trigger.below


def _triggers(plan: Plan) -> tuple[Trigger, ...]:
    return plan.rollback.triggers if plan.rollback else ()


def _known(path: Path, kind: str, names: Iterable[str], known: Iterable[str]) -> Iterator[Mistake]:
    for index, name in enumerate(names):
        yield from _known_one((*path, index), kind, name, known)


def _known_one(path: Path, kind: str, name: str | None, known: Iterable[str]) -> Iterator[Mistake]:
    if name is not None and name not in known:
        yield unknown(path, kind, name, known)


_CHECKS: tuple[Callable[[Plan], Iterator[Mistake]], ...] = (
    _roles,
    _role_references,
    _severity_references,
    _audience_references,
    _metric_references,
    _action_references,
    _repeated_names,
    _severity_times,
    _update_times,
    _beta_times,
    _overlapping_triggers,
)
