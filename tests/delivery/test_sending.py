"""The way of a row from the outbox to Telegram, when nothing goes wrong."""

from bot.domain.events import PageCause
from bot.domain.intents import Audience, Page, Ping, RefreshCard, RefreshPages, Tell
from bot.store.records import MessageRef
from tests.delivery.conftest import Desk
from tests.delivery.plain_renderer import PEOPLE, RESPONDERS


def page(person: str = "anna", incident: str = "INC-1", number: int = 1) -> Page:
    """A page as the engine asks for it."""
    return Page(incident=incident, person=person, cause=PageCause.STEP, number=number)


async def test_a_page_arrives_and_is_remembered(desk: Desk) -> None:
    """A page is sent with its button, loudly, and the store knows its message afterwards."""
    async with desk.sending():
        await desk.ask_for(page())
        message = await desk.driver.person("anna").private.wait_for("page INC-1")
        await desk.all_done()
    assert message.buttons == ["Ack"]
    assert not message.silent
    known = (await desk.store.messages("INC-1"))["page:anna"]
    assert (known.chat, known.message) == (PEOPLE["anna"], message.id)


async def test_what_was_asked_for_before_the_start_is_sent(desk: Desk) -> None:
    """Rows that waited for a sender go as soon as there is one."""
    await desk.ask_for(RefreshCard(incident="INC-1"), page())
    async with desk.sending():
        await desk.all_done()
    assert sorted(desk.texts()) == ["card INC-1", "page INC-1"]


async def test_a_card_is_sent_once_and_then_edited(desk: Desk) -> None:
    """A second refresh edits the same message, and shows the newest state."""
    async with desk.sending():
        await desk.ask_for(RefreshCard(incident="INC-1"))
        await desk.all_done()
        desk.renderer.texts["INC-1"] = "in hand"
        await desk.ask_for(RefreshCard(incident="INC-1"))
        await desk.all_done()
    (card,) = desk.driver.chat(RESPONDERS).messages
    assert card.text == "card in hand"
    assert card.edited
    assert card.silent


async def test_an_unchanged_card_costs_no_call(desk: Desk) -> None:
    """A refresh that shows what is shown already is settled without Telegram."""
    async with desk.sending():
        await desk.ask_for(RefreshCard(incident="INC-1"))
        await desk.all_done()
        await desk.ask_for(RefreshCard(incident="INC-1"))
        await desk.all_done()
    assert len(desk.telegram.journal) == 1


async def test_ten_quick_changes_cost_one_message(desk: Desk) -> None:
    """Text is rendered when it is sent, so refreshes that wait become one."""
    for number in range(10):
        desk.renderer.texts["INC-1"] = f"change {number}"
        await desk.ask_for(RefreshCard(incident="INC-1"))
    async with desk.sending():
        await desk.all_done()
    assert desk.texts() == ["card change 9"]


async def test_a_reply_goes_under_its_card(desk: Desk) -> None:
    """Replies are before cards, but a reply waits for the card that it answers, and answers it."""
    await desk.ask_for(Tell(incident="INC-1", audience=Audience.THREAD, number=2), RefreshCard(incident="INC-1"))
    async with desk.sending():
        await desk.all_done()
    card, reply = desk.driver.chat(RESPONDERS).messages
    assert card.text == "card INC-1"
    assert reply.message.reply_to is not None
    assert reply.message.reply_to.message_id == card.id


async def test_what_is_no_longer_relevant_is_not_sent(desk: Desk) -> None:
    """A row whose rendering finds nothing to say is settled in silence."""
    desk.renderer.over.add("INC-1")
    async with desk.sending():
        await desk.ask_for(page(), RefreshCard(incident="INC-1"))
        await desk.all_done()
    assert len(desk.telegram.journal) == 0


async def test_pages_are_refreshed_in_every_private_chat(desk: Desk) -> None:
    """One intent edits the page of each person, and takes the buttons away where none are wanted."""
    async with desk.sending():
        await desk.ask_for(page("anna"), page("boris"))
        await desk.all_done()
        desk.renderer.texts["INC-1"] = "Anna has it"
        await desk.ask_for(RefreshPages(incident="INC-1"))
        await desk.all_done()
    for person in ("anna", "boris"):
        (message,) = desk.driver.person(person).private.messages
        assert message.text == "page Anna has it"
        assert message.buttons == []
    assert {ref.digest for ref in (await desk.store.messages("INC-1")).values()} != {""}


