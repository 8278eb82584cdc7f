"""Silences of an incident, made and undone in Alertmanager: the real one and the demo's stand-in."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.sandbox.monitoring import Monitoring, MonitoringKind
from tests.flows.sights import a_house, stranger_in, watched
from tests.house import Fired, House
from tests.needs import need_program


async def silences_of(monitoring: Monitoring) -> list[dict[str, Any]]:
    """What Alertmanager has."""
    async with aiohttp.ClientSession() as http, http.get(f"{monitoring.alertmanager_url}/api/v2/silences") as answer:
        return await answer.json()


@pytest.fixture(params=[MonitoringKind.REAL, MonitoringKind.STAND_IN])
async def alarmed(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[tuple[House, Monitoring]]:
    """A house beside an Alertmanager, the real one and the demo's stand-in, in which three alerts fire."""
    if request.param is MonitoringKind.REAL:
        need_program("prometheus")
        need_program("prometheus-alertmanager", "alertmanager")
    async with watched(tmp_path, request.param) as (house, monitoring):
        for summary in ("one", "two"):
            await monitoring.raise_alert("DiskFull", "critical", summary)
        await monitoring.raise_alert("Unrelated", "critical", "three")
        fired = Fired(name="DiskFull", service="demo", group="disk")
        body = fired.body()
        alerts: Any = body["alerts"]
        alerts[0]["labels"].pop("service")
        await house.post("/hooks/alertmanager", body)
        yield house, monitoring


async def test_a_silence_is_made_in_alertmanager_and_undone(alarmed: tuple[House, Monitoring]) -> None:
    """It says first what it would mute, then makes it, says until when, and can be undone; the log has both."""
    house, monitoring = alarmed
    anna = house.person("anna")
    await anna.send(house.responders, "/silence 1h")
    preview = await house.responders.wait_for("🔕 Silence INC-1 for 1 h, until")
    assert "UTC?" in preview.text
    assert "Mutes 2 alerts now: DiskFull (× 2)" in preview.text
    assert 'alertname="DiskFull"' in preview.text
    assert await silences_of(monitoring) == []

    await anna.press(preview, "Confirm")
    made = await house.responders.wait_for("🔕 INC-1 is silent until")
    assert "Anna" in made.text
    (silence,) = await silences_of(monitoring)
    assert silence["status"]["state"] == "active"
    assert silence["createdBy"] == "Anna"
    assert silence["comment"].startswith("INC-1: ")
    await house.responders.wait_for("🔕 silent until")

    await house.person("boris").press(made, "Undo")
    await house.responders.wait_for("🔔 INC-1: its alerts are heard again")
    (silence,) = await silences_of(monitoring)
    assert silence["status"]["state"] == "expired"
    kinds = await house.kinds()
    assert [kind for kind in kinds if "silenced" in kind] == ["silenced", "unsilenced"]


async def answered(house: House) -> bool:
    """Whether Alertmanager is asked nothing any more."""
    return not house.bot.looking.errands.under_way("silence:INC-1")


async def test_a_silence_by_buttons_and_its_cancel(tmp_path: Path) -> None:
    """From the summary: for how long, what it mutes; Cancel takes the question away and mutes nothing."""
    async with watched(tmp_path, MonitoringKind.STAND_IN) as (house, monitoring):
        await house.post("/hooks/alertmanager", Fired().body())
        card = await house.responders.wait_for("nobody has it yet")
        anna = house.person("anna")
        await anna.press_raw(card, "1:panel:INC-1:silence")
        question = await house.responders.wait_for("for how long are its alerts silent?")
        await anna.press(question, "30 min")
        preview = await house.responders.wait_for("🔕 Silence INC-1 for 30 min")
        changed = await anna.press_raw(preview, "1:mute!:INC-1:30:1")
        assert changed.text == "Asking Alertmanager…"
        await house.until(lambda: answered(house))
        assert await silences_of(monitoring) == []
        refusal = await stranger_in(house).press(preview, "Confirm")
        assert "Only people on the roster" in (refusal.text or "")


async def test_when_alertmanager_is_away_it_is_said(tmp_path: Path) -> None:
    """Nothing is called silent that is not; without an address there is nothing to ask; a length must be one."""
    async with a_house(tmp_path, {}, alertmanager_url="http://127.0.0.1:1") as house:
        anna = house.person("anna")
        await house.post("/hooks/alertmanager", Fired().body())
        await house.responders.wait_for("nobody has it yet")
        await anna.send(house.responders, "/silence")
        await house.responders.wait_for("/silence 1h")
        await anna.send(house.responders, "/silence 1h")
        await house.responders.wait_for("🔴 Alertmanager did not do it: no connection")
        assert "silenced" not in await house.kinds()


async def test_without_alertmanager_nothing_can_be_silenced(house: House) -> None:
    """The command says that it is not set up."""
    await house.post("/hooks/alertmanager", Fired().body())
    await house.responders.wait_for("nobody has it yet")
    await house.person("anna").send(house.responders, "/silence 1h")
    await house.responders.wait_for("That is not set up here")


async def test_an_incident_without_alerts_has_nothing_to_silence(tmp_path: Path) -> None:
    """What was declared by hand has no labels to match."""
    async with a_house(tmp_path, {}, alertmanager_url="http://127.0.0.1:1") as house:
        await house.declare()
        await house.responders.wait_for("nobody has it yet")
        await house.person("anna").send(house.responders, "/silence 1h")
        await house.responders.wait_for("INC-1 has no alerts that could be silenced")
