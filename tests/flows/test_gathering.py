"""Everything is looked at at once, with the real parts below; what is unknown is said."""

from pathlib import Path

from bot.domain.plan import Action
from bot.sandbox.monitoring import MonitoringKind
from tests.flows.sights import a_house, stranger_in, watched
from tests.house import Fired, House


async def measured(house: House) -> bool:
    """Whether figures were read."""
    return bool(house.bot.looking.readings.measured())


async def test_gather_looks_at_everything_at_once(tmp_path: Path) -> None:
    """One press: health, metrics, the log and a picture in one message of the thread, and an entry of the log."""
    async with watched(tmp_path, MonitoringKind.STAND_IN) as (house, _):
        await house.until(lambda: measured(house))
        await house.post("/hooks/alertmanager", Fired().body())
        card = await house.responders.wait_for("nobody has it yet")
        anna = house.person("anna")
        assert (await anna.press(card, "Gather")).text == "Looking at everything…"
        summary = await house.responders.wait_for("🔎 INC-1: looked at", timeout=60)
        assert summary.reply_to is not None
        assert summary.reply_to.id == card.id
        text = summary.text.replace("\N{NO-BREAK SPACE}", " ")
        assert "🩺 Health: 1 of 2 well · search: no connection" in text
        assert "📊 Metrics: out of target: Error rate 12 %" in text
        assert "📜 Application logs: 3 lines · 1 tells of an error" in text
        assert "ERROR no disk token=•••" in text
        picture = await house.responders.wait_for(lambda message: message.photo is not None, timeout=60)
        assert len([message for message in house.responders.messages if message.photo]) == 1
        assert picture.id >= summary.id
        (gathered,) = [event for event in await house.timeline() if event["kind"] == "information_gathered"]
        assert "1 of 2 well" in gathered["text"]
        await anna.send(house.responders, "/timeline")
        await house.responders.wait_for("Anna gathered: 🩺 Health")


async def test_gather_without_anything_says_what_is_unknown(tmp_path: Path) -> None:
    """No Prometheus, a log that can't be read: each is said, nothing is green; a stranger gathers nothing."""
    broken = Action(title="Logs", run=("no-such-program-here",), authority="on_call")
    async with a_house(tmp_path, {"logs": broken}, health_checks=()) as house:
        await house.declare()
        card = await house.responders.wait_for("nobody has it yet")
        refusal = await stranger_in(house).press(card, "Gather")
        assert "Only people on the roster" in (refusal.text or "")
        await house.person("boris").press(card, "Gather")
        summary = await house.responders.wait_for("🔎 INC-1: looked at", timeout=30)
        assert "unknown: Error rate, Latency P95" in summary.text
        assert "📜 Logs: It could not be started" in summary.text
        assert "the plan names no checks" in summary.text
