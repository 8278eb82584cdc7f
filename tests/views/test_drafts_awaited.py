"""The private question for a yes, as its reader sees it."""

from bot.domain.commands import Acknowledge
from bot.domain.draft_commands import DiscardDraft
from bot.domain.draft_events import DraftsAwaited
from bot.views.tell import ping
from bot.views.tell_view import TellView
from tests.views.scenes import ANNA, BORIS, ENGLISH, at, lines, scene


def test_the_first_line_names_only_the_drafts_that_still_wait() -> None:
    """What was decided on before the message went is not asked for any more."""
    it = scene("SEV-1").do(1, Acknowledge(by=ANNA)).wait(17)
    asked = next(event for event in it.log if isinstance(event, DraftsAwaited))
    it.do(17, DiscardDraft(by=BORIS, draft=asked.drafts[asked.audiences.index("customers")]))
    head, *_ = lines(ping(TellView(it.rules, it.incident, asked, at(17), ENGLISH)))
    assert head == "📣 INC-7: drafts for status page, social media wait for your yes since 12:01 UTC"
