"""Telegram away: what happens goes on being recorded, and what is still true is said afterwards, pages first."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.actors import Responder
from bot.domain.commands import Acknowledge
from bot.sandbox.journal import Call
from bot.sandbox.world import RESPONDERS_ID
from bot.views.menu import menus
from tests.house import Fired, House

PATIENCE_S = 60.0
FIRST_CALLS = 5
"""Messages that a new incident sends at once: three pages, the card, and news for stakeholders."""


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """The demo's team with the built-in plan."""
    async with House(tmp_path) as built:
        yield built


async def test_what_happens_while_telegram_is_gone_is_recorded_and_said_afterwards(house: House) -> None:
    """Alert, repeated pages, the missed deadline and the escalation are in the log; then come pages, then the card."""
    await house.sandbox.faults.refuse_connections()
    assert await house.post("/hooks/alertmanager", Fired().body()) == (200, {"incidents": ["INC-1"]})
    await recorded(house, "paged", times=1)
    await house.pass_time(timedelta(minutes=5))
    await recorded(house, "paged", times=2)
    await house.pass_time(timedelta(minutes=10))
    await recorded(house, "response_overdue")
    assert not house.responders.messages
    await house.until(lambda: says_why_not_ready(house, "Telegram"))

    house.sandbox.journal.clear()
    await house.sandbox.faults.accept_connections()
    await house.responders.wait_for("INC-1", timeout=PATIENCE_S)
    await house.settle()
    sent = messages_taken(house)
    first_to_group = next(at for at, call in enumerate(sent) if call.result["chat"]["id"] == RESPONDERS_ID)
    last_page = max(at for at, call in enumerate(sent) if "page " in call.result["text"])
    assert last_page < first_to_group
    for key in ("anna", "boris", "clara", "dan"):
        assert len(house.person(key).private.messages) == 1, "one page for all that were missed"


async def test_a_press_made_while_telegram_is_gone_counts_afterwards(house: House) -> None:
    """The poll comes back by itself, and brings what people pressed meanwhile."""
    await house.post("/hooks/alertmanager", Fired().body())
    page = await house.person("anna").private.wait_for("INC-1")
    await house.sandbox.faults.refuse_connections()
    press = asyncio.create_task(house.person("anna").press(page, "Ack", timeout=PATIENCE_S))
    await house.until(lambda: says_why_not_ready(house, "Telegram"))
    await house.sandbox.faults.accept_connections()
    assert "You have INC-1" in (await press).text
    await house.sandbox.wait_for_poll()


async def test_what_was_overtaken_is_not_said(house: House) -> None:
    """Acknowledged and resolved before Telegram is back: no repeated page, no alarm over a missed deadline."""
    await house.post("/hooks/alertmanager", Fired().body())
    await house.person("anna").private.wait_for("INC-1")
    await house.settle()
    await house.sandbox.faults.refuse_connections()
    await house.pass_time(timedelta(minutes=15))
    await recorded(house, "response_overdue")
    await house.post("/hooks/alertmanager", Fired(status="resolved").body())
    press = house.person("anna").press_unanswered(house.person("anna").private.last, "Ack")
    house.sandbox.journal.clear()
    await house.sandbox.faults.accept_connections()
    await house.driver.wait_until(lambda world: world.queries[press].answer, timeout=PATIENCE_S)
    await house.responders.wait_for("Anna has it", timeout=PATIENCE_S)
    await house.settle()
    late = [
        call.result["text"] for call in messages_taken(house) if call.result["chat"]["id"] == house.person("anna").id
    ]
    assert len(late) <= 1, "the pages that were missed are not sent one by one"


async def test_whoever_was_reached_by_no_page_learns_of_it_though_somebody_has_it(house: House) -> None:
    """Only a repeated page waits for them, the first was overtaken: it says what happened, and asks nothing."""
    await house.sandbox.faults.refuse_connections()
    await house.post("/hooks/alertmanager", Fired().body())
    await house.pass_time(timedelta(minutes=5))
    await recorded(house, "paged", times=2)
    await house.bot.desk.handle("INC-1", Acknowledge(Responder(person="anna")))
    await house.sandbox.faults.accept_connections()
    for key in ("boris", "clara"):
        page = await house.person(key).private.wait_for("INC-1", timeout=PATIENCE_S)
        assert "Anna has it" in page.text
        assert not page.has_button("Ack")
    await house.settle()
    assert not house.person("anna").private.messages


@pytest.mark.parametrize(
    ("status", "said"), [(502, "Bad Gateway"), (500, "Internal Server Error"), (401, "Unauthorized")]
)
async def test_a_telegram_in_trouble_gets_it_all_later(house: House, status: int, said: str) -> None:
    """Errors that say nothing about the message: it goes again, once, when the trouble is over."""
    house.sandbox.faults.fail("*", status, said, times=None)
    assert (await house.post("/hooks/alertmanager", Fired().body()))[0] == 200
    await tried(house, status)
    house.sandbox.faults.clear()
    await house.person("anna").private.wait_for("INC-1", timeout=PATIENCE_S)
    await house.responders.wait_for("INC-1", timeout=PATIENCE_S)
    await house.settle()
    assert len(house.person("anna").private.messages) == 1
    await house.sandbox.wait_for_poll()


