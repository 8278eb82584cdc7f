"""Runbooks in the chat: which fit, and worked step by step."""

from pathlib import Path
from typing import Any

from bot.domain.plan import Runbook
from bot.sandbox.message_view import MessageView
from bot.settings import load_plan
from tests.flows.sights import SOME_LINES, a_house, python, stranger_in
from tests.house import Fired, House


async def opened_runbook(house: House) -> MessageView:
    """The runbook behind the card's button."""
    await house.post("/hooks/alertmanager", Fired().body())
    card = await house.responders.wait_for("nobody has it yet")
    await house.person("anna").press(card, "Runbook")
    return await house.responders.wait_for("📖 High error rate")


async def test_a_runbook_is_worked_step_by_step(house: House) -> None:
    """Steps are ticked and taken back by whoever does them; the timeline says who did what."""
    book = await opened_runbook(house)
    assert "0 of 5 steps done" in book.text
    anna, boris = house.person("anna"), house.person("boris")
    answer = await anna.press(book, "⬜ 2")
    assert "Anna did: Read the error logs" in (answer.text or "")
    ticked = await house.responders.wait_for("✅ 2. Read the error logs · Anna")
    assert "1 of 5 steps done" in ticked.text
    assert "nothing had to change" in ((await boris.press(book, "⬜ 2")).text or "")
    refusal = await stranger_in(house).press(ticked, "⬜ 1")
    assert "Only people on the roster" in (refusal.text or "")
    await boris.press(ticked, "✅ 2")
    await house.driver.wait_until(lambda _: "0 of 5 steps done" in book.refreshed().text)
    await anna.send(house.responders, "/timeline")
    timeline = await house.responders.wait_for("Timeline of INC-1")
    assert "Anna did: Read the error logs (High error rate)" in timeline.text
    assert "Boris took back: Read the error logs" in timeline.text


async def test_a_runbook_offers_its_logs(tmp_path: Path) -> None:
    """Those of its actions that read logs are buttons; a forged one runs nothing."""
    async with a_house(tmp_path, {"logs": python(SOME_LINES)}) as house:
        book = await opened_runbook(house)
        anna = house.person("anna")
        assert (await anna.press(book, "Application logs")).text == "Reading the log…"
        await house.responders.wait_for("ERROR no disk")
        rollback = list(house.plan.actions).index("rollback")
        forged = await anna.press_raw(book, f"1:logs:INC-1:{rollback}")
        assert "out of date" in (forged.text or "")


async def test_several_runbooks_and_their_full_texts(tmp_path: Path) -> None:
    """What fits besides is a press away; the plan's and the alerts' own addresses are links."""
    books = (
        Runbook(title="Errors", labels={"alertname": ".*Error.*"}, steps=("Look",), url="https://wiki.example.org/e"),
        Runbook(title="The worst", labels={}, severities=("SEV-1",), steps=("Call",)),
    )
    house = House(tmp_path)
    house.plan = load_plan().model_copy(update={"runbooks": books})
    async with house:
        body = Fired().body()
        alerts: Any = body["alerts"]
        alerts[0]["annotations"]["runbook_url"] = "https://alerts.example.org/r"
        await house.post("/hooks/alertmanager", body)
        card = await house.responders.wait_for("nobody has it yet")
        assert card.has_button("Runbook")
        await house.person("anna").send(house.responders, "/runbook")
        book = await house.responders.wait_for("📖 Errors")
        assert "The full text" in book.text
        assert "Runbook of HighErrorRate" in book.text
        await house.person("anna").press(book, "The worst")
        await house.responders.wait_for("📖 The worst")


async def test_without_a_runbook_it_is_said(house: House) -> None:
    """The card has no button for what is not there; the command says so."""
    await house.declare("Something odd")
    card = await house.responders.wait_for("nobody has it yet")
    assert not card.has_button("Runbook")
    await house.person("anna").send(house.responders, "/runbook")
    await house.responders.wait_for("No runbook fits INC-1.")
