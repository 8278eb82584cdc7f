"""Written plan, Phase 1: Detection (0-5 minutes), lived through by the real bot, action by action."""

from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from tests.flows.written_course import Course
from tests.house import Fired, House
from tests.web.pagerduty_events import SECRET, event, send


@pytest.mark.parametrize("source", ["alertmanager", "telegram", "pagerduty"])
async def test_an_alert_is_received(source: str, tmp_path: Path) -> None:
    """1. Alert received (Prometheus Alertmanager, Telegram, PagerDuty): each opens an incident and pages on-call."""
    async with House(tmp_path, pagerduty_secret=SecretStr(SECRET)) as house:
        match source:
            case "alertmanager":
                status, _ = await house.post("/hooks/alertmanager", Fired().body())
                assert status == 200
            case "telegram":
                await house.person("dan").send(house.responders, "/incident Checkout fails")
            case _:
                status, _ = await send(house, event())
                assert status == 200
        await house.responders.wait_for("INC-1 · nobody has it yet")
        page = await house.person("anna").private.wait_for("INC-1 · you are on call")
        assert page.has_button("Ack")


async def test_the_on_call_engineer_acknowledges_the_alert(house: House) -> None:
    """2. On-call engineer acknowledges alert: one press on the page, and nobody is paged for it again."""
    course = Course(house)
    await course.declare("SEV-1")
    anna = house.person("anna")
    await course.at(4)
    await anna.press(await anna.private.wait_for("you are on call"), "Ack")
    await house.responders.wait_for("INC-1 · Anna has it")
    await course.at(14)
    assert course.pages["anna"] == [0]
    assert (await house.incident())["acknowledged_at"] == (course.began + timedelta(minutes=4)).isoformat()


@pytest.mark.parametrize(
    ("labelled", "severity"), [("critical", "SEV-1"), ("high", "SEV-2"), ("warning", "SEV-3"), ("info", "SEV-4")]
)
async def test_the_severity_is_classified(house: House, labelled: str, severity: str) -> None:
    """3. Classify severity (SEV-1 to SEV-4): by the alert's labels at once; a person corrects it from the card."""
    await house.post("/hooks/alertmanager", Fired(severity=labelled).body())
    card = await house.responders.wait_for("INC-1 ·")
    assert severity in card.text.splitlines()[0]
    other = "SEV-2" if severity == "SEV-1" else "SEV-1"
    anna = house.person("anna")
    await anna.press(card, "Severity")
    await house.driver.wait_until(lambda _: card.refreshed().has_button(other))
    await anna.press(card.refreshed(), other)
    if severity == "SEV-1":
        await house.driver.wait_until(lambda _: card.refreshed().has_button("Confirm"))
        await anna.press(card.refreshed(), "Confirm")
    await house.driver.wait_until(lambda _: other in card.refreshed().text.splitlines()[0])


async def test_the_incident_ticket_is_created(house: House) -> None:
    """4. Create incident ticket: one live card with the id, and the whole log behind it, from the first alert on."""
    await house.post("/hooks/alertmanager", Fired().body())
    await house.post("/hooks/alertmanager", Fired().body(Fired(name="HighLatency")))
    card = await house.responders.wait_for("2 alerts")
    await house.settle()
    assert len([message for message in house.responders.messages if "INC-1 ·" in message.text]) == 1
    assert "High error rate on payments-api" in card.text
    assert (await house.kinds())[:2] == ["declared", "alerts_changed"]
    assert [incident["id"] for incident in (await house.get("/api/incidents"))[1]["incidents"]] == ["INC-1"]
