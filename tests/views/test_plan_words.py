"""What the built-in plan calls things, in Russian; what a team wrote itself, as it wrote it."""

from collections.abc import Iterator

from bot.domain.looking_events import RunbookStepTicked
from bot.domain.plan import Plan
from bot.settings import load_plan
from bot.views.naming import in_words
from bot.views.plan_words import of_plan
from bot.views.timeline import line
from tests.views.scenes import ANNA, ENGLISH, NOON, ROSTER, RUSSIAN


def shown_texts(plan: Plan) -> Iterator[str]:
    """Every title and line of a plan that a person reads in the chat."""
    yield from (metric.title for metric in plan.metrics.values())
    yield from (action.title for action in plan.actions.values())
    yield from (severity.title for severity in plan.severities.values())
    yield from (item.text for item in (*plan.checklists.during, *plan.checklists.after))
    for book in plan.runbooks:
        yield book.title
        yield from book.steps


def test_the_built_in_plan_speaks_russian() -> None:
    """Nothing of it stays English in a Russian chat; in an English one it stands as it is written."""
    plan = load_plan()
    texts = set(shown_texts(plan))
    assert {written for written in texts if of_plan(RUSSIAN, written).plain == written} == set()
    assert {written for written in texts if of_plan(ENGLISH, written).plain != written} == set()


def test_a_step_that_was_done_reads_in_the_chat_s_language() -> None:
    """The answer to a tick of the built-in runbook names the step as the runbook does."""
    book = load_plan().runbooks[0]
    ticked = RunbookStepTicked(at=NOON, by=ANNA, runbook=book.title, step=0, text=book.steps[0])
    said = line(RUSSIAN, ROSTER, ticked, NOON).plain
    assert of_plan(RUSSIAN, book.steps[0]).plain in said
    assert of_plan(RUSSIAN, book.title).plain in said


def test_rules_and_flags_are_named_in_the_reader_s_language() -> None:
    """A row of the rollback matrix has no title: its key is said in words."""
    rollback = load_plan().rollback
    assert rollback is not None
    for trigger in rollback.triggers:
        for key in filter(None, (trigger.name, trigger.flag)):
            said = in_words(RUSSIAN, key).plain
            assert "_" not in said
            assert not said.isascii()


def test_a_team_s_own_words_stay() -> None:
    """Also those that look like a placeholder."""
    assert of_plan(RUSSIAN, "Queue {depth} <b>").plain == "Queue {depth} <b>"
    assert in_words(RUSSIAN, "queue-too_deep").plain == "queue too deep"
