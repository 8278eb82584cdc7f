"""The web chat as a person uses it, in a real browser."""

import asyncio
from typing import Any

import pytest
from playwright.async_api import Page, expect

from bot.sandbox import actions
from tests.browser.conftest import Call, Desk

INCIDENTS = -1001001
ANNA = 1001
BORIS = 1002
KEYBOARD = {
    "inline_keyboard": [
        [{"text": "Ack", "callback_data": "ack", "style": "success"}, {"text": "Escalate", "callback_data": "up"}],
        [{"text": "Read", "url": "https://example.org/"}],
    ]
}


async def next_update(call: Call, kind: str) -> dict[str, Any]:
    """Wait for the bot's next update of a kind, and confirm it."""
    offset = 0
    async with asyncio.timeout(30):
        while True:
            for update in await call("getUpdates", offset=offset, timeout=20):
                offset = update["update_id"] + 1
                if kind in update:
                    _ = await call("getUpdates", offset=offset, timeout=0)
                    return update[kind]


async def open_chat(page: Page, chat_id: int) -> None:
    """Open a chat from the list."""
    await page.click(f"[data-chat='{chat_id}']")


async def test_a_press_is_answered_on_a_phone(phone: Page, call: Call) -> None:
    """On 390 px one opens the group, sees the card, presses a button, waits with it and reads the answer."""
    _ = await call("sendMessage", chat_id=INCIDENTS, text="SEV-1 · INC-1", reply_markup=KEYBOARD)
    await open_chat(phone, INCIDENTS)
    await expect(phone.locator(".bubble")).to_contain_text("SEV-1 · INC-1")
    ack = phone.get_by_role("button", name="Ack", exact=True)
    await ack.click()
    await expect(ack).to_have_attribute("aria-busy", "true")
    query = await next_update(call, "callback_query")
    assert (query["from"]["id"], query["data"]) == (ANNA, "ack")
    _ = await call("answerCallbackQuery", callback_query_id=query["id"], text="You have it")
    await expect(phone.locator(".notice")).to_have_text("You have it")
    await expect(ack).to_have_attribute("aria-busy", "false")


async def test_an_alert_wants_an_ok(phone: Page, call: Call) -> None:
    """An answer with show_alert stands until it is closed."""
    _ = await call("sendMessage", chat_id=INCIDENTS, text="card", reply_markup=KEYBOARD)
    await open_chat(phone, INCIDENTS)
    await phone.get_by_role("button", name="Escalate").click()
    query = await next_update(call, "callback_query")
    _ = await call("answerCallbackQuery", callback_query_id=query["id"], text="Not yours", show_alert=True)
    await expect(phone.get_by_role("dialog")).to_contain_text("Not yours")
    await phone.get_by_role("button", name="OK").click()
    await expect(phone.get_by_role("dialog")).to_have_count(0)


async def test_what_is_written_reaches_the_bot(phone: Page, call: Call) -> None:
    """A command typed and sent with Enter arrives as a reply to the message it answers."""
    card = await call("sendMessage", chat_id=INCIDENTS, text="card")
    await open_chat(phone, INCIDENTS)
    await phone.get_by_role("button", name="Reply to Nabat").click()
    await phone.fill("#text", "/ack")
    await phone.keyboard.press("Enter")
    message = await next_update(call, "message")
    assert (message["text"], message["from"]["id"]) == ("/ack", ANNA)
    assert message["reply_to_message"]["message_id"] == card["message_id"]
    await expect(phone.locator(".own .bubble")).to_contain_text("/ack")


async def test_a_message_is_edited_pinned_and_deleted_live(phone: Page, call: Call) -> None:
    """What the bot does to a message shows at once, without a reload."""
    card = await call("sendMessage", chat_id=INCIDENTS, text="first", reply_markup=KEYBOARD)
    place = {"chat_id": INCIDENTS, "message_id": card["message_id"]}
    await open_chat(phone, INCIDENTS)
    _ = await call("editMessageText", **place, text="second")
    await expect(phone.locator(".bubble")).to_contain_text("second")
    await expect(phone.locator(".meta")).to_contain_text("edited")
    await expect(phone.locator(".key")).to_have_count(0)
    _ = await call("pinChatMessage", **place)
    await expect(phone.locator("#pinned-bar")).to_contain_text("second")
    _ = await call("deleteMessage", **place)
    await expect(phone.locator(".bubble")).to_have_count(0)
    await expect(phone.locator("#pinned-bar")).to_be_hidden()


