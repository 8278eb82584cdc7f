"""The two checklists of the written plan, item by item, as the real bot ticks them and people do."""

from datetime import timedelta
from pathlib import Path

from bot.domain.plan import Action
from bot.sandbox.driver import PersonView
from bot.sandbox.message_view import MessageView
from tests.house import Fired, House


async def checklist_of(house: House, who: PersonView, head: str) -> MessageView:
    """The checklist that somebody asks for in the responders chat."""
    sent = await who.send(house.responders, "/checklist INC-1")
    return await house.responders.wait_for(head, after=sent)


def marks(message: MessageView) -> dict[str, str]:
    """Each line of a checklist: its text, and who did it when; empty for an open one."""
    lines = [line for line in message.text.splitlines() if line.startswith(("✅", "⬜"))]
    shown = [line.split(". ", 1)[1] + ("" if line[0] == "✅" else " · ") for line in lines]
    return {item: who for item, _, who in (line.partition(" · ") for line in shown)}


async def test_during_the_incident(tmp_path: Path) -> None:
    """Alert acknowledged, severity classified, ticket created, … status updates posted: each by what happens."""
    mended = Action(title="Restart", run=("true",), authority="on_call")
    house = House(tmp_path)
    house.plan = house.plan.model_copy(update={"actions": {**house.plan.actions, "restart": mended}})
    async with house:
        anna = house.person("anna")
        await house.post("/hooks/alertmanager", Fired().body())
        card = await house.responders.wait_for("nobody has it yet")
        await anna.press(card, "Checklist")
        shown = marks(await house.responders.wait_for("☑️ INC-1 · During the incident · 3 of 8"))
        assert list(shown) == [
            "Alert acknowledged",
            "Severity classified",
            "Incident ticket created",
            "Information gathered",
            "Impact assessed",
            "Mitigation actions taken",
            "Stakeholders notified",
            "Status updates posted",
        ]
        done = [item for item, who in shown.items() if who]
        assert done == ["Severity classified", "Incident ticket created", "Stakeholders notified"]
        assert shown["Incident ticket created"].startswith("Alertmanager ")

        await anna.press(card, "Ack")
        await house.driver.wait_until(lambda _: "checklist 4 of 8" in card.refreshed().text)
        await anna.press(card.refreshed(), "Gather")
        await house.driver.wait_until(lambda _: "checklist 5 of 8" in card.refreshed().text)
        await house.write("dan", "/impact Some payments fail")
        asked = await house.write("anna", "/run restart")
        await anna.press(asked, "Confirm")
        await house.driver.wait_until(lambda _: "checklist 7 of 8" in card.refreshed().text)
        await house.write("anna", "/update Restarted, errors are falling")
        await house.driver.wait_until(lambda _: "checklist 8 of 8" in card.refreshed().text)

        full = marks(await checklist_of(house, anna, "8 of 8"))
        assert {item: who.split()[0] for item, who in full.items()} == {
            "Alert acknowledged": "Anna",
            "Severity classified": "Alertmanager",
            "Incident ticket created": "Alertmanager",
            "Information gathered": "Anna",
            "Impact assessed": "Dan",
            "Mitigation actions taken": "Anna",
            "Stakeholders notified": "Nabat",
            "Status updates posted": "Anna",
        }


async def test_after_the_incident(house: House) -> None:
    """Resolved, cause, fix, verification, review, documentation, action items; the rest by a tap of a person."""
    anna, boris = house.person("anna"), house.person("boris")
    await house.declare(severity="SEV-3")
    card = await house.responders.wait_for("nobody has it yet")
    await house.write("anna", "/ack")
    await house.write("anna", "/resolve")
    await house.driver.wait_until(lambda _: "checklist 2 of 7" in card.refreshed().text)
    assert list(marks(await checklist_of(house, anna, "After the incident · 2 of 7"))) == [
        "Incident resolved",
        "Root cause identified",
        "Fix implemented",
        "Verification completed",
        "Incident review scheduled",
        "Documentation updated",
        "Action items created",
    ]

    told = await house.responders.wait_for("What was the root cause, and what fixed it?")
    await anna.press(told, "Cause")
    question = await house.responders.wait_for("what was the root cause?", after=told)
    await house.write("anna", "The pool was too small", house.responders, reply_to=question)
    await boris.press(told, "Fix")
    question = await house.responders.wait_for("what fixed it?", after=question)
    await house.write("boris", "Raised the pool", house.responders, reply_to=question)
    await house.write("anna", "/action Alert on the pool @dan")
    await house.driver.wait_until(lambda _: "checklist 5 of 7" in card.refreshed().text)
    assert "Cause: The pool was too small" in card.refreshed().text
    assert "Fix: Raised the pool" in card.refreshed().text

    shown = await checklist_of(house, anna, "5 of 7")
    await anna.press(shown, "Verification completed")
    await house.driver.wait_until(lambda _: "6 of 7" in shown.refreshed().text)
    assert marks(shown.refreshed())["Verification completed"].startswith("Anna ")
    await anna.press(card.refreshed(), "Review")
    review = await house.responders.wait_for("Alert on the pool", after=shown)
    for part in ("Runbooks", "Monitoring", "Alert thresholds", "Procedures"):
        await house.driver.wait_until(lambda _: "checklist 6 of 7" in card.refreshed().text)
        await anna.press(review.refreshed(), part)
        await house.driver.wait_until(lambda _, part=part: review.refreshed().has_button(f"✅ {part}"))
    await house.driver.wait_until(lambda _: "checklist 7 of 7" in card.refreshed().text)
    assert "5 lines of the checklists are open" in (await anna.press(review.refreshed(), "Close review")).text


