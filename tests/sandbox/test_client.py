"""python-telegram-bot as a client: the sandbox is enough of a Telegram for a real library."""

import asyncio
import struct
import zlib
from datetime import timedelta

import pytest
from telegram import (
    Bot,
    BotCommand,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    InputMediaPhoto,
    ReplyParameters,
    Update,
)
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter

from bot.sandbox.driver import Driver
from bot.sandbox.limits import Limits
from bot.sandbox.people import ChatKind
from bot.sandbox.server import SandboxServer
from bot.sandbox.world import DEMO_TOKEN, World
from tests.sandbox.conftest import RESPONDERS

KEYBOARD = InlineKeyboardMarkup(
    [
        [InlineKeyboardButton("✅ Ack", callback_data="ack:1", style="success")],
        [
            InlineKeyboardButton("Docs", url="https://e.org/x"),
            InlineKeyboardButton("Id", copy_text=CopyTextButton("7")),
        ],
    ]
)


def png(width: int = 2, height: int = 1) -> bytes:
    """Give a small picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + b"\x7f" * width for _ in range(height)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


async def test_the_client_knows_itself(bot: Bot) -> None:
    """A wrong token is refused, the right one tells the bot's name."""
    assert (await bot.get_me()).username == "nabat_bot"
    stranger = Bot("2:no", base_url=str(bot.base_url).removesuffix(DEMO_TOKEN))
    with pytest.raises(InvalidToken):
        await stranger.initialize()
    await stranger.shutdown()


async def test_press_and_answer(bot: Bot, driver: Driver) -> None:
    """A button pressed in the chat reaches the client, and its answer reaches the person."""
    await bot.send_message(RESPONDERS, "<b>INC-1</b>", parse_mode="HTML", reply_markup=KEYBOARD)
    card = await driver.chat("Incidents").wait_for("INC-1")
    press = asyncio.create_task(driver.person("anna").press(card, "Ack"))
    updates = await bot.get_updates(timeout=5, allowed_updates=Update.ALL_TYPES)
    query = updates[0].callback_query
    assert query is not None
    assert (query.data, query.from_user.id) == ("ack:1", 1001)
    await query.answer("Anna has it", show_alert=True)
    answer = await press
    assert (answer.text, answer.alert) == ("Anna has it", True)


async def test_an_edit_in_place(bot: Bot, driver: Driver) -> None:
    """A card is edited where it stands; the old view keeps the old text."""
    sent = await bot.send_message(RESPONDERS, "nobody has it", reply_markup=KEYBOARD)
    before = driver.chat("Incidents").last
    await sent.edit_text("Anna has it", reply_markup=KEYBOARD)
    after = await driver.chat("Incidents").wait_for("Anna")
    assert (before.text, before.refreshed().text, after.id) == ("nobody has it", "Anna has it", before.id)
    with pytest.raises(BadRequest, match="Message is not modified"):
        await sent.edit_text("Anna has it", reply_markup=KEYBOARD)


async def test_a_photo_is_sent_replaced_and_fetched(bot: Bot, driver: Driver) -> None:
    """A chart goes up, another takes its place, and the file comes back byte by byte."""
    sent = await bot.send_photo(RESPONDERS, png(), caption="<i>errors</i>", parse_mode="HTML")
    assert (sent.photo[0].width, sent.photo[0].height, sent.caption) == (2, 1, "errors")
    newer = InputMediaPhoto(png(4, 4), caption="latency", filename="chart.png")
    edited = await bot.edit_message_media(newer, RESPONDERS, sent.message_id)
    assert not isinstance(edited, bool)
    assert edited.photo[0].width == 4
    file = await bot.get_file(edited.photo[0].file_id)
    assert bytes(await file.download_as_bytearray()) == png(4, 4)
    await bot.edit_message_caption(RESPONDERS, sent.message_id, caption="p95")
    assert driver.chat("Incidents").last.text == "p95"
    again = await bot.send_photo(RESPONDERS, edited.photo[0].file_id)
    assert again.photo[0].file_unique_id == edited.photo[0].file_unique_id
    with pytest.raises(BadRequest, match=r"(?i)image_process_failed"):
        await bot.send_photo(RESPONDERS, b"no picture")
    with pytest.raises(BadRequest, match="Message caption is too long"):
        await bot.send_photo(RESPONDERS, png(), caption="x" * 1025)