async def test_a_page_for_another_person_is_announced(phone: Page, call: Call) -> None:
    """Whoever sits here sees that Boris was paged, becomes Boris, and reads his private chat."""
    await expect(phone.locator(".person-switch")).to_contain_text("Anna")
    _ = await call("sendMessage", chat_id=BORIS, text="You are on call")
    await phone.get_by_role("button", name="Be Boris").click()
    await expect(phone.locator(".bubble")).to_contain_text("You are on call")
    await phone.click("#back")
    await expect(phone.locator(".person-switch")).to_contain_text("Boris")
    await expect(phone.locator(".chat-row .badge")).to_have_count(0)


async def test_unread_messages_are_counted_until_they_are_seen(phone: Page, call: Call) -> None:
    """A closed chat counts what comes; opening it clears the badge, and a reload keeps it cleared."""
    for text in ("one", "two"):
        _ = await call("sendMessage", chat_id=INCIDENTS, text=text)
    badge = phone.locator(f"[data-chat='{INCIDENTS}'] .badge")
    await expect(badge).to_have_text("2")
    await open_chat(phone, INCIDENTS)
    await phone.click("#back")
    await expect(badge).to_have_count(0)
    _ = await phone.reload()
    await expect(phone.locator(f"[data-chat='{INCIDENTS}']")).to_contain_text("two")
    await expect(badge).to_have_count(0)


async def test_start_comes_before_everything(phone: Page, desk: Desk) -> None:
    """Eve, who never pressed Start, can do nothing else in her private chat; then she can write."""
    await phone.click(".person-switch")
    await phone.click(".person-choice:has-text('Eve')")
    await open_chat(phone, 1005)
    await expect(phone.locator("#text")).to_be_hidden()
    await phone.get_by_role("button", name="Start", exact=True).click()
    await expect(phone.locator("#text")).to_be_visible()
    assert desk.world.person("eve").started


async def test_nothing_from_outside_becomes_markup(phone: Page, desk: Desk) -> None:
    """A message with HTML, in the bubble, the list and the quote, is text and runs nothing."""
    hostile = "<img src=x onerror='document.title=\"broken\"'><script>1</script>"
    anna, chat = desk.world.person("anna"), desk.world.chats[INCIDENTS]
    first = actions.say(desk.world, anna, chat, hostile)
    _ = actions.say(desk.world, anna, chat, "answer", reply_to=first.message_id)
    await expect(phone.locator(f"[data-chat='{INCIDENTS}']")).to_contain_text("answer")
    await open_chat(phone, INCIDENTS)
    await expect(phone.locator(".bubble").first).to_contain_text(hostile)
    await expect(phone.locator(".quote")).to_contain_text("<img src=x")
    assert await phone.locator(".messages img, .messages script").count() == 0


async def test_entities_are_drawn(phone: Page, call: Call) -> None:
    """Formatting nests, counts emoji as Telegram does, hides spoilers, and makes only safe links."""
    text = (
        "🚨 <b>bold <i>both</i></b> <code>x &lt; y</code> <tg-spoiler>secret</tg-spoiler> "
        '<a href="https://example.org/a">link</a><blockquote>quoted</blockquote><pre>block</pre>'
    )
    _ = await call("sendMessage", chat_id=INCIDENTS, text=text, parse_mode="HTML")
    await open_chat(phone, INCIDENTS)
    bubble = phone.locator(".text")
    await expect(bubble.locator("strong")).to_have_text("bold both")
    await expect(bubble.locator("strong em")).to_have_text("both")
    await expect(bubble.locator("code").first).to_have_text("x < y")
    await expect(bubble.locator("blockquote")).to_have_text("quoted")
    await expect(bubble.locator("pre")).to_have_text("block")
    link = bubble.locator("a")
    await expect(link).to_have_attribute("href", "https://example.org/a")
    await expect(link).to_have_attribute("rel", "noopener noreferrer")
    await bubble.locator(".spoiler").click()
    await expect(bubble.locator(".spoiler")).to_have_class("spoiler shown")


