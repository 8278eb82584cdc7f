"""Messages over HTTP: what is taken, and what is refused in which words."""

from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from bot.sandbox.driver import Driver
from bot.sandbox.files import Upload
from bot.sandbox.people import BotRole, ChatKind
from bot.sandbox.server import SandboxServer
from bot.sandbox.world import DEMO_TOKEN, Draft, World
from tests.sandbox.conftest import RESPONDERS, Caller, Clock

ACK = {"inline_keyboard": [[{"text": "Ack", "callback_data": "ack:1", "style": "success"}]]}


async def test_a_message_is_shown_and_given_back(call: Caller, driver: Driver) -> None:
    """A sent message is in the chat, with its entities and buttons, and comes back as Telegram gives it."""
    reply = await call(
        "sendMessage",
        chat_id=RESPONDERS,
        text="<b>Down</b>",
        parse_mode="HTML",
        reply_markup=ACK,
        disable_notification=True,
    )
    assert reply.result["entities"] == [{"type": "bold", "offset": 0, "length": 4}]
    assert reply.result["reply_markup"] == ACK
    assert reply.result["chat"] == {"id": RESPONDERS, "type": "supergroup", "title": "Incidents"}
    shown = driver.chat("Incidents").last
    assert (shown.text, shown.buttons, shown.silent, shown.from_bot) == ("Down", ["Ack"], True, True)


@pytest.mark.parametrize("encoding", ["query", "form", "multipart", "json"])
async def test_parameters_come_in_four_ways(encoding: str, server: SandboxServer, http: aiohttp.ClientSession) -> None:
    """A query, a form, a multipart form and JSON all do."""
    params = {"chat_id": str(RESPONDERS), "text": "hé"}
    url = f"{server.url}/bot{DEMO_TOKEN}/sendmessage"
    match encoding:
        case "query":
            request = http.get(url, params=params)
        case "form":
            request = http.post(url, data=params)
        case "multipart":
            form = aiohttp.FormData(params, default_to_multipart=True)
            request = http.post(url, data=form)
        case _:
            request = http.post(url, json=params)
    async with request as response:
        assert (await response.json())["result"]["text"] == "hé"


@pytest.mark.parametrize(
    ("params", "status", "description"),
    [
        ({"chat_id": -7}, 400, "Bad Request: chat not found"),
        ({"chat_id": ""}, 400, "Bad Request: chat_id is empty"),
        ({"text": ""}, 400, "Bad Request: message text is empty"),
        ({"text": "<b> </b>"}, 400, "Bad Request: text must be non-empty"),
        ({"text": "x" * 4097}, 400, "Bad Request: message is too long"),
        ({"text": "🔴" * 2049}, 400, "Bad Request: message is too long"),
        ({"text": "<x>"}, 400, 'Bad Request: can\'t parse entities: Unsupported start tag "x" at byte offset 0'),
        ({"parse_mode": "wiki"}, 400, "Bad Request: unsupported parse_mode"),
        ({"reply_parameters": {"message_id": 99}}, 400, "Bad Request: message to be replied not found"),
        ({"chat_id": 1005}, 403, "Forbidden: bot can't initiate conversation with a user"),
        (
            {"parse_mode": "", "entities": [{"type": "bold", "offset": 0, "length": 9}]},
            400,
            "Bad Request: entity beginning at UTF-16 offset 0 ends after the end of the text at UTF-16 offset 9",
        ),
        (
            {"parse_mode": "", "entities": [{"type": "loud", "offset": 0, "length": 1}]},
            400,
            "Bad Request: can't parse MessageEntity: Unsupported type specified",
        ),
    ],
)
async def test_a_wrong_message_is_refused(params: dict[str, Any], status: int, description: str, call: Caller) -> None:
    """A message that Telegram would refuse is refused with its code and words."""
    reply = await call("sendMessage", **{"chat_id": RESPONDERS, "text": "hello", "parse_mode": "HTML", **params})
    assert (reply.status, reply.body["error_code"], reply.description) == (status, status, description)


