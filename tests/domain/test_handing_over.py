"""A page that was not sent before on-call changed."""

import pytest

from bot.domain.actors import System
from bot.domain.commands import HandPageOver
from tests.domain.builders import Course


@pytest.mark.parametrize(("person", "number"), [("anna", 99), ("dan", 3)])
def test_an_overtaken_page_is_not_handed_over(person: str, number: int) -> None:
    """Whoever has a newer page since, or none at all, has nothing to hand over."""
    course = Course().declare("SEV-2")
    assert course.do(HandPageOver(System(), person, number)).events == ()
