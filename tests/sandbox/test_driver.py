"""The driver: what a test can do and see."""

import asyncio

import pytest

from bot.sandbox.driver import Driver, NoSuchButtonError
from bot.sandbox.errors import NotAllowedError
from bot.sandbox.world import World
from tests.sandbox.conftest import RESPONDERS, Caller

KEYBOARD = {"inline_keyboard": [[{"text": "✅ Ack", "callback_data": "a"}, {"text": "Ack all", "callback_data": "b"}]]}


async def test_waiting_sees_edits_and_new_messages(call: Caller, driver: Driver) -> None:
    """A wait ends at the message that fits, whether it is new or edited, and `after` looks at newer ones alone."""
    chat = driver.chat("Incidents")
    first = asyncio.create_task(chat.wait_for("card"))
    await call("sendMessage", chat_id=RESPONDERS, text="card one")
    old = await first
    edited = asyncio.create_task(chat.wait_for(lambda message: message.edited))
    await call("editMessageText", chat_id=RESPONDERS, message_id=old.id, text="card two")
    assert (await edited).text == "card two"
    newer = asyncio.create_task(chat.wait_for("card", after=old))
    await call("sendMessage", chat_id=RESPONDERS, text="card three")
    assert (await newer).text == "card three"


async def test_a_wait_in_vain_shows_what_is_there(driver: Driver) -> None:
    """The error of a wait names what the chat holds instead."""
    await driver.person("anna").send("Incidents", "hello")
    with pytest.raises(TimeoutError, match="#1 Anna: hello"):
        await driver.chat("Incidents").wait_for("card", timeout=0.01)


async def test_a_button_is_found_by_its_word(call: Caller, driver: Driver) -> None:
    """The first label that holds the word counts, an equal one before; a missing one names those there are."""
    await call("sendMessage", chat_id=RESPONDERS, text="x", reply_markup=KEYBOARD)
    card = driver.chat("Incidents").last
    assert (card.button("Ack").data, card.button("Ack all").data) == ("a", "b")
    with pytest.raises(NoSuchButtonError, match="Ack all"):
        await driver.person("anna").press(card, "Resolve")


async def test_a_forged_press_reaches_the_bot(call: Caller, driver: Driver) -> None:
    """Any data can be sent, as by a forged client, and its answer is waited for."""
    await call("sendMessage", chat_id=RESPONDERS, text="x", reply_markup=KEYBOARD)
    press = asyncio.create_task(driver.person("dan").press_raw(driver.chat("Incidents").last, "forged"))
    query = (await call("getUpdates", timeout=5)).result[0]["callback_query"]
    assert query["data"] == "forged"
    await call("answerCallbackQuery", callback_query_id=query["id"], text="no")
    assert (await press).text == "no"


async def test_people_stay_in_their_chats(driver: Driver, world: World) -> None:
    """A stranger to a group can neither write nor press there, and a blocker must unblock first."""
    world.add_person("mallory", 6666, "Mallory")
    with pytest.raises(NotAllowedError):
        await driver.person("mallory").send("Incidents", "hi")
    anna = driver.person("anna")
    await anna.block()
    with pytest.raises(NotAllowedError):
        await anna.send(anna.private, "hi")
    await anna.start()
    assert anna.private.last.text == "/start"


async def test_waiting_for_anything(call: Caller, driver: Driver) -> None:
    """A wait can look at the whole world."""
    waiting = asyncio.create_task(driver.wait_until(lambda world: world.chats[1001].messages))
    await call("sendMessage", chat_id=1001, text="page")
    assert len(await waiting) == 1
