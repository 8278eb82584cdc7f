"""Plans and rosters that are right: the interface's own examples, the least one, and the schema that describes them."""

import json
import re
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.domain.plan import BusinessHours, LaunchDays, Plan, plan_digest
from bot.settings import check_plan_file, load_plan, load_roster, plan_schema

GOOD = Path(__file__).parent / "good"


@pytest.mark.parametrize("file", sorted(GOOD.glob("*.yaml")), ids=lambda file: file.stem)
def test_a_good_plan_has_no_mistake(file: Path) -> None:
    """A plan of this folder is taken as it stands, and means the same after being stored."""
    assert check_plan_file(file) == ()
    plan = load_plan(file)
    assert Plan.model_validate(plan.model_dump(mode="json", by_alias=True)) == plan


def test_keys_that_came_later_have_defaults() -> None:
    """The least plan gets every default, and a short cadence is no contradiction to a default it does not know."""
    plan = load_plan(GOOD / "short_cadence.yaml")
    assert plan.updates.overdue_after == timedelta(minutes=5)
    assert plan.severities["SEV-1"].update_every == timedelta(seconds=10)
    assert plan.business_hours.days == ("mon", "tue", "wed", "thu", "fri")


def test_unquoted_times_and_dates_mean_what_they_say() -> None:
    """10:00 without quotes is ten o'clock and a date is a date, though older YAML reads other things there."""
    plan = load_plan(GOOD / "unquoted.yaml")
    assert plan.beta.weekly_review
    assert plan.beta.weekly_review.at.isoformat() == "10:00:00"
    assert plan.beta.launch
    assert plan.beta.launch.length == timedelta(days=2)
    assert plan.rollback
    assert not plan.rollback.enabled
    assert plan.metrics["errors"].target
    assert plan.metrics["errors"].target.below == 2.4e9


def test_values_of_the_right_type_are_taken() -> None:
    """A plan can be made by a program: times, dates, zones and durations need no text."""
    hours = BusinessHours.model_validate({"from": time(8), "to": time(12, 30)})
    assert (hours.from_, hours.to) == (time(8), time(12, 30))
    assert LaunchDays.model_validate({"from": date(2026, 1, 11), "to": date(2026, 1, 11)}).length == timedelta(days=1)
    plan = load_plan(GOOD / "small.yaml")
    changed = Plan.model_validate(dict(plan) | {"timezone": ZoneInfo("Europe/Moscow")})
    assert changed.timezone == ZoneInfo("Europe/Moscow")
    assert changed.severities == plan.severities


def test_rank_and_authority_follow_the_order_of_the_plan() -> None:
    """The first severity is the worst, the last role decides most, and whoever has none decides least."""
    plan = load_plan()
    assert [plan.rank(name) for name in plan.severities] == [0, 1, 2, 3]
    assert [plan.authority(role) for role in ("system", "team", "on_call", "team_lead", "cto")] == [0, 0, 1, 2, 3]


def test_a_change_of_one_value_is_another_digest() -> None:
    """Two plans have one digest only if they are the same."""
    plan = load_plan(GOOD / "small.yaml")
    changed = plan.model_copy(update={"version": "2"})
    assert re.fullmatch(r"[0-9a-f]{64}", plan_digest(plan))
    assert plan_digest(plan) != plan_digest(changed)


def test_the_schema_describes_durations_as_text() -> None:
    """Editors are told that a duration is text, which text fits, and which keys and words there are."""
    schema = plan_schema()
    definitions: dict[str, Any] = schema["$defs"]
    severity = definitions["Severity"]["properties"]
    for text, fits in (("15m", True), ("1 business day", True), ("15 minutes", False)):
        assert bool(re.search(severity["respond_within"]["pattern"], text)) is fits
    assert severity["respond_within"]["type"] == "string"
    assert "from" in definitions["BusinessHours"]["properties"]
    assert definitions["Unit"]["enum"] == ["ratio", "seconds", "bytes", "per_second", "count"]
    assert not schema["additionalProperties"]
    assert json.loads(json.dumps(schema)) == schema


def test_the_rosters_of_the_interface_are_taken(tmp_path: Path) -> None:
    """A roster of two chats, or of the one that is required, is taken as it stands."""
    file = tmp_path / "roster.yaml"
    people = "people:\n  anna: {name: Anna, telegram: 1001, roles: [on_call, cto]}\n"
    file.write_text(f"{people}chats:\n  responders: {{id: -1001001, language: en}}\n", "utf-8")
    assert load_roster(file, load_plan(GOOD / "small.yaml")).chats.stakeholders is None
