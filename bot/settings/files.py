"""Plan and roster files: read, validated, held against each other; and what editors need to help writing a plan."""

from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from bot.domain.mistakes import Mistake, shown
from bot.domain.plan import Plan
from bot.domain.plan_checks import check_plan
from bot.domain.roster import Roster
from bot.domain.roster_checks import check_roster
from bot.settings.errors import ConfigurationError, line
from bot.settings.explanations import explain
from bot.settings.yaml_file import Document, parse_yaml, read_yaml

BUILT_IN = "plans/x0tta6bl4.yaml"
_Model = TypeVar("_Model", bound=BaseModel)


def load_plan(path: Path | None = None) -> Plan:
    """The plan of a file; the built-in one without a path.

    Raises:
        ConfigurationError: it cannot be read or contradicts itself.
    """
    document = read_yaml(path) if path else parse_yaml(files("bot").joinpath(BUILT_IN).read_bytes(), BUILT_IN)
    plan = _validated(document, Plan)
    _refuse(document, check_plan(plan))
    return plan


def load_roster(path: Path, plan: Plan) -> Roster:
    """The roster of a file, held against the plan.

    Raises:
        ConfigurationError: it cannot be read, contradicts itself, or does not fit the plan.
    """
    document = read_yaml(path)
    roster = _validated(document, Roster)
    _refuse(document, check_roster(roster, plan))
    return roster


def check_plan_file(path: Path) -> tuple[str, ...]:
    """The mistakes of a plan file, one line each; none if it can be used."""
    try:
        load_plan(path)
    except ConfigurationError as error:
        return error.mistakes
    return ()


def plan_schema() -> dict[str, Any]:
    """The JSON Schema of a plan, for editors."""
    schema = Plan.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "Nabat plan"}


def _validated(document: Document, model: type[_Model]) -> _Model:
    try:
        return model.model_validate(document.value)
    except ValidationError as error:
        raise ConfigurationError(_lines(document, tuple(explain(error, model)))) from error


def _refuse(document: Document, mistakes: tuple[Mistake, ...]) -> None:
    if mistakes:
        raise ConfigurationError(_lines(document, mistakes))


def _lines(document: Document, mistakes: tuple[Mistake, ...]) -> tuple[str, ...]:
    return tuple(line(document.place(it.path), shown(it.path), it.message, it.allowed) for it in mistakes)