async def test_a_line_is_ticked_by_hand_and_its_tick_taken_back(house: House) -> None:
    """Whose event did not happen is ticked by a tap; what an event ticked, nobody unticks; a stranger ticks nothing."""
    anna = house.person("anna")
    await house.declare(severity="SEV-3")
    card = await house.responders.wait_for("nobody has it yet")
    await house.write("anna", "/ack")
    await anna.press(card.refreshed(), "Checklist")
    shown = await house.responders.wait_for("☑️ INC-1 · During the incident · 3 of 8")
    assert not shown.has_button("Alert acknowledged")
    assert "ticked: Impact assessed" in (await anna.press(shown, "Impact assessed")).text
    await house.driver.wait_until(lambda _: "4 of 8" in shown.refreshed().text)
    assert "took the tick back" in (await anna.press(shown.refreshed(), "Impact assessed")).text
    await house.driver.wait_until(lambda _: "3 of 8" in shown.refreshed().text)
    assert "its tick stays" in (await anna.press_raw(shown, "1:check:INC-1:0:0")).text
    assert "out of date" in (await anna.press_raw(shown, "1:check:INC-1:99:1")).text
    mallory = house.world.add_person("mallory", 6666, "Mallory")
    house.responders.chat.members[mallory.id] = mallory
    assert "roster" in (await house.person("mallory").press(shown.refreshed(), "Impact assessed")).text
    assert (await house.kinds()).count("checklist_ticked") == 2


async def test_evidence_is_a_reply_to_the_checklist(house: House) -> None:
    """A number says which line; without one it is the line that its writer ticked last; else it is asked which."""
    anna = house.person("anna")
    await house.declare(severity="SEV-3")
    await house.write("anna", "/ack")
    shown = await checklist_of(house, anna, "During the incident")
    unclear = await house.write("anna", "see the chart", house.responders, reply_to=shown)
    assert "Begin with the number" in unclear.text
    kept = await house.write("anna", "4. see <b>the chart</b>", house.responders, reply_to=shown)
    assert "Information gathered: see <b>the chart</b>" in kept.text
    assert "Begin with the number" in (await house.write("dan", "77 x", house.responders, reply_to=shown)).text
    await anna.press(shown, "Impact assessed")
    kept = await house.write("anna", "Nobody in the logs", house.responders, reply_to=shown)
    assert "Impact assessed: Nobody in the logs" in kept.text
    await anna.press(shown.refreshed(), "After the incident")
    await house.driver.wait_until(lambda _: "After the incident" in shown.refreshed().text.splitlines()[0])
    kept = await house.write("dan", "6 the wiki", house.responders, reply_to=shown)
    assert "Documentation updated: the wiki" in kept.text
    again = await checklist_of(house, anna, "During the incident")
    assert "📎 see <b>the chart</b> · Anna" in again.text


async def test_the_review_is_closed_over_open_lines_only_for_a_reason(house: House) -> None:
    """Close review asks why; the reason is kept with the review."""
    anna = house.person("anna")
    await house.declare(severity="SEV-3")
    card = await house.responders.wait_for("nobody has it yet")
    await house.write("anna", "/ack")
    await house.write("anna", "/resolve")
    await house.driver.wait_until(lambda _: card.refreshed().has_button("Review"))
    await house.pass_time(timedelta(minutes=1))
    await anna.press(card.refreshed(), "Review")
    review = await house.responders.wait_for("No action item yet")
    assert "lines of the checklists are open" in (await anna.press(review, "Close review")).text
    question = await house.responders.wait_for("why is the review closed as it is?")
    assert "review_closed" not in await house.kinds()
    closed = await house.write("anna", "A false alarm", house.responders, reply_to=question)
    assert "review closed by" in closed.text
    await house.responders.wait_for("A false alarm")
