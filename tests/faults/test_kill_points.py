"""Kills at the moments that matter: inside a call, between taking and noting, between commit and answer."""

import asyncio
import os
import signal
from collections.abc import Callable
from pathlib import Path

from bot.sandbox.driver import MessageView
from bot.sandbox.events import Happening, Posted
from bot.sandbox.world import DEMO_TOKEN, RESPONDERS_ID
from tests.faults.lives import PATIENCE_S, Lives, until
from tests.faults.workload import incident_of
from tests.house import Fired
from tests.redis_server import RedisServer

WRITES_PAUSED_MS = 60_000


async def test_a_page_inside_its_call_arrives_once(bot: Lives) -> None:
    """Telegram had not taken it when the bot died: the next life sends it, and there is one."""
    hang = bot.telegram.faults.hang("sendMessage")
    bot.start()
    await bot.insist("/hooks/alertmanager", Fired().body())
    await hang.reached.wait()
    bot.kill()
    bot.start()
    await bot.until_ready()  # by then Telegram has noticed that the first caller is gone
    bot.telegram.faults.clear()
    await bot.person("anna").private.wait_for("INC-1", timeout=PATIENCE_S)
    await bot.until_quiet()
    assert len(pages(bot, "anna")) == 1


async def test_a_page_that_telegram_took_is_sent_again_under_the_same_id(bot: Lives) -> None:
    """Nobody knows whether it arrived: a double beats a miss, and says when the page was sent first."""
    kill_when(bot, lambda view: view.chat_id == bot.person("anna").id)
    bot.start()
    await bot.insist("/hooks/alertmanager", Fired().body())
    await start_again_once_dead(bot)
    again = await bot.person("anna").private.wait_for("first at", timeout=PATIENCE_S)
    await bot.until_quiet()
    assert [incident_of(page) for page in pages(bot, "anna")] == ["INC-1", "INC-1"]
    assert "page 1" in again.text

    stray, current = pages(bot, "anna")
    answer = await bot.person("anna").press(stray, "Ack", timeout=PATIENCE_S)
    assert "You have INC-1" in answer.text
    await bot.driver.wait_until(lambda _: not current.refreshed().has_button("Ack"), timeout=PATIENCE_S)
    await bot.driver.wait_until(lambda _: not stray.refreshed().has_button("Ack"), timeout=PATIENCE_S)


async def test_the_stray_copy_of_a_card_works_and_its_first_press_retires_it(bot: Lives) -> None:
    """The press on the copy acts, the copy goes, and the card that the bot knows shows what happened."""
    stray, card = await doubled_card(bot)
    answer = await bot.person("anna").press(stray, "Ack", timeout=PATIENCE_S)
    assert "You have INC-1" in answer.text
    await bot.driver.wait_until(lambda _: stray.deleted, timeout=PATIENCE_S)
    await bot.responders.wait_for("Anna has it", timeout=PATIENCE_S)
    assert "Anna has it" in card.refreshed().text


async def test_a_refused_press_retires_a_stray_card_too(bot: Lives) -> None:
    """Whoever comes second on the copy is told who has it, and then it is gone."""
    stray, card = await doubled_card(bot)
    await bot.person("anna").press(card, "Ack", timeout=PATIENCE_S)
    answer = await bot.person("boris").press(stray, "Ack", timeout=PATIENCE_S)
    assert "Anna" in answer.text
    await bot.driver.wait_until(lambda _: stray.deleted, timeout=PATIENCE_S)


async def test_choosing_on_a_stray_card_goes_on_on_the_live_one(bot: Lives) -> None:
    """A button that opens a choice opens it, though the copy under the finger goes."""
    stray, card = await doubled_card(bot)
    await bot.person("anna").press(stray, "Severity", timeout=PATIENCE_S)
    await bot.driver.wait_until(lambda _: card.refreshed().has_button("SEV-2"), timeout=PATIENCE_S)
    await bot.driver.wait_until(lambda _: stray.deleted, timeout=PATIENCE_S)


