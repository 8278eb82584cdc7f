"""Private pages, while they ask and after."""

import pytest

from bot.domain.commands import Acknowledge, Assign, Escalate, MergeInto, Resolve
from bot.domain.events import PageCause
from bot.views.page import PageView, card_address, page
from bot.views.rendered import Rendered
from bot.views.translations import Words
from tests.views.scenes import ANNA, BORIS, ENGLISH, RUSSIAN, Scene, alert, at, flat, lines, scene


def paged(
    what: Scene, person: str, cause: PageCause = PageCause.STEP, minutes: float = 1, words: Words = ENGLISH
) -> Rendered:
    """A page to a person so many minutes after noon."""
    url = card_address(-1001001, 5)
    return page(PageView(what.rules, what.incident, at(minutes), words, person, cause, 3, at(0), url))


def test_a_page_asks() -> None:
    """How bad, which one, that it is for you; what is broken; until when, and who is next; which page it is."""
    shown = paged(scene(alerts=(alert("A"),)), "anna")
    assert lines(shown) == [
        "🚨 SEV-1 · INC-7 · you are on call",
        "High error rate on payments-api",
        "1 alert · since 12:00 UTC, 1 min",
        "",
        "Answer by 12:15 UTC. If nobody does: the whole team.",
        "page 3, first at 12:00 UTC",
    ]
    assert [[b.label for b in row] for row in shown.buttons] == [["✅ Ack", "Open the card"]]
    assert shown.buttons[0][1].url == "https://t.me/c/1001/5"
    assert not shown.silent


def test_who_is_next_is_named_with_title() -> None:
    """Where single people are next, they are named with what they are."""
    shown = paged(scene("SEV-2"), "anna")
    assert "Answer by 13:00 UTC. If nobody does: Boris (Team Lead)." in lines(shown)


@pytest.mark.parametrize("words", [ENGLISH, RUSSIAN])
def test_each_cause_has_words_of_its_own(words: Words) -> None:
    """A reader learns why the phone rang."""
    it = scene()
    first = {cause: lines(paged(it, "boris", cause, words=words))[0] for cause in PageCause}
    assert len(set(first.values())) == len(PageCause) - 1, "a call and an assignment ring alike while nobody has it"


def test_somebody_else_has_it() -> None:
    """A page of an answered incident is for information: no Ack, no sound."""
    shown = paged(scene().do(1, Acknowledge(by=ANNA)), "clara", minutes=2)
    assert lines(shown)[0] == "🟠 SEV-1 · INC-7 · Anna has it"
    assert "For your information: nothing is asked of you now." in lines(shown)
    assert "Ack" not in flat(shown)
    assert shown.silent
    assert not [line for line in lines(shown) if line.startswith("page ")], "it calls nobody: it has no number"


def test_you_have_it() -> None:
    """The holder's page turns into what is due next."""
    shown = paged(scene().do(1, Assign(by=BORIS, person="anna")), "anna", PageCause.ASSIGNED, 2)
    assert lines(shown)[0] == "🟠 SEV-1 · INC-7 · you have it"
    assert "Next update by 12:30 · resolve by 16:00 UTC" in lines(shown)


def test_a_call_for_more_authority_can_be_taken() -> None:
    """The called person sees why, who has it, and may take it over; others may not."""
    it = scene().do(1, Acknowledge(by=ANNA)).do(2, Escalate(by=ANNA, reason="need a <decision>"))
    shown = paged(it, "boris", PageCause.ESCALATION, 3)
    assert lines(shown)[0] == "🚨 SEV-1 · INC-7 · you are called"
    assert "Team Lead is called for: need a <decision>" in lines(shown)
    assert "Ack" in flat(shown)
    assert "Ack" not in flat(paged(it, "anna", minutes=3))


def test_over_and_merged() -> None:
    """Nothing is asked of anybody any more."""
    over = paged(scene().do(1, Resolve(by=BORIS)), "anna", minutes=2)
    assert lines(over)[0] == "🏁 SEV-1 · INC-7 · resolved by Boris"
    assert lines(over)[-1] == "Nothing is asked of you any more."
    merged = paged(scene().do(1, MergeInto(by=ANNA, incident="INC-2")), "anna", minutes=2)
    assert lines(merged)[0] == "🔗 SEV-1 · INC-7 · merged into INC-2"
    assert "Ack" not in flat(over) + flat(merged)


def test_only_supergroups_have_addresses() -> None:
    """A message of a basic group can't be linked to."""
    assert card_address(-1001234, 9) == "https://t.me/c/1234/9"
    assert card_address(-1234, 9) is None
