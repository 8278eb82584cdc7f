"""Telegram's limits are never exceeded, and pages never starve behind other lanes."""

from bisect import bisect_right

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.delivery.budgets import Budgets
from bot.domain.intents import Lane

CHATS = (1001, 1002, -1001001, -1001002)
ASKS = st.lists(
    st.tuples(st.sampled_from(CHATS), st.sampled_from(Lane), st.floats(min_value=0, max_value=3)), max_size=200
)


def _most_in(window_s: float, sent: list[float]) -> int:
    """The most messages in any half-open window of that length."""
    return max((bisect_right(sent, at + window_s - 1e-6) - index for index, at in enumerate(sent)), default=0)


@settings(deadline=None)
@given(ASKS)
def test_no_limit_is_exceeded(asks: list[tuple[int, Lane, float]]) -> None:
    """Whoever sends only when told keeps 30 a second over all, 20 a minute in a group and one a second in a chat."""
    budgets, now_s, sent = Budgets(), 0.0, dict[int, list[float]]()
    for chat, lane, pause_s in asks:
        now_s = max(now_s + pause_s, budgets.when(chat, lane, now_s + pause_s))
        budgets.spend(chat, now_s)
        sent.setdefault(chat, []).append(now_s)
    assert _most_in(1, sorted(at for times in sent.values() for at in times)) <= 30
    for chat, times in sent.items():
        assert _most_in(60, times) <= (20 if chat < 0 else 63)
        assert all(_most_in(length, times) <= 3 + length for length in (1, 5, 10))


@settings(deadline=None)
@given(st.integers(min_value=0, max_value=1000), st.sampled_from([Lane.REPLIES, Lane.CARDS, Lane.DIGESTS]))
def test_pages_never_starve(asked: int, lane: Lane) -> None:
    """However much the other lanes send as soon as they may, five people can be paged at once."""
    budgets, now_s = Budgets(), 0.0
    for number in range(asked):
        chat = 2000 + number % 100
        at = budgets.when(chat, lane, now_s)
        now_s = max(now_s, at)
        budgets.spend(chat, now_s)
    for person in range(5):
        assert budgets.when(1000 + person, Lane.PAGES, now_s) == now_s
        budgets.spend(1000 + person, now_s)


@settings(deadline=None)
@given(st.integers(min_value=0, max_value=60))
def test_a_group_keeps_room_for_replies(cards: int) -> None:
    """However many cards went as soon as they might, six replies fit into the same minute, at a second each."""
    budgets, now_s = Budgets(), 0.0
    for _ in range(cards):
        now_s = budgets.when(-1, Lane.CARDS, now_s)
        budgets.spend(-1, now_s)
    for _ in range(6):
        at = budgets.when(-1, Lane.REPLIES, now_s)
        assert at - now_s <= 1.0
        now_s = at
        budgets.spend(-1, now_s)


@settings(deadline=None)
@given(st.lists(st.sampled_from([Lane.REPLIES, Lane.CARDS, Lane.DIGESTS]), max_size=60))
def test_a_group_keeps_room_for_answers(news: list[Lane]) -> None:
    """However much news went as soon as it might, three commands of people are answered in the same minute."""
    budgets, now_s = Budgets(), 0.0
    for lane in news:
        now_s = budgets.when(-1, lane, now_s)
        budgets.spend(-1, now_s)
    for _ in range(3):
        at = budgets.when(-1, Lane.REPLIES, now_s, answering=True)
        assert at - now_s <= 1.0
        now_s = at
        budgets.spend(-1, now_s)


def test_a_penalty_is_for_one_chat() -> None:
    """A 429 closes its chat until its time; others go on."""
    budgets = Budgets()
    budgets.penalty(1001, 20.0)
    assert budgets.when(1001, Lane.PAGES, 5.0) == 20.0
    assert budgets.when(1002, Lane.PAGES, 5.0) == 5.0


def test_a_penalty_without_a_chat_is_for_all() -> None:
    """A 429 to a call about no chat stops everything until its time."""
    budgets = Budgets()
    budgets.penalty_for_all(20.0)
    assert budgets.when(1002, Lane.PAGES, 5.0) == 20.0


@settings(deadline=None)
@given(st.sampled_from(CHATS), st.sampled_from(Lane), st.integers(min_value=1, max_value=40))
def test_what_was_not_sent_costs_nothing(chat: int, lane: Lane, number: int) -> None:
    """Tickets given back leave the budget as it was."""
    budgets = Budgets()
    for ticket in [budgets.spend(chat, 100.0) for _ in range(number)]:
        budgets.refund(ticket)
    assert budgets.when(chat, lane, 100.0) == 100.0
