"""An incident from its alert to its end, as people live it."""

from datetime import timedelta

from tests.house import Fired, House


async def test_an_alert_becomes_a_handled_incident(house: House) -> None:
    """The alert arrives, on-call is paged, a press stops the paging, the severity changes, news goes out, it ends."""
    anna = house.person("anna")

    status, answer = await house.post("/hooks/alertmanager", Fired().body())
    assert (status, answer) == (200, {"incidents": ["INC-1"]})

    card = await house.responders.wait_for("nobody has it yet")
    assert "SEV-1" in card.text
    assert "INC-1" in card.text
    assert "High error rate on payments-api" in card.text
    for key in ("anna", "boris", "clara"):
        page = await house.person(key).private.wait_for("INC-1")
        assert page.has_button("Ack")

    await house.pass_time(timedelta(minutes=5))
    again = await anna.private.wait_for("page 2")

    answered = await anna.press(again, "Ack")
    assert "You have INC-1" in answered.text
    await house.responders.wait_for("Anna has it")
    assert not card.refreshed().has_button("Ack")
    await house.driver.wait_until(
        lambda _: not any(m.has_button("Ack") for m in house.person("boris").private.messages)
    )

    await house.pass_time(timedelta(minutes=25))
    reminder = await house.responders.wait_for("update due")
    await anna.send(house.responders, "Rolled back 4.2.1, errors are falling", reply_to=reminder)
    await house.stakeholders.wait_for("errors are falling")
    await house.responders.wait_for("errors are falling")

    await anna.press(card, "Severity")
    await house.driver.wait_until(lambda _: card.refreshed().has_button("SEV-2"))
    await anna.press(card.refreshed(), "SEV-2")
    await house.driver.wait_until(lambda _: card.refreshed().has_button("Confirm"))
    confirmed = await anna.press(card.refreshed(), "Confirm")
    assert "SEV-2" in confirmed.text
    await house.driver.wait_until(lambda _: "SEV-2" in card.refreshed().text.splitlines()[0])

    resolved = await anna.press(card.refreshed(), "Resolve")
    assert "resolved" in resolved.text
    await house.driver.wait_until(lambda _: card.refreshed().has_button("Reopen"))
    status, incident = await house.get("/api/incidents/INC-1")
    assert status == 200
    assert incident["status"] == "resolved"
    assert incident["holder"] == {"id": "anna", "name": "Anna"}
