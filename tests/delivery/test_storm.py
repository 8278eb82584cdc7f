"""More new cards than a chat takes: one summary stands for them, and each card comes sooner or later."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.delivery.rendering import Weight
from bot.delivery.storm import CALM_AFTER_S, DRAIN_EVERY_S, OUTRIGHT, STORM_ABOVE, WaitingCard, plan_cards
from bot.domain.intents import Audience, RefreshCard, Tell
from tests.delivery.conftest import Desk
from tests.delivery.plain_renderer import RESPONDERS

NOON = datetime(2026, 1, 11, 12, tzinfo=UTC)


def waiting(number: int, *, rank: int = 2, urgent: bool = False) -> list[WaitingCard]:
    """That many cards, one a second."""
    return [WaitingCard(f"INC-{n}", rank, urgent, NOON + timedelta(seconds=n)) for n in range(1, number + 1)]


def test_a_few_cards_are_no_storm() -> None:
    """Up to the threshold all cards go."""
    assert plan_cards(waiting(STORM_ABOVE), None, 0.0).held == ()


def test_a_storm_lets_the_worst_through() -> None:
    """Beyond the threshold the worst few go, and the rest waits in order."""
    cards = [*waiting(20), WaitingCard("INC-99", 1, urgent=False, queued_at=NOON + timedelta(hours=1))]
    plan = plan_cards(cards, None, 0.0)
    assert len(plan.held) == len(cards) - OUTRIGHT
    assert "INC-99" not in plan.held
    assert plan.held[0] == f"INC-{OUTRIGHT}"


def test_the_worst_severity_and_what_somebody_acts_on_never_wait() -> None:
    """SEV-1 and urgent cards go, however many there are."""
    sev_1 = [WaitingCard(f"SEV1-{n}", 0, urgent=False, queued_at=NOON) for n in range(30)]
    acted = [WaitingCard(f"ACT-{n}", 3, urgent=True, queued_at=NOON) for n in range(30)]
    held = plan_cards([*waiting(50), *sev_1, *acted], None, 0.0).held
    assert all(incident.startswith("INC-") for incident in held)


@settings(deadline=None)  # the machine may be busy; the timeout of the whole run holds
@given(st.lists(st.integers(min_value=0, max_value=30), min_size=1, max_size=10))
def test_every_card_goes_sooner_or_later(arrivals: list[int]) -> None:
    """Whatever comes in what waves: once it is calm, one after the other is let through, until none is held."""
    now_s, storm, cards = 0.0, None, list[WaitingCard]()
    for wave, number in enumerate(arrivals):
        cards += [WaitingCard(f"W{wave}-{n}", n % 4, urgent=False, queued_at=NOON) for n in range(number)]
        plan = plan_cards(cards, storm, now_s)
        storm, now_s = plan.storm, now_s + 5
    gone = set[str]()
    for _ in range(len(cards) + 1 + round(CALM_AFTER_S / DRAIN_EVERY_S)):
        plan = plan_cards([card for card in cards if card.incident not in gone], storm, now_s)
        storm, now_s = plan.storm, now_s + DRAIN_EVERY_S
        gone = {card.incident for card in cards if card.incident not in plan.held}
    assert len(gone) == len(cards)
    assert storm is None


async def test_one_summary_stands_for_the_cards_beyond_the_budget(desk: Desk) -> None:
    """Forty incidents at once: the SEV-1 cards and a few others come, the rest is one message that edits itself."""
    desk.renderer.weights = {f"INC-{n}": Weight(0, urgent=False) for n in (17, 33)}
    await desk.ask_for(*(RefreshCard(incident=f"INC-{n}") for n in range(1, 41)))
    async with desk.sending():
        await desk.quiet()
        await desk.move(20)
        group = desk.driver.chat(RESPONDERS)
        texts = [message.text for message in group.messages]
        assert [text for text in texts if "storm" in text] == ["storm of 40, 33 held"]
        assert {"card INC-17", "card INC-33"} <= set(texts)
        assert len(texts) == 1 + 2 + OUTRIGHT
        assert desk.registry.get_sample_value("nabat_storm_cards_held") == 33


async def test_a_card_that_somebody_acts_on_comes_at_once(desk: Desk) -> None:
    """A held card goes as soon as its incident is acted on, and the reply under it follows."""
    await desk.ask_for(*(RefreshCard(incident=f"INC-{n}") for n in range(1, 31)))
    async with desk.sending():
        await desk.quiet()
        await desk.move(20)
        desk.renderer.weights["INC-30"] = Weight(2, urgent=True)
        await desk.ask_for(Tell(incident="INC-30", audience=Audience.THREAD, number=4))
        await desk.move(4)
        group = desk.driver.chat(RESPONDERS)
        card, reply = group.find("card INC-30"), group.find("tell INC-30")
    assert card is not None
    assert reply is not None
    assert reply.message.reply_to is not None
    assert reply.message.reply_to.message_id == card.id


async def test_nothing_is_lost_in_a_storm(desk: Desk) -> None:
    """When it calms every card comes, Telegram never said 429, and the summary says that it is over."""
    await desk.ask_for(*(RefreshCard(incident=f"INC-{n}") for n in range(1, 26)))
    async with desk.sending():
        await desk.quiet()
        await desk.move(400, step_s=2)
        await desk.all_done()
    texts = [message.text for message in desk.driver.chat(RESPONDERS).messages]
    assert sorted(text for text in texts if text.startswith("card")) == sorted(f"card INC-{n}" for n in range(1, 26))
    assert [text for text in texts if "storm" in text] == ["storm of 25, 0 held"]
    assert [call.status for call in desk.telegram.journal if call.status == 429] == []
    assert await desk.store.facts("storm:") == {}


async def test_a_storm_goes_on_with_the_same_summary_after_a_restart(desk: Desk) -> None:
    """The next sender edits the summary that is there."""
    await desk.ask_for(*(RefreshCard(incident=f"INC-{n}") for n in range(1, 31)))
    async with desk.sending():
        await desk.quiet()
        await desk.move(10)
    async with desk.sending():
        await desk.quiet()
        await desk.move(20)
    texts = [message.text for message in desk.driver.chat(RESPONDERS).messages]
    assert len([text for text in texts if "storm" in text]) == 1


async def test_cards_that_cannot_be_weighed_go_all_the_same(desk: Desk) -> None:
    """A mistake in the weighing delays no card and no page."""
    desk.renderer.broken.add("INC-1")
    await desk.ask_for(RefreshCard(incident="INC-1"), RefreshCard(incident="INC-2"))
    async with desk.sending():
        await desk.driver.chat(RESPONDERS).wait_for("card INC-2")


async def test_the_summary_shows_what_one_press_took(desk: Desk) -> None:
    """What is taken along with others stays held, and the summary is shown anew all the same."""
    await desk.ask_for(*(RefreshCard(incident=f"INC-{n}") for n in range(1, 31)))
    async with desk.sending():
        await desk.quiet()
        await desk.move(20)
        before = len(desk.telegram.journal.of("editMessageText"))
        for n in range(1, 31):
            desk.renderer.weights[f"INC-{n}"] = Weight(2, urgent=False, answered=True)
        await desk.move(20)
        assert len(desk.telegram.journal.of("editMessageText")) > before
        texts = [message.text for message in desk.driver.chat(RESPONDERS).messages]
        assert [text for text in texts if "storm" in text] == ["storm of 30, 25 held"]