async def test_a_block_is_read_whole(phone: Page, call: Call) -> None:
    """As in Telegram on a phone its long lines go on below, and what follows it begins on the next line."""
    text = f"Log\n<pre>2026-01-09 ERROR {'long ' * 60}</pre>\nThe whole of it is in the file."
    _ = await call("sendMessage", chat_id=INCIDENTS, text=text, parse_mode="HTML")
    await open_chat(phone, INCIDENTS)
    block = phone.locator(".text pre")
    await expect(block).to_contain_text("ERROR")
    assert await block.evaluate("e => e.scrollWidth <= e.clientWidth")
    assert await block.evaluate("e => e.nextSibling.textContent.startsWith('The whole')")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_nothing_overflows_a_phone(phone: Page, call: Call, scheme: Any) -> None:
    """At 390 px nothing scrolls sideways, and whatever can be pressed is at least 40 px high."""
    await phone.emulate_media(color_scheme=scheme)
    long_text = "x" * 300 + " https://example.org/" + "y" * 200
    rows = [[{"text": f"Button {column}", "callback_data": str(column)} for column in range(4)] for _ in range(2)]
    _ = await call("sendMessage", chat_id=INCIDENTS, text=long_text, reply_markup={"inline_keyboard": rows})
    _ = await call("sendMessage", chat_id=INCIDENTS, text=f"<pre>{'z' * 400}</pre>", parse_mode="HTML")
    await open_chat(phone, INCIDENTS)
    await expect(phone.locator(".key")).to_have_count(8)
    for opener in (None, "main .panel-opener"):
        if opener:
            await phone.click(opener)
            await expect(phone.locator(".panel-body")).to_be_visible()
        assert await phone.evaluate("document.documentElement.scrollWidth") == 390
        assert await phone.evaluate("document.querySelector('#scroller').scrollWidth") <= 390
        assert (
            await phone.evaluate(
                "[...document.querySelectorAll('button, .key, select, input:not([role=switch])')]"
                ".filter(e => e.offsetParent && e.getBoundingClientRect().height < 39.5).map(e => e.outerHTML)"
            )
            == []
        )


async def test_it_comes_back_after_a_lost_connection(phone: Page, desk: Desk) -> None:
    """When the sandbox goes away the page says so, and catches up once it is back."""
    await expect(phone.locator("#connection")).to_be_hidden()
    await phone.context.set_offline(True)
    for socket in tuple(desk.server._feed._clients):  # pyright: ignore[reportPrivateUsage] - cutting the line is what is tested
        await socket.close()
    await expect(phone.locator("#connection")).to_be_visible()
    _ = actions.say(desk.world, desk.world.person("boris"), desk.world.chats[INCIDENTS], "missed")
    await phone.context.set_offline(False)
    await expect(phone.locator(f"[data-chat='{INCIDENTS}']")).to_contain_text("missed", timeout=20_000)
    await expect(phone.locator("#connection")).to_be_hidden()


async def test_the_panel_breaks_the_service(desktop: Page, desk: Desk) -> None:
    """On a desktop list, chat and panel stand side by side, and the panel does what it says."""
    for part in (".sidebar", ".conversation", ".panel"):
        await expect(desktop.locator(part)).to_be_visible()
    await expect(desktop.locator(".panel")).to_contain_text("Small stand-ins")
    await desktop.get_by_role("button", name="7 %").click()
    await desktop.get_by_label("Service down").check()
    await expect(desktop.locator(".section-head .pill")).to_have_text("down")
    assert (desk.service.set_points.error_ratio, desk.service.set_points.down) == (0.07, True)
    await desktop.get_by_role("button", name="All well again").click()
    await expect(desktop.locator(".section-head .pill")).to_have_text("well")
    before = desk.time.moment
    await desktop.get_by_role("button", name="+15 min").click()
    await expect(desktop.locator(".clock-note")).to_contain_text("15 min ahead")
    assert (desk.time.moment - before).total_seconds() == 900
    await desktop.get_by_role("button", name="Raise the alert").click()
    await desktop.get_by_role("button", name="Resolve DiskFull").click()
    await expect(desktop.locator(".raised")).to_contain_text("resolved")
    assert desk.monitoring.raised[0].resolved_at is not None


async def test_a_link_to_a_card_jumps_there(desktop: Page, call: Call) -> None:
    """A link to a message of the sandbox opens its chat at that message."""
    card = await call("sendMessage", chat_id=INCIDENTS, text="the card")
    for number in range(30):
        _ = await call("sendMessage", chat_id=INCIDENTS, text=f"line {number}")
    link = {"text": "Open the card", "url": f"https://t.me/c/1001/{card['message_id']}"}
    _ = await call("sendMessage", chat_id=ANNA, text="page", reply_markup={"inline_keyboard": [[link]]})
    await open_chat(desktop, ANNA)
    await desktop.get_by_role("link", name="Open the card").click()
    await expect(desktop.locator("#conversation-title")).to_have_text("Incidents")
    await expect(desktop.locator(".bubble", has_text="the card")).to_be_in_viewport()