async def test_a_press_that_was_committed_is_answered_after_the_kill(bot: Lives) -> None:
    """Between commit and answer: the press comes again, acts no second time, and is answered."""
    bot.start()
    await bot.insist("/hooks/alertmanager", Fired().body())
    page = await bot.person("anna").private.wait_for("INC-1", timeout=PATIENCE_S)
    hang = bot.telegram.faults.hang("answerCallbackQuery")
    press = asyncio.create_task(bot.person("anna").press(page, "Ack", timeout=PATIENCE_S))
    await hang.reached.wait()
    bot.kill()
    bot.start()
    await bot.until_ready()  # by then Telegram has noticed that the first caller is gone
    bot.telegram.faults.clear()
    assert "You have it already" in (await press).text
    await bot.until_ready()
    assert [event["kind"] for event in await bot.timeline("INC-1")].count("acknowledged") == 1


async def test_an_update_that_was_delivered_and_not_committed_is_handled_after_the_kill(
    bot: Lives, redis: RedisServer
) -> None:
    """The bot had the press in hand, and nothing was written: Telegram still has it, and the next life takes it."""
    bot.start()
    await bot.insist("/hooks/alertmanager", Fired().body())
    page = await bot.person("anna").private.wait_for("INC-1", timeout=PATIENCE_S)
    await bot.until_quiet()
    with redis.client() as client:
        # Scripts wait in Redis, and those of a client that is gone are forgotten: so nothing is committed later.
        client.execute_command("CLIENT", "PAUSE", WRITES_PAUSED_MS, "WRITE")  # pyright: ignore[reportUnknownMemberType] - untyped in redis-py
        press = asyncio.create_task(bot.person("anna").press(page, "Ack", timeout=PATIENCE_S))
        await polled_away(bot)
        bot.kill()
        client.execute_command("CLIENT", "UNPAUSE")  # pyright: ignore[reportUnknownMemberType] - as above
    assert [event.kind for event in await bot.store.load("INC-1")].count("acknowledged") == 0
    bot.start()
    assert "You have INC-1" in (await press).text
    assert [event.kind for event in await bot.store.load("INC-1")].count("acknowledged") == 1


async def doubled_card(bot: Lives) -> tuple[MessageView, MessageView]:
    """An incident whose card is there twice: the copy that nobody remembers, and the one that the bot knows."""
    kill_when(bot, lambda view: view.chat_id == RESPONDERS_ID)
    bot.start()
    await bot.insist("/hooks/alertmanager", Fired().body())
    await start_again_once_dead(bot)
    await bot.driver.wait_until(lambda _: len(bot.responders.messages) == 2, timeout=PATIENCE_S)
    await bot.until_quiet()
    stray, card = bot.responders.messages
    return stray, card


def pages(bot: Lives, key: str) -> list[MessageView]:
    """What somebody was sent in private."""
    return [view for view in bot.person(key).private.messages if view.from_bot]


def kill_when(bot: Lives, wanted: Callable[[MessageView], bool]) -> None:
    """Kills the bot, once, the moment Telegram took such a message and before it answered the call."""

    def notice(happening: Happening) -> None:
        if isinstance(happening, Posted) and wanted(MessageView(happening.message)):
            end_watching()
            os.kill(bot.pid, signal.SIGKILL)

    end_watching = bot.telegram.world.subscribe(notice)


async def start_again_once_dead(bot: Lives) -> None:
    """Waits until the bot died of what a test set up, and begins the next life."""
    await until(lambda: _is_dead(bot.pid))
    bot.kill()
    bot.start()


async def polled_away(bot: Lives) -> None:
    """Waits until a poll brought the bot what waited for it."""
    await until(lambda: any(call.result for call in bot.telegram.journal.of("getUpdates")))
    assert len(bot.telegram.world.bots[DEMO_TOKEN].inbox)


def _is_dead(pid: int) -> bool:
    """Whether the process is gone, or waits for its parent to notice."""
    return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z"
