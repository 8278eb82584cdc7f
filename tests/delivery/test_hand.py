"""What goes next: the most urgent of all chats, one at a time in each."""

from datetime import UTC, datetime, timedelta

from bot.delivery.budgets import Budgets
from bot.delivery.hand import CARD_PATIENCE_S, Hand
from bot.delivery.jobs import AnyJob, RowJob, Wait
from bot.delivery.rendering import EditInPlace
from bot.domain.events import PageCause
from bot.domain.intents import Audience, Intent, Lane, Page, Ping, RefreshCard, RefreshPages, Tell
from bot.store.records import MessageRef, Row
from bot.views.rendered import Rendered

NOON = datetime(2026, 1, 11, 12, tzinfo=UTC)
GROUP = -1001001


def row(intent: Intent, second: int = 0) -> Row:
    """A row queued at that second."""
    at = NOON + timedelta(seconds=second)
    return Row(intent.key, intent, revision=1, queued_at=at)


def page(person: str = "anna") -> Page:
    """A page as the engine asks for it."""
    return Page(incident="INC-1", person=person, cause=PageCause.STEP, number=1)


def drain(hand: Hand, budgets: Budgets, now_s: float = 0.0) -> list[AnyJob]:
    """Lets everything go that may go at this moment, each flight ending at once."""
    gone: list[AnyJob] = []
    while not isinstance(job := hand.next(now_s, budgets), Wait):
        gone.append(job)
        hand.remove(job)
        if job.chat is not None:
            budgets.spend(job.chat, now_s)
    return gone


def test_lanes_come_before_age_over_all_chats() -> None:
    """Pages, then replies, then cards, whatever was asked for first and wherever it goes."""
    hand = Hand()
    card = hand.add_row(row(RefreshCard(incident="INC-9"), 0), GROUP)
    hand.knows_card(card)
    ping = hand.add_row(row(Ping(incident="INC-1", person="boris", number=2), 1), 1002)
    late = hand.add_row(row(page("clara"), 3), 1003)
    early = hand.add_row(row(page("anna"), 2), 1001)
    assert drain(hand, Budgets()) == [early, late, ping, card]


def test_a_chat_gets_one_message_at_a_time() -> None:
    """While one is on its way the chat's others wait, and other chats don't."""
    hand, budgets = Hand(), Budgets()
    first = hand.add_row(row(page("anna"), 0), 1001)
    hand.add_row(row(Ping(incident="INC-1", person="anna", number=2), 1), 1001)
    other = hand.add_row(row(Ping(incident="INC-1", person="boris", number=2), 2), 1002)
    hand.launch(first)
    assert hand.next(0.0, budgets) is other
    hand.launch(other)
    assert hand.next(0.0, budgets) == Wait(None)


def test_a_wait_ends_when_the_first_budget_allows() -> None:
    """With every chat's budget spent, the wait is for the earliest of them."""
    hand, budgets = Hand(), Budgets()
    hand.add_row(row(page("anna")), 1001)
    hand.add_row(row(page("boris")), 1002)
    budgets.penalty(1001, 9.0)
    budgets.penalty(1002, 5.0)
    assert hand.next(0.0, budgets) == Wait(5.0)


def test_a_card_that_waits_gets_the_share_of_replies() -> None:
    """With the cards' share of a group's minute spent by answers, a card waits for seconds, not for the minute."""
    hand, budgets = Hand(), Budgets()
    for second in range(10):
        budgets.spend(GROUP, second)
    card = hand.add_row(row(RefreshCard(incident="INC-1")), GROUP)
    hand.knows_card(card)
    assert hand.next(20.0, budgets) == Wait(20.0 + CARD_PATIENCE_S)
    assert hand.next(20.0 + CARD_PATIENCE_S, budgets) is card


def test_a_chatty_team_sees_its_card_change() -> None:
    """With a command every four seconds all the time, the card shows what it changed within a minute."""
    hand, budgets, now_s, longest_s = Hand(), Budgets(), 0.0, 0.0
    card, since_s = changed_card(hand), 0.0
    while now_s < 300.0:
        if now_s % 4 == 0 and budgets.when(GROUP, Lane.REPLIES, now_s, answering=True) <= now_s:
            budgets.spend(GROUP, now_s)
        if drain(hand, budgets, now_s) == [card]:
            longest_s = max(longest_s, now_s - since_s)
            card, since_s = changed_card(hand), now_s
        now_s += 0.5
    assert longest_s <= 60.0


def test_impatient_cards_starve_no_answer() -> None:
    """However many cards wait, whoever writes a command every ten seconds is answered within five."""
    hand, budgets = Hand(), Budgets()
    for number in range(1, 100):
        changed_card(hand, f"INC-{number}")
    asked_s = 0.0
    for half_second in range(600):
        now_s = half_second / 2
        if asked_s <= now_s and budgets.when(GROUP, Lane.REPLIES, now_s, answering=True) <= now_s:
            assert now_s - asked_s <= 5.0
            budgets.spend(GROUP, now_s)
            asked_s += 10.0
        drain(hand, budgets, now_s)