async def test_a_page_that_is_gone_leaves_its_slot_empty(desk: Desk) -> None:
    """A page that its reader deleted is not sent again by a refresh, and is forgotten."""
    ref = MessageRef(PEOPLE["anna"], 4711, "old")
    await desk.store.remember("INC-1", {"page:anna": ref})
    async with desk.sending():
        await desk.ask_for(RefreshPages(incident="INC-1"))
        await desk.all_done()
    assert await desk.store.messages("INC-1") == {}


async def test_a_repeated_page_replaces_the_older_one(desk: Desk) -> None:
    """The new page makes its sound first; then the older one of the same incident goes."""
    async with desk.sending():
        await desk.ask_for(page(number=1))
        await desk.all_done()
        desk.renderer.texts["INC-1"] = "again"
        await desk.ask_for(page(number=2))
        await desk.until_calls(1, "deleteMessage")
    assert [message.text for message in desk.driver.person("anna").private.messages] == ["page again"]
    assert [call.method.lower() for call in desk.telegram.journal] == ["sendmessage", "sendmessage", "deletemessage"]


async def test_an_older_page_that_cannot_be_deleted_loses_its_buttons(desk: Desk) -> None:
    """Where Telegram refuses to delete (48 hours), no second Ack stays."""
    async with desk.sending():
        await desk.ask_for(page(number=1))
        await desk.all_done()
        desk.telegram.faults.fail("deleteMessage", 400, "Bad Request: message can't be deleted for everyone")
        await desk.ask_for(page(number=2))
        await desk.until_calls(1, "editMessageReplyMarkup")
    first, second = desk.driver.person("anna").private.messages
    assert (first.buttons, second.buttons) == ([], ["Ack"])


async def test_a_card_that_was_deleted_is_sent_again(desk: Desk) -> None:
    """An edit of a message that is gone becomes a new message, and that one is remembered."""
    await desk.store.remember("INC-1", {"card": MessageRef(RESPONDERS, 4711, "old")})
    async with desk.sending():
        await desk.ask_for(RefreshCard(incident="INC-1"))
        await desk.all_done()
    (card,) = desk.driver.chat(RESPONDERS).messages
    assert (await desk.store.messages("INC-1"))["card"].message == card.id


async def test_a_mistake_in_one_row_stops_no_other(desk: Desk) -> None:
    """A row that can't be rendered stays and is tried again; pages of other incidents go."""
    desk.renderer.broken.add("INC-1")
    await desk.ask_for(page(incident="INC-1"), RefreshCard(incident="INC-1"), page(incident="INC-2"))
    async with desk.sending():
        await desk.driver.person("anna").private.wait_for("page INC-2")
        desk.renderer.broken.clear()
        await desk.move(3)
        await desk.all_done()
    assert sorted(desk.texts()) == ["card INC-1", "page INC-1", "page INC-2"]


async def test_pings_go_to_the_person(desk: Desk) -> None:
    """A ping is a private message without a slot."""
    async with desk.sending():
        await desk.ask_for(Ping(incident="INC-1", person="boris", number=3))
        await desk.driver.person("boris").private.wait_for("ping INC-1")
        await desk.all_done()
    assert await desk.store.messages("INC-1") == {}


async def test_the_figures_tell_lanes_and_outcomes(desk: Desk) -> None:
    """Each call is counted by lane and outcome, and each arrival by its age."""
    async with desk.sending():
        await desk.ask_for(page(), RefreshCard(incident="INC-1"))
        await desk.all_done()
    labels = {"lane": "pages", "outcome": "sent"}
    assert desk.registry.get_sample_value("nabat_telegram_calls_total", labels) == 1
    assert desk.registry.get_sample_value("nabat_outbox_wait_seconds_count", {"lane": "pages"}) == 1
