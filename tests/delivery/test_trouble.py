"""A Telegram that refuses, breaks off, is out of order or gone: nothing is lost, and pages come first afterwards."""

import asyncio

import pytest

from bot.domain.events import PageCause
from bot.domain.intents import Audience, Page, RefreshCard, Tell
from bot.sandbox.people import BotRole, ChatKind
from bot.store.records import LeaseLostError
from tests.delivery.conftest import Desk
from tests.delivery.plain_renderer import RESPONDERS


def page(person: str = "anna", incident: str = "INC-1", number: int = 1) -> Page:
    """A page as the engine asks for it."""
    return Page(incident=incident, person=person, cause=PageCause.STEP, number=number)


@pytest.mark.parametrize("person", ["eve", "boris"])
async def test_somebody_who_cannot_be_written_to_is_reported_at_once(desk: Desk, person: str) -> None:
    """A 403 on a page (never started, or blocked) is told to the engine, and the row is done."""
    await desk.driver.person("boris").block()
    async with desk.sending():
        await desk.ask_for(page(person))
        await desk.all_done()
    ((who, incident, reason),) = desk.unreachable
    assert (who, incident) == (person, "INC-1")
    assert reason
    assert len(desk.telegram.journal) == 1


async def test_a_chat_that_telegram_never_heard_of_is_unreachable_too(desk: Desk) -> None:
    """A person's wrong id is a 400 at Telegram, and for us the same as a 403."""
    desk.telegram.faults.fail("sendMessage", 400, "Bad Request: chat not found")
    async with desk.sending():
        await desk.ask_for(page())
        await desk.all_done()
    assert [person for person, _, _ in desk.unreachable] == ["anna"]


async def test_a_page_that_telegram_refuses_whatever_we_do_counts_as_unreachable(desk: Desk) -> None:
    """A page dropped for our own mistake must not leave the incident unanswered."""
    desk.telegram.faults.fail("sendMessage", 400, "Bad Request: BUTTON_DATA_INVALID", times=None)
    async with desk.sending():
        await desk.ask_for(page())
        await desk.all_done()
    assert [person for person, _, _ in desk.unreachable] == ["anna"]


async def test_a_bot_that_was_removed_drops_the_card_and_goes_on(desk: Desk) -> None:
    """A group that threw the bot out costs its card, and nothing else."""
    desk.driver.chat(RESPONDERS).set_bot_role(BotRole.KICKED)
    async with desk.sending():
        await desk.ask_for(RefreshCard(incident="INC-1"), page())
        await desk.all_done()
    assert desk.texts() == ["page INC-1"]
    assert desk.unreachable == []


async def test_a_429_makes_that_chat_wait_and_no_other(desk: Desk) -> None:
    """While one chat waits for its retry_after, other chats get theirs."""
    desk.telegram.faults.fail("sendMessage", 429, "Too Many Requests: retry after 20", retry_after_s=20)
    async with desk.sending():
        await desk.ask_for(page("anna"))
        await desk.until_calls(1)
        await desk.quiet()
        await desk.ask_for(page("anna", "INC-2"), page("boris"))
        await desk.driver.person("boris").private.wait_for("page INC-1")
        await desk.move(19)
        assert desk.driver.person("anna").private.messages == []
        await desk.move(2)
        await desk.all_done()
    assert [message.text for message in desk.driver.person("anna").private.messages] == ["page INC-1", "page INC-2"]


async def test_an_answer_that_got_lost_means_sending_again(desk: Desk) -> None:
    """A page whose connection broke may have arrived; a double beats a miss."""
    desk.telegram.faults.take_then_drop("sendMessage")
    async with desk.sending():
        await desk.ask_for(page())
        await desk.until_calls(1)
        await desk.move(2)
        await desk.all_done()
    assert [message.text for message in desk.driver.person("anna").private.messages] == ["page INC-1", "page INC-1"]


async def test_an_edit_whose_answer_got_lost_is_asked_for_again(desk: Desk) -> None:
    """What is remembered is not sure then, so the call is made, and Telegram says that nothing changed."""
    async with desk.sending():
        await desk.ask_for(RefreshCard(incident="INC-1"))
        await desk.all_done()
        desk.telegram.faults.take_then_drop("editMessageText")
        desk.renderer.texts["INC-1"] = "in hand"
        await desk.ask_for(RefreshCard(incident="INC-1"))
        await desk.until_calls(1, "editMessageText")
        await desk.move(2)
        await desk.all_done()
    assert [call.status for call in desk.telegram.journal.of("editMessageText")] == [0, 400]
    assert desk.driver.chat(RESPONDERS).last.text == "card in hand"


async def test_an_outage_is_probed_and_not_hammered(desk: Desk) -> None:
    """While Telegram refuses connections, many rows cost few attempts; afterwards the pages go first."""
    await desk.telegram.faults.refuse_connections()
    cards = [RefreshCard(incident=f"INC-{n}") for n in range(1, 8)]
    news = [Tell(incident="INC-1", audience=Audience.STAKEHOLDERS, number=n) for n in (1, 2)]
    async with desk.sending():
        await desk.ask_for(*cards, *news)
        await desk.quiet()
        await desk.move(30)
        await desk.ask_for(page("anna"), page("boris"), page("clara"))
        await desk.move(5)
        failed = desk.registry.get_sample_value(
            "nabat_telegram_calls_total", {"lane": "replies", "outcome": "notreached"}
        )
        assert failed is not None
        assert failed < 20
        assert desk.registry.get_sample_value("nabat_telegram_outage") == 1
        await desk.telegram.faults.accept_connections()
        await desk.move(90)
        await desk.all_done()
    said = desk.texts()
    assert said[0] == "page INC-1", "the probe is the most urgent"
    assert said[:5].count("page INC-1") == 3, "beside them only what goes to the two groups at the same moment"
    assert len(said) == 3 + len(cards) + len(news)
    assert desk.registry.get_sample_value("nabat_telegram_outage") == 0


