"""Copies of a state with some parts changed."""

from dataclasses import dataclass, replace

import pytest

from bot.domain.copying import copy_with
from tests.domain.builders import Course


@dataclass(frozen=True)
class Point:
    """Any frozen state."""

    x: int
    y: int = 0


def test_a_copy_differs_in_the_parts_that_were_named() -> None:
    """The rest is the same, and the original as it was."""
    point = Point(1, 2)
    assert copy_with(point, y=3) == Point(1, 3)
    assert point == Point(1, 2)


def test_it_is_what_the_constructor_would_have_made() -> None:
    """Of an incident, with its forty fields."""
    incident = Course().declare("SEV-1").incident
    assert copy_with(incident, title="x", version=7) == replace(incident, title="x", version=7)


def test_a_part_that_does_not_exist_is_a_mistake() -> None:
    """A misspelt field must not be lost in silence."""
    with pytest.raises(TypeError, match="Point has no z"):
        copy_with(Point(1), z=2)
