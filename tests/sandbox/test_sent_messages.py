"""What becomes of a message that was sent: edited, deleted, pressed, pinned, reacted to."""

from datetime import timedelta
from typing import Any

from bot.sandbox.driver import Driver
from bot.sandbox.people import BotRole
from tests.sandbox.conftest import ACK, RESPONDERS, Caller, Clock


async def test_an_edit_that_changes_nothing_is_refused(call: Caller) -> None:
    """The same text and keyboard are no edit; another keyboard is one."""
    sent = await call("sendMessage", chat_id=RESPONDERS, text="x", reply_markup=ACK)
    edit: dict[str, Any] = {"chat_id": RESPONDERS, "message_id": sent.result["message_id"], "text": "x"}
    same = await call("editMessageText", **edit, reply_markup=ACK)
    assert same.description == (
        "Bad Request: message is not modified: specified new message content and reply markup are exactly the same "
        "as a current content and reply markup of the message"
    )
    bare = await call("editMessageText", **edit)
    assert "reply_markup" not in bare.result
    assert "edit_date" in bare.result


async def test_only_the_bots_own_messages_can_be_edited(call: Caller, driver: Driver) -> None:
    """A gone message, a person's and a service message are refused, each in its words."""
    hello = await driver.person("anna").send("Incidents", "hello")
    pinned = await call("sendMessage", chat_id=RESPONDERS, text="x")
    await call("pinChatMessage", chat_id=RESPONDERS, message_id=pinned.result["message_id"])
    notice = pinned.result["message_id"] + 1
    for message_id, reason in (
        (99, "message to edit not found"),
        (hello.id, "message can't be edited"),
        (notice, "MESSAGE_ID_INVALID"),
    ):
        reply = await call("editMessageText", chat_id=RESPONDERS, message_id=message_id, text="y")
        assert reply.description == f"Bad Request: {reason}"


async def test_a_message_can_be_deleted_for_two_days(call: Caller, clock: Clock, driver: Driver) -> None:
    """A bot takes back its message within 48 hours, not later."""
    for text in ("one", "two"):
        await call("sendMessage", chat_id=1001, text=text)
    assert (await call("deleteMessage", chat_id=1001, message_id=1)).result is True
    assert [message.text for message in driver.chat(1001).messages] == ["two"]
    clock.move(timedelta(hours=48))
    late = await call("deleteMessage", chat_id=1001, message_id=2)
    assert late.description == "Bad Request: message can't be deleted for everyone"
    gone = await call("deleteMessage", chat_id=1001, message_id=1)
    assert gone.description == "Bad Request: message to delete not found"


async def test_a_press_can_be_answered_for_150_seconds(call: Caller, clock: Clock, driver: Driver) -> None:
    """An answer that comes late, or to a press that never was, is refused; a long one too."""
    await call("sendMessage", chat_id=RESPONDERS, text="x", reply_markup=ACK)
    query = driver.person("anna").press_unanswered(driver.chat("Incidents").last, "Ack")
    long = await call("answerCallbackQuery", callback_query_id=query, text="x" * 201)
    assert long.description == "Bad Request: MESSAGE_TOO_LONG"
    clock.move(timedelta(seconds=151))
    too_old = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    assert (await call("answerCallbackQuery", callback_query_id=query)).description == too_old
    assert (await call("answerCallbackQuery", callback_query_id="1")).description == too_old


async def test_a_member_cannot_pin(call: Caller, driver: Driver) -> None:
    """Pins need an admin; a pin shows in the chat and leaves a notice."""
    chat = driver.chat("Incidents")
    sent = (await call("sendMessage", chat_id=RESPONDERS, text="x")).result["message_id"]
    assert (await call("pinChatMessage", chat_id=RESPONDERS, message_id=sent)).result is True
    assert chat.last.pinned
    assert (await call("getChat", chat_id=RESPONDERS)).result["pinned_message"]["message_id"] == sent
    assert (await call("unpinChatMessage", chat_id=RESPONDERS, message_id=sent)).result is True
    assert chat.pinned is None
    chat.set_bot_role(BotRole.MEMBER)
    assert (await call("pinChatMessage", chat_id=RESPONDERS, message_id=sent)).description == (
        "Bad Request: not enough rights to manage pinned messages in the chat"
    )


async def test_a_reaction_is_one_emoji(call: Caller, driver: Driver) -> None:
    """A reaction is kept with the message and can be taken back."""
    hello = await driver.person("anna").send("Incidents", "hello")
    react: dict[str, Any] = {"chat_id": RESPONDERS, "message_id": hello.id}
    assert (await call("setMessageReaction", **react, reaction=[{"type": "emoji", "emoji": "👀"}])).result is True
    assert driver.chat("Incidents").chat.reactions == {hello.id: "👀"}
    assert (await call("setMessageReaction", **react)).result is True
    assert driver.chat("Incidents").chat.reactions == {}


async def test_several_messages_are_deleted_at_once(call: Caller, driver: Driver) -> None:
    """Those that are there go, the rest is skipped; without a list the call is refused."""
    for text in ("one", "two", "three"):
        await call("sendMessage", chat_id=RESPONDERS, text=text)
    assert (await call("deleteMessages", chat_id=RESPONDERS, message_ids=[1, 3, 9])).result is True
    assert [message.text for message in driver.chat("Incidents").messages] == ["two"]
    refused = await call("deleteMessages", chat_id=RESPONDERS)
    assert refused.description == "Bad Request: message identifiers are not specified"


async def test_pins_end_all_at_once(call: Caller, driver: Driver) -> None:
    """One call leaves nothing pinned; a private chat has no admins to name."""
    await call("sendMessage", chat_id=1001, text="x")
    await call("pinChatMessage", chat_id=1001, message_id=1)
    assert (await call("unpinAllChatMessages", chat_id=1001)).result is True
    assert driver.chat(1001).pinned is None
    admins = await call("getChatAdministrators", chat_id=1001)
    assert admins.description == "Bad Request: there are no administrators in the private chat"