async def test_a_storm_of_429_is_waited_out(house: House) -> None:
    """Every call is refused with a time to wait: the bot waits so long, and everything arrives once."""
    house.sandbox.faults.fail("sendMessage", 429, "Too Many Requests: retry after 1", retry_after_s=1, times=None)
    house.sandbox.faults.fail("getUpdates", 429, "Too Many Requests: retry after 1", retry_after_s=1, times=2)
    await house.post("/hooks/alertmanager", Fired().body())
    await tried(house, 429)
    chats = [call.params["chat_id"] for call in failed(house, 429)]
    assert len(chats) == len(set(chats)), "a chat is not asked again before its time"
    house.sandbox.faults.clear()
    await house.person("anna").private.wait_for("INC-1", timeout=PATIENCE_S)
    await house.settle()
    assert len(house.person("anna").private.messages) == 1


async def test_a_telegram_that_says_nothing_is_given_up_and_asked_again(house: House) -> None:
    """Calls without an answer end; a page that may have arrived is sent again, and the incident goes on meanwhile."""
    house.sandbox.faults.hang("sendMessage", times=FIRST_CALLS)
    asked_again = house.sandbox.faults.hang("sendMessage")
    await house.post("/hooks/alertmanager", Fired().body())
    async with asyncio.timeout(PATIENCE_S):
        await asked_again.reached.wait()
    await house.pass_time(timedelta(minutes=15))
    await recorded(house, "response_overdue")
    house.sandbox.faults.clear()
    await house.person("anna").private.wait_for("INC-1", timeout=PATIENCE_S)
    await house.responders.wait_for("INC-1", timeout=PATIENCE_S)
    await house.settle()
    assert len(house.person("anna").private.messages) == 1


async def test_an_answer_that_is_lost_leaves_a_page_that_can_be_pressed(house: House) -> None:
    """Telegram took the page and the connection broke: it is sent again with the same id, and either copy works."""
    house.sandbox.faults.take_then_drop("sendMessage", times=1)
    await house.post("/hooks/alertmanager", Fired().body())
    for key in ("anna", "boris", "clara"):
        await house.person(key).private.wait_for("INC-1", timeout=PATIENCE_S)
    await house.settle()
    twice = [key for key in ("anna", "boris", "clara") if len(house.person(key).private.messages) == 2]
    assert len(twice) == 1
    person = house.person(twice[0])
    stray = person.private.messages[0]
    assert "You have INC-1" in (await person.press(stray, "Ack")).text
    await house.driver.wait_until(lambda _: not any(m.has_button("Ack") for m in person.private.messages))


async def test_the_menu_of_commands_comes_when_telegram_is_back(tmp_path: Path) -> None:
    """Telegram is in trouble while the bot introduces itself: the menu is set afterwards, in every language."""
    house = House(tmp_path)
    house.sandbox.faults.fail("setMyCommands", 502, "Bad Gateway", times=1)
    async with house:
        await menus_taken(house, len(menus()))


async def test_a_menu_that_is_refused_is_done_without(tmp_path: Path) -> None:
    """Telegram says no: it is not asked the same again, and everything else goes on."""
    house = House(tmp_path)
    house.sandbox.faults.fail("setMyCommands", 400, "Bad Request: BOT_COMMAND_INVALID", times=1)
    async with house:
        await menus_taken(house, len(menus()) - 1)
        await house.post("/hooks/alertmanager", Fired().body())
        await house.person("anna").private.wait_for("INC-1")
        assert len(house.sandbox.journal.of("setMyCommands")) == len(menus())


async def menus_taken(house: House, wanted: int) -> None:
    """Waits until Telegram has taken so many menus."""

    async def are_taken() -> bool:
        return sum(call.ok for call in house.sandbox.journal.of("setMyCommands")) == wanted

    await house.until(are_taken)


async def says_why_not_ready(house: House, reason: str) -> bool:
    """Whether the bot tells a supervisor that it is not ready, and why."""
    status, answer = await house.get("/readyz")
    return status == 503 and reason in answer["error"]["message"]


def messages_taken(house: House) -> list[Call]:
    """The messages that Telegram took, in their order."""
    return [call for call in house.sandbox.journal.of("sendMessage") if call.ok]


def failed(house: House, status: int) -> Sequence[Call]:
    """The calls that ended with that status."""
    return [call for call in house.sandbox.journal.of("sendMessage") if call.status == status]


async def tried(house: House, status: int) -> None:
    """Waits until the bot tried to send and failed so."""

    async def has_failed() -> bool:
        return bool(failed(house, status))

    await house.until(has_failed)


async def recorded(house: House, kind: str, *, times: int = 1) -> None:
    """Waits until INC-1 has that kind of event, so many times at least."""

    async def is_there() -> bool:
        return [event.kind for event in await house.bot.store.load("INC-1")].count(kind) >= times

    await house.until(is_there)