async def test_telegram_out_of_order_is_waited_out(desk: Desk) -> None:
    """5xx are no answer to a message: it goes again until it is taken."""
    desk.telegram.faults.fail("sendMessage", 502, "Bad Gateway", times=4)
    async with desk.sending():
        await desk.ask_for(page())
        await desk.until_calls(1)
        await desk.move(12)
        await desk.all_done()
    assert desk.texts() == ["page INC-1"]


async def test_a_kill_between_taken_and_stored_sends_a_page_again(desk: Desk) -> None:
    """The page that a killed sender had on the wire is sent by the next one, with the same id in it."""
    hang = desk.telegram.faults.hang("sendMessage", times=1)
    await desk.ask_for(page())
    task = asyncio.create_task(desk.sender().run(await desk.lease()))
    await hang.reached.wait()
    async with desk.sending():
        await desk.all_done()
        hang.release()
        await desk.until_calls(2)
        # What the first one learns from its answer is refused: its lease is old.
        with pytest.raises(LeaseLostError):
            await task
    assert desk.texts() == ["page INC-1", "page INC-1"]


async def test_a_card_that_a_killed_sender_may_have_edited_is_edited_again(desk: Desk) -> None:
    """A row found taken is not trusted: its edit is made even if it seems to change nothing."""
    async with desk.sending():
        await desk.ask_for(RefreshCard(incident="INC-1"))
        await desk.all_done()
    await desk.ask_for(RefreshCard(incident="INC-1"))
    killed = await desk.lease()
    assert len(await desk.store.claim_rows(desk.store.clock.now(), 10, killed)) == 1
    async with desk.sending():
        await desk.all_done()
    assert [call.status for call in desk.telegram.journal.of("editMessageText")] == [400]


async def test_a_stopped_sender_puts_back_what_it_never_tried(desk: Desk) -> None:
    """An orderly stop leaves no row that looks as if it had been sent."""
    desk.telegram.faults.fail("sendMessage", 429, "Too Many Requests: retry after 60", retry_after_s=60)
    async with desk.sending():
        await desk.ask_for(page(number=1), page(number=2))
        await desk.until_calls(1)
        await desk.quiet()
    rows = await desk.store.claim_rows(desk.store.clock.now(), 10, await desk.lease())
    assert [row.sending_since for row in rows] == [None, None]


async def test_a_sender_without_its_lease_stops(desk: Desk) -> None:
    """Once another replica sends, this one ends and says why."""
    task = asyncio.create_task(desk.sender().run(await desk.lease()))
    await desk.quiet()
    await desk.lease()
    await desk.ask_for(page())
    with pytest.raises(LeaseLostError):
        await task
    assert len(desk.telegram.journal) == 0


async def test_a_group_that_became_a_supergroup_is_followed(desk: Desk) -> None:
    """Cards go to the new chat, the store remembers it, and the old card is not taken for a message of the new one."""
    desk.driver.chat(RESPONDERS).chat.kind = ChatKind.GROUP
    async with desk.sending():
        await desk.ask_for(RefreshCard(incident="INC-1"))
        await desk.all_done()
        moved = desk.driver.chat(RESPONDERS).upgrade(-1009009)
        await desk.ask_for(RefreshCard(incident="INC-2"))
        await desk.driver.chat(-1009009).wait_for("card INC-2")
        desk.renderer.texts["INC-1"] = "in hand"
        await desk.ask_for(RefreshCard(incident="INC-1"))
        await desk.driver.chat(-1009009).wait_for("card in hand")
        await desk.all_done()
    assert await desk.store.migrations() == {RESPONDERS: -1009009}
    assert [message.text for message in moved.messages] == ["card INC-2", "card in hand"]


async def test_text_with_tags_that_telegram_does_not_take_goes_plain(desk: Desk) -> None:
    """A message beats its looks: refused markup is sent once more as plain text."""
    desk.renderer.texts["INC-1"] = "<blink>high &amp; dry</blink>"
    async with desk.sending():
        await desk.ask_for(page())
        await desk.all_done()
    assert desk.texts() == ["page high & dry"]


async def test_nothing_is_called_while_the_lease_may_be_another_s(desk: Desk) -> None:
    """Neither a page nor a card nor the edits of pages; all of it goes as soon as the lease surely holds again."""
    desk.may_send = False
    async with desk.sending():
        await desk.ask_for(
            page(), RefreshCard(incident="INC-1"), Tell(incident="INC-1", audience=Audience.THREAD, number=1)
        )
        await desk.quiet()
        await desk.move(30)
        assert not len(desk.telegram.journal)
        desk.may_send = True
        await desk.move(30)
        await desk.all_done()
    assert len(desk.texts()) == 3