def changed_card(hand: Hand, incident: str = "INC-1") -> RowJob:
    """A card that is there already has something new to show."""
    card = hand.add_row(row(RefreshCard(incident=incident)), GROUP)
    hand.knows_card(card)
    return card


def test_what_waits_for_its_next_try_is_overtaken_unless_it_probes() -> None:
    """A row that failed does not block its chat; a probe takes the most urgent, however long it was to wait."""
    hand, budgets = Hand(), Budgets()
    failed = hand.add_row(row(page("anna"), 0), 1001)
    ping = hand.add_row(row(Ping(incident="INC-1", person="anna", number=2), 1), 1001)
    failed.retry_at_s = 20.0
    assert hand.next(0.0, budgets) is ping
    assert hand.next(0.0, budgets, probing=True) is failed
    hand.remove(ping)
    assert hand.next(0.0, budgets) == Wait(20.0)
    hand.forget_waits()
    assert hand.next(0.0, budgets) is failed


def test_a_card_that_nobody_weighed_yet_waits_and_its_reply_with_it() -> None:
    """A reply never overtakes the card it answers, and lends it its urgency."""
    hand, budgets = Hand(), Budgets()
    reply = hand.add_row(row(Tell(incident="INC-1", audience=Audience.THREAD, number=2), 0), GROUP)
    card = hand.add_row(row(RefreshCard(incident="INC-1"), 1), GROUP)
    assert hand.next(0.0, budgets) == Wait(None)
    hand.hold(card, held=False)
    other = hand.add_row(row(RefreshCard(incident="INC-2"), 0), GROUP)
    hand.knows_card(other)
    assert drain(hand, budgets)[:2] == [card, reply]


def test_a_reply_waits_for_its_card_whichever_came_first() -> None:
    """Asked for before the card or after it, a reply goes once the card is there, and no card of others holds it up."""
    for card_first in (True, False):
        hand, budgets = Hand(), Budgets()
        reply = Tell(incident="INC-1", audience=Audience.THREAD, number=2)
        intents: tuple[Intent, ...] = (RefreshCard(incident="INC-1"), reply)
        jobs = {intent.kind: hand.add_row(row(intent), GROUP) for intent in intents[:: 1 if card_first else -1]}
        hand.add_row(row(RefreshCard(incident="INC-2")), GROUP)
        assert isinstance(hand.next(0.0, budgets), Wait)
        hand.remove(jobs["refresh_card"])
        assert hand.next(0.0, budgets) is jobs["tell"]


def test_edits_of_a_row_are_jobs_of_their_own() -> None:
    """A row for several chats waits while its edits go, each in its chat."""
    hand = Hand()
    parent = hand.add_row(row(RefreshPages(incident="INC-1")), None)
    edits = tuple(
        EditInPlace(chat, Rendered("text"), MessageRef(chat, 1), f"page:{chat}", or_send=False) for chat in (1001, 1002)
    )
    hand.add_parts(parent, edits)
    gone = drain(hand, Budgets())
    assert [job.chat for job in gone] == [1001, 1002]
    assert list(hand) == [parent]


def test_a_row_moves_to_its_chat_once_that_is_known() -> None:
    """What came without a chat keeps to the chat's budget from then on."""
    hand, budgets = Hand(), Budgets()
    job = hand.add_row(row(page()), None)
    assert isinstance(job, RowJob)
    hand.move(job, 1001)
    budgets.penalty(1001, 5.0)
    assert hand.next(0.0, budgets) == Wait(5.0)


def test_what_was_passed_over_gets_its_turn_when_it_may_go_again() -> None:
    """Held for a storm and let go again, asked for in between: it goes once, and before what is less urgent."""
    hand, budgets = Hand(), Budgets()
    card = hand.add_row(row(RefreshCard(incident="INC-1"), 0), GROUP)
    later = hand.add_row(row(Tell(incident="INC-2", audience=Audience.THREAD, number=2), 5), GROUP)
    assert hand.next(0.0, budgets) is later
    hand.hold(card, held=False)
    hand.hold(card, held=True)
    assert hand.next(0.0, budgets) is later
    hand.hold(card, held=False)
    hand.hurry(card, Lane.PAGES)
    assert drain(hand, budgets) == [card, later]


def test_a_job_that_moved_goes_where_it_moved_to() -> None:
    """Its old chat has forgotten it, though it had its turn there."""
    hand, budgets = Hand(), Budgets()
    job = hand.add_row(row(page("anna")), None)
    assert hand.next(0.0, budgets) is job
    hand.move(job, 1001)
    other = hand.add_row(row(page("boris"), 1), None)
    assert drain(hand, budgets) == [job, other]
