"""What still has something to say when its turn comes."""

from bot.delivery.relevance import still_true
from bot.domain.commands import Acknowledge, ChangeSeverity
from bot.domain.draft_commands import DiscardDraft
from bot.domain.draft_events import DraftsAwaited
from tests.views.scenes import ANNA, BORIS, scene


def test_a_question_for_a_yes_goes_only_while_somebody_would_hear_of_it() -> None:
    """A milder severity addresses the status page alone: with that decided on, nothing is left to say yes to."""
    it = scene("SEV-1").do(1, Acknowledge(by=ANNA)).wait(17)
    asked = next(event for event in it.log if isinstance(event, DraftsAwaited))
    assert still_true(it.rules, it.incident, asked)
    it.do(18, ChangeSeverity(by=BORIS, severity="SEV-4", confirmed=True, seen="SEV-1"))
    assert still_true(it.rules, it.incident, asked), "its status page still waits"
    it.do(19, DiscardDraft(by=BORIS, draft=asked.drafts[asked.audiences.index("status_page")]))
    assert not still_true(it.rules, it.incident, asked)