async def test_a_document_and_an_album(bot: Bot, driver: Driver) -> None:
    """A document keeps its name; an album is as many messages as it has pictures."""
    sent = await bot.send_document(1001, InputFile(b"# INC-1", "INC-1.md"), caption="review")
    assert sent.document is not None
    assert sent.document.file_name == "INC-1.md"
    document = driver.chat(1001).last.document
    assert document is not None
    assert document.content == b"# INC-1"
    album = await bot.send_media_group(1001, [InputMediaPhoto(png()), InputMediaPhoto(png(3, 3))])
    assert [photo.photo[0].width for photo in album] == [2, 3]


async def test_chats_and_members(bot: Bot, driver: Driver) -> None:
    """The client reads chats, members and admins; a person who never started is not found."""
    chat = await bot.get_chat(RESPONDERS)
    assert (chat.type, chat.title) == ("supergroup", "Incidents")
    assert (await bot.get_chat_member(RESPONDERS, 1002)).status == "member"
    assert (await bot.get_chat_member(RESPONDERS, bot.id)).status == "administrator"
    assert {admin.user.id for admin in await bot.get_chat_administrators(RESPONDERS)} == {1001, 1}
    assert await bot.get_chat_member_count(RESPONDERS) == 6
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.get_chat(driver.person("eve").id)


async def test_a_person_met_in_a_group_is_shown_and_not_to_be_written_to(bot: Bot, driver: Driver) -> None:
    """Eve wrote in a group and never pressed Start: the client reads her chat, and may neither write nor type there."""
    eve = driver.person("eve")
    await eve.send("Incidents", "good morning")
    assert (await bot.get_chat(eve.id)).first_name == "Eve"
    with pytest.raises(Forbidden, match="can't initiate conversation with a user"):
        await bot.send_chat_action(eve.id, "typing")
    await eve.start()
    assert await bot.send_chat_action(eve.id, "typing")
    await eve.block()
    assert (await bot.get_chat(eve.id)).first_name == "Eve"
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_chat_action(eve.id, "typing")
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_chat_action(77, "typing")


async def test_the_menu_of_commands(bot: Bot) -> None:
    """Commands are set, kept and read; a wrong name is refused."""
    await bot.set_my_commands([BotCommand("ack", "Take it")])
    assert [command.command for command in await bot.get_my_commands()] == ["ack"]
    with pytest.raises(BadRequest, match=r"(?i)bot_command_invalid"):
        await bot.set_my_commands([BotCommand("Ack!", "Take it")])


async def test_refusals_become_the_clients_errors(bot: Bot, world: World, driver: Driver) -> None:
    """403, migration and a flood arrive as the library's own errors, with their parameters."""
    with pytest.raises(Forbidden, match="initiate"):
        await bot.send_message(1005, "x")
    world.add_group(-77, "Small", world.people.values(), kind=ChatKind.GROUP)
    driver.chat("Small").upgrade(-1001077)
    with pytest.raises(ChatMigrated) as migrated:
        await bot.send_message(-77, "x")
    assert migrated.value.new_chat_id == -1001077


async def test_a_flood_tells_when_to_come_back(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the burst a client is told how long to wait."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    async with (
        SandboxServer(world, limits=Limits(chat_burst=1), static_dir=None) as server,
        Bot(DEMO_TOKEN, base_url=f"{server.url}/bot") as bot,
    ):
        await bot.send_message(1001, "one")
        with pytest.raises(RetryAfter) as flooded:
            await bot.send_message(1001, "two")
    assert flooded.value.retry_after == timedelta(seconds=1)


async def test_small_things(bot: Bot, driver: Driver) -> None:
    """Replies, typing, reactions, pins and topics work through the client."""
    hello = await driver.person("boris").send("Incidents", "hello")
    reply = await bot.send_message(RESPONDERS, "hi", reply_parameters=ReplyParameters(hello.id))
    assert reply.reply_to_message is not None
    assert reply.reply_to_message.text == "hello"
    assert await bot.send_chat_action(RESPONDERS, "typing")
    assert await bot.set_message_reaction(RESPONDERS, hello.id, "👀")
    assert await bot.pin_chat_message(RESPONDERS, reply.message_id, disable_notification=True)
    assert await bot.unpin_chat_message(RESPONDERS)
    updates = await bot.get_updates()
    assert [bool(update.message and update.message.pinned_message) for update in updates] == [False, True]


async def test_a_forwarded_card_keeps_its_buttons(bot: Bot, driver: Driver) -> None:
    """Forwarding takes the buttons along, and the update tells who wrote the original."""
    await bot.send_message(RESPONDERS, "card", reply_markup=KEYBOARD)
    copy = await driver.person("anna").forward(driver.chat("Incidents").last, "Stakeholders")
    assert copy.has_button("Ack")
    message = (await bot.get_updates())[-1].message
    assert message is not None
    assert message.forward_origin is not None