async def test_length_counts_after_parsing(call: Caller) -> None:
    """Markup does not count against the 4096 units."""
    reply = await call("sendMessage", chat_id=RESPONDERS, text="<b>" + "x" * 4096 + "</b>", parse_mode="HTML")
    assert reply.body["ok"]


@pytest.mark.parametrize(
    ("button", "description"),
    [
        ({"text": "x", "callback_data": "é" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": "x"}, "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"),
        ({"text": " ", "callback_data": "a"}, "inline keyboard button text must be non-empty"),
        ({"callback_data": "a"}, "can't parse inline keyboard button: Can't find field \"text\""),
        (
            {"text": "x", "url": "http://localhost/"},
            "inline keyboard button URL 'http://localhost/' is invalid: Wrong HTTP URL",
        ),
        (
            {"text": "x", "callback_data": "a", "style": "huge"},
            "can't parse inline keyboard button: invalid button style specified",
        ),
        (
            {"text": "x", "callback_data": "a", "url": "https://e.org"},
            "can't parse inline keyboard button: exactly one action expected, found url and callback_data",
        ),
        ({"text": "x", "copy_text": {"text": ""}}, "BUTTON_COPY_TEXT_INVALID"),
    ],
)
async def test_a_wrong_button_is_refused(button: dict[str, Any], description: str, call: Caller) -> None:
    """A button needs a text, one action, and data of at most 64 bytes."""
    reply = await call("sendMessage", chat_id=RESPONDERS, text="x", reply_markup={"inline_keyboard": [[button]]})
    assert reply.description == f"Bad Request: {description}"


async def test_a_reply_shows_what_it_answers(call: Caller) -> None:
    """A reply carries the message as it stands now, and lenient calls go on without it."""
    first = (await call("sendMessage", chat_id=RESPONDERS, text="one")).result["message_id"]
    await call("editMessageText", chat_id=RESPONDERS, message_id=first, text="two")
    reply = await call("sendMessage", chat_id=RESPONDERS, text="x", reply_parameters={"message_id": first})
    assert reply.result["reply_to_message"]["text"] == "two"
    lenient = {"message_id": 99, "allow_sending_without_reply": True}
    assert (
        "reply_to_message"
        not in (await call("sendMessage", chat_id=RESPONDERS, text="x", reply_parameters=lenient)).result
    )


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


async def test_a_person_who_blocks_is_not_written_to(call: Caller, driver: Driver) -> None:
    """A block refuses messages, and taking it back lets them through."""
    anna = driver.person("anna")
    await anna.block()
    assert (await call("sendMessage", chat_id=anna.id, text="x")).description == (
        "Forbidden: bot was blocked by the user"
    )
    await anna.block(blocked=False)
    assert (await call("sendMessage", chat_id=anna.id, text="x")).body["ok"]


async def test_start_lets_the_bot_write(call: Caller, driver: Driver) -> None:
    """Once Eve has pressed Start, she can be written to."""
    await driver.person("eve").start()
    assert (await call("sendMessage", chat_id=1005, text="x")).body["ok"]


async def test_a_removed_bot_is_told_so(call: Caller, driver: Driver) -> None:
    """A bot that was removed from a group can't write there."""
    driver.chat("Incidents").set_bot_role(BotRole.KICKED)
    reply = await call("sendMessage", chat_id=RESPONDERS, text="x")
    assert (reply.status, reply.description) == (403, "Forbidden: bot was kicked from the supergroup chat")


async def test_a_group_that_became_a_supergroup_names_its_new_id(call: Caller, world: World, driver: Driver) -> None:
    """The old id is refused with the new one as a parameter, and the new one works."""
    world.add_group(-77, "Small", world.people.values(), kind=ChatKind.GROUP)
    driver.chat("Small").upgrade(-1001077)
    reply = await call("sendMessage", chat_id=-77, text="x")
    assert reply.description == "Bad Request: group chat was upgraded to a supergroup chat"
    assert reply.body["parameters"] == {"migrate_to_chat_id": -1001077}
    assert (await call("sendMessage", chat_id=-1001077, text="x")).body["ok"]


async def test_wrong_token_and_wrong_method(server: SandboxServer, http: aiohttp.ClientSession) -> None:
    """A wrong token is 401, an unknown method 404, in Telegram's form."""
    async with http.get(f"{server.url}/bot2:no/getMe") as response:
        assert (response.status, await response.json()) == (
            401,
            {"ok": False, "error_code": 401, "description": "Unauthorized"},
        )
    async with http.get(f"{server.url}/bot{DEMO_TOKEN}/getYou") as response:
        assert (response.status, await response.json()) == (
            404,
            {"ok": False, "error_code": 404, "description": "Not Found"},
        )


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


async def test_a_topic_needs_a_forum_and_the_right(call: Caller, world: World, driver: Driver) -> None:
    """Topics are refused where there are none and without the right; a message goes into the topic it names."""
    refused = await call("createForumTopic", chat_id=RESPONDERS, name="INC-1")
    assert refused.description == "Bad Request: the chat is not a forum"
    world.add_group(-1001003, "Forum", world.people.values(), forum=True)
    topic = (await call("createForumTopic", chat_id=-1001003, name="INC-1")).result["message_thread_id"]
    sent = await call("sendMessage", chat_id=-1001003, text="x", message_thread_id=topic)
    assert (sent.result["message_thread_id"], sent.result["is_topic_message"]) == (topic, True)
    lost = await call("sendMessage", chat_id=-1001003, text="x", message_thread_id=99)
    assert lost.description == "Bad Request: message thread not found"
    driver.chat("Forum").set_bot_role(BotRole.MEMBER)
    refused = await call("createForumTopic", chat_id=-1001003, name="INC-2")
    assert refused.description == "Bad Request: not enough rights to create a topic"


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


@pytest.mark.parametrize(
    ("method", "params", "reason"),
    [
        ("editMessageText", {"text": "y"}, "message identifier is not specified"),
        ("editMessageText", {"text": "y", "message_id": 2}, "there is no text in the message to edit"),
        ("editMessageCaption", {"caption": "y", "message_id": 1}, "there is no caption in the message to edit"),
        ("sendChatAction", {"action": "dance"}, "wrong parameter action in request"),
        ("unpinChatMessage", {}, "message to unpin not found"),
        ("pinChatMessage", {"message_id": 9}, "message to pin not found"),
        ("setMessageReaction", {"message_id": 9}, "message to react not found"),
        ("setMessageReaction", {"message_id": 1, "reaction": [{"type": "paid"}]}, "REACTION_INVALID"),
        ("getChatMember", {}, "invalid user_id specified"),
        ("getChatMember", {"user_id": 4}, "user not found"),
        ("sendMessage", {"text": "x", "reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
        ("sendMessage", {"text": "x", "reply_markup": []}, "object expected as reply markup"),
        ("sendMessage", {"text": "x", "reply_parameters": 1}, "object expected as reply parameters"),
    ],
)
async def test_other_refusals(method: str, params: dict[str, Any], reason: str, call: Caller, driver: Driver) -> None:
    """Each has Telegram's words."""
    await call("sendMessage", chat_id=RESPONDERS, text="x")
    upload = Upload("x.txt", "text/plain", b"x")
    driver.world.post(
        driver.chat("Incidents").chat,
        Draft(driver.world.bots[DEMO_TOKEN], document=driver.world.files.store(upload, photo=False)),
    )
    assert (await call(method, chat_id=RESPONDERS, **params)).description == f"Bad Request: {reason}"


async def test_pins_end_all_at_once(call: Caller, driver: Driver) -> None:
    """One call leaves nothing pinned; a private chat has no admins to name."""
    await call("sendMessage", chat_id=1001, text="x")
    await call("pinChatMessage", chat_id=1001, message_id=1)
    assert (await call("unpinAllChatMessages", chat_id=1001)).result is True
    assert driver.chat(1001).pinned is None
    admins = await call("getChatAdministrators", chat_id=1001)
    assert admins.description == "Bad Request: there are no administrators in the private chat"
