"""docs/plan.md names every key that a plan may leave out."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from bot.domain.fields import Part
from bot.domain.plan import Plan

PAGE = (Path(__file__).parents[2] / "docs" / "plan.md").read_text("utf-8")
NAMED = set(re.findall(r"[a-z_]+", " ".join(re.findall(r"`([^`]*)`", PAGE))))


def parts_in(annotation: Any) -> Iterator[type[Part]]:
    """The parts of a plan that a field's type is made of."""
    if isinstance(annotation, type) and issubclass(annotation, Part):
        yield annotation
    for inside in get_args(annotation):
        yield from parts_in(inside)


def parts(whole: type[Part]) -> Iterator[type[Part]]:
    """A part and all that it holds, each as often as it is held."""
    yield whole
    for field in whole.model_fields.values():
        for part in parts_in(field.annotation):
            yield from parts(part)


OPTIONAL = sorted(
    {
        f"{part.__name__}.{field.alias or name}"
        for part in parts(Plan)
        for name, field in part.model_fields.items()
        if not field.is_required()
    }
)


@pytest.mark.parametrize("key", OPTIONAL)
def test_every_key_with_a_default_is_on_the_page(key: str) -> None:
    """Whoever writes a plan finds each key that may be left out, with its default, in docs/plan.md."""
    assert key.rpartition(".")[2] in NAMED
