"""pydantic's findings in the words of whoever wrote the file: what is wrong, and what is allowed there."""

from collections.abc import Iterator
from difflib import get_close_matches
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.domain.fields import NAME_ALLOWED
from bot.domain.mistakes import Mistake, Path

_KINDS = {
    "missing": ("is missing", "a value"),
    "string_type": ("is not text", "text; in quotes if it looks like a number"),
    "float_type": ("is not a number", "a number without quotes"),
    "finite_number": ("is not a finite number", "a number"),
    "int_type": ("is not a whole number", "a whole number without quotes"),
    "int_parsing": ("is not a whole number", "a whole number"),
    "bool_type": ("is neither true nor false", "true or false"),
    "bool_parsing": ("is neither true nor false", "true or false"),
    "tuple_type": ("is not a list", "a list: [a, b]"),
    "dict_type": ("is not a mapping", "a mapping: {key: value}"),
    "model_type": ("is not a mapping", "a mapping: {key: value}"),
}

_BOUNDS = {
    "too_short": ("is empty", "at least {min_length}"),
    "too_long": ("has too many items", "at most {max_length}"),
    "string_too_short": ("is empty", "at least {min_length} character"),
    "string_too_long": ("is too long", "at most {max_length} characters"),
    "greater_than": ("is too small", "more than {gt}"),
    "greater_than_equal": ("is too small", "at least {ge}"),
    "less_than": ("is too large", "less than {lt}"),
    "less_than_equal": ("is too large", "at most {le}"),
}


def explain(error: ValidationError, model: type[BaseModel]) -> Iterator[Mistake]:
    """A mistake for each finding. Values appear only where our own validators put them: never a secret."""
    findings = error.errors(include_url=False, include_input=False)
    for found in findings:
        if found["type"] == "too_short" and any(_is_inside(other, found) for other in findings):
            continue  # the list seems short only because of what is wrong with its items
        yield _explained(found, model)


def _is_inside(inner: ErrorDetails, outer: ErrorDetails) -> bool:
    depth = len(outer["loc"])
    return len(inner["loc"]) > depth and inner["loc"][:depth] == outer["loc"]


def _explained(found: ErrorDetails, model: type[BaseModel]) -> Mistake:
    path: Path = tuple(part for part in found["loc"] if part != "[key]")
    kind, context = found["type"], found.get("ctx", {})
    if kind == "extra_forbidden":
        return _unknown_key(path, model)
    if kind == "value_error":
        message, _, allowed = str(context["error"]).partition("; allowed: ")
        return Mistake(path, message, allowed)
    if kind in ("enum", "literal_error"):
        return Mistake(path, "is none of the words for this", str(context["expected"]))
    if kind == "string_pattern_mismatch":
        return Mistake(path, "has a character or form that is not for this", _form(str(context["pattern"])))
    if kind in _BOUNDS:
        message, bound = _BOUNDS[kind]
        return Mistake(path, message, bound.format(**context))
    message, allowed = _KINDS.get(kind, (found["msg"], "another value"))
    return Mistake(path, message, allowed)


def _form(pattern: str) -> str:
    if "http" in pattern:
        return "an address that begins with http:// or https://"
    return "anything without a zero byte" if "x00" in pattern else NAME_ALLOWED


def _unknown_key(path: Path, model: type[BaseModel]) -> Mistake:
    allowed = [field.alias or name for name, field in _model_at(model, path[:-1]).model_fields.items()]
    near = get_close_matches(str(path[-1]), allowed, 1)
    hint = f" (did you mean {near[0]}?)" if near else ""
    return Mistake(path, f"unknown key{hint}", ", ".join(allowed))


def _model_at(model: type[BaseModel], path: Path) -> type[BaseModel]:
    """The model whose keys stand at a path that pydantic has walked, so each step exists."""
    kind: Any = model
    for part in path:
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            fields = {field.alias or name: field for name, field in kind.model_fields.items()}
            kind = _core(fields[str(part)].annotation)
        else:
            kind = _core(get_args(kind)[1 if get_origin(kind) is dict else 0])
    return kind


def _core(annotation: Any) -> Any:
    """A type without Annotated and without `| None`."""
    while get_origin(annotation) in (Annotated, Union, UnionType):
        annotation = next(kind for kind in get_args(annotation) if kind is not type(None))
    return annotation
