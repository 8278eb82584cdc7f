"""What is answered to a press for all incidents of a service."""

from dataclasses import replace

import pytest

from bot.domain.incident import Status
from bot.domain.service_groups import ServiceGroup
from bot.views import storm_answers
from bot.views.storm_answers import Tally
from bot.views.storm_presses import MergeService, ServiceKey
from bot.views.translations import Words
from tests.views.scenes import ENGLISH, ROSTER, RUSSIAN, alert, labels, lines, read, scene

BOTH = pytest.mark.parametrize("words", [ENGLISH, RUSSIAN])
SCENE = scene("SEV-2", title="Search is slow <&>", alerts=(alert("A", service="search"),))


def group(count: int = 3, *, holder: str | None = None, drill: bool = False) -> ServiceGroup:
    """So many incidents of search."""
    held = replace(SCENE.incident, holder=holder, status=Status.IN_HAND if holder else Status.UNANSWERED, drill=drill)
    return ServiceGroup("search", drill, tuple(replace(held, id=f"INC-{n}") for n in range(1, count + 1)))


def acknowledged(tally: Tally, *, had: int = 0, private: bool = False) -> list[str]:
    """The report of a press for three."""
    return lines(storm_answers.acknowledged(ENGLISH, ROSTER, group(), "anna", had, tally, private=private))


def test_who_has_how_many() -> None:
    """In the group by name, in private as you; those that one had before count too."""
    assert acknowledged(Tally(done=3)) == ["Anna has 3 incidents of search"]
    assert acknowledged(Tally(done=2), had=1, private=True) == ["You have 3 incidents of search"]
    assert acknowledged(Tally(done=2, refused=1)) == ["Anna has 2 incidents of search · 1 had changed before"]


def test_what_could_not_be_saved_is_said() -> None:
    """Nobody believes to have what the store did not take."""
    unsaved = "⚠️ 2 could not be saved: the store can't be reached. Press again."
    assert acknowledged(Tally(done=1, unsaved=2)) == ["Anna has 1 incident of search", unsaved]
    assert acknowledged(Tally(unsaved=2)) == [unsaved]
    into = SCENE.incident
    assert lines(storm_answers.merged(ENGLISH, group(), into, Tally(unsaved=2))) == [unsaved]
    assert lines(storm_answers.merged(ENGLISH, group(), into, Tally(refused=2))) == ["2 had changed before"]


def test_who_has_them_already() -> None:
    """You, if you have any; else whoever has the most; nobody, where nobody had to be."""
    assert storm_answers.already_held(ENGLISH, ROSTER, group(holder="anna"), "anna") == "You have 3 incidents of search"
    assert storm_answers.already_held(ENGLISH, ROSTER, group(holder="anna"), "boris") == (
        "Anna has 3 incidents of search"
    )
    assert storm_answers.already_held(ENGLISH, ROSTER, group(), "boris") == "Nothing had to change"


@BOTH
def test_a_question_that_can_not_be_undone_says_so(words: Words) -> None:
    """How many, into which, who has it; Confirm and Cancel."""
    asked = group(61, holder="anna")
    confirm = MergeService(ServiceKey(asked.key), "INC-1", "INC-1", "INC-61")
    shown = storm_answers.question(words, SCENE.rules, asked, asked.incidents[0], confirm)
    assert "61" in lines(shown)[0]
    assert "INC-1 Search is slow <&>" in lines(shown)[1]
    assert "60" in lines(shown)[2]
    assert [len(row) for row in labels(shown)] == [2]


@BOTH
def test_a_drill_says_so_first(words: Words) -> None:
    """Whatever is answered about an exercise."""
    exercise, mark = group(drill=True), words("DRILL").plain
    into = exercise.incidents[0]
    assert storm_answers.acknowledging(words, exercise, 3).startswith(mark)
    assert storm_answers.merging(words, exercise).startswith(mark)
    assert storm_answers.already_one(words, exercise).startswith(mark)
    assert read(storm_answers.merged(words, exercise, into, Tally(done=2))).text.startswith(mark)
