"""Written plan, Phase 2: Assessment (5-15 minutes), lived through by the real bot, action by action."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.sandbox.driver import PersonView
from bot.sandbox.message_view import MessageView
from bot.settings import load_plan
from tests.flows.written_course import THURSDAY
from tests.house import House


async def in_hand(house: House, severity: str = "SEV-2") -> MessageView:
    """An incident that Anna has, on a clock that stands still; its card."""
    house.clock.set_speed(0)
    house.clock.advance(THURSDAY - house.clock.now())
    await house.declare("Checkout fails", severity)
    await house.write("anna", "/ack")
    return await house.responders.wait_for("Anna has it")


async def asked(house: House, question: str) -> MessageView:
    """The panel, once it asks this."""
    return await house.responders.wait_for(
        lambda message: message.text.startswith("🧭 INC-1") and question in message.text
    )


async def answer(house: House, who: PersonView, question: str, label: str) -> str:
    """Somebody answers the question on the panel; the toast."""
    return (await who.press(await asked(house, question), label)).text or ""


async def walk(house: House, *labels: str) -> None:
    """Anna answers one question after the other."""
    questions = ("One node", "One service", "Which regions", "How many users", "revenue or SLA", "Is security")
    for question, label in zip(questions, labels, strict=False):
        await answer(house, house.person("anna"), question, label)


async def test_information_is_gathered(house: House) -> None:
    """1. Gather information: health, metrics, logs and dashboards are one press (tests/flows/test_gathering.py)."""
    card = await in_hand(house)
    await house.person("anna").press(card, "Gather")
    await house.responders.wait_for("🔎 INC-1: looked at", timeout=30)


async def test_the_scope_is_determined(house: House) -> None:
    """2. Determine scope: single node or multiple nodes, single service or multiple services, geographic scope."""
    card = await in_hand(house)
    await house.driver.wait_until(lambda _: "Not known yet: users affected, regions, nodes" in card.refreshed().text)
    anna = house.person("anna")
    await anna.press(card.refreshed(), "Assess")
    first = await asked(house, "One node or several?")
    assert "question 1 of 6" in first.text
    assert first.reply_to is not None
    assert first.reply_to.id == card.id
    assert first.buttons == ["One", "Several", "Don't know yet", "☰ All answers"]
    await walk(house, "Several", "One", "All of them")
    await house.driver.wait_until(
        lambda _: "🧭 several nodes, one service, all regions" in card.refreshed().text.replace("\n", " ")
    )
    assert "Not known yet: users affected, business impact, security impact" in card.refreshed().text
    assert (await house.incident())["assessment"] == {
        "nodes": "several",
        "services": "one",
        "regions": "all",
        "users": None,
        "business": None,
        "security": None,
    }


async def test_the_impact_is_identified(house: House) -> None:
    """3. Identify impact: users, business (revenue, SLA), security; once all is answered nothing is missing."""
    card = await in_hand(house)
    await house.person("anna").press(card, "Assess")
    await walk(house, "One", "One", "One", "Many", "Revenue and SLA", "Not affected")
    await house.driver.wait_until(lambda _: "Not known yet" not in card.refreshed().text)
    assert "🧭 many users affected, costs revenue and SLA, no security impact, one node" in card.refreshed().text
    panel = await asked(house, "6 of 6 known")
    assert "✅ Many users affected · Anna 10:00" in panel.text
    assert len([message for message in house.responders.messages if "🧭 INC-1" in message.text]) == 1


async def test_the_ticket_is_updated_with_findings(house: House) -> None:
    """4. Update incident ticket with findings: who said what and when is in the log; own words stand beside it."""
    card = await in_hand(house)
    anna, boris = house.person("anna"), house.person("boris")
    await anna.press(card, "Assess")
    await answer(house, anna, "node", "One")
    house.clock.advance(timedelta(minutes=2))
    panel = await asked(house, "service")
    assert "Boris" not in panel.text
    assert await answer(house, boris, "service", "Several") == "INC-1: Boris assessed: several services"
    panel = await asked(house, "regions")
    await boris.send(house.responders, "Only cards from Spain are declined", reply_to=panel)
    await house.driver.wait_until(lambda _: "Impact: Only cards from Spain are declined" in card.refreshed().text)
    told = [(event["at"][11:16], event["text"]) for event in await house.timeline() if event["kind"] == "assessed"]
    assert told == [("10:00", "Anna assessed: one node"), ("10:02", "Boris assessed: several services")]


async def test_what_is_not_known_yet_is_skipped_and_stays_visible(house: House) -> None:
    """A question is skipped and comes back to whoever opens it; the card says what is missing until it is answered."""
    card = await in_hand(house)
    anna = house.person("anna")
    await anna.press(card, "Assess")
    await walk(house, *["Don't know yet"] * 6)
    overview = await asked(house, "0 of 6 known")
    assert "⬜ users affected: not known yet" in overview.text
    assert "Not known yet: users affected, regions" in card.refreshed().text
    await anna.press(overview, "Regions")
    assert "All of them" in (await asked(house, "Which regions")).buttons
    await answer(house, anna, "Which regions", "One")
    await house.driver.wait_until(lambda _: "Not known yet: users affected, nodes" in card.refreshed().text)


async def test_an_answer_can_be_changed(house: House) -> None:
    """Few users become many: the card shows the last word, the log both; the same answer twice changes nothing."""
    card = await in_hand(house)
    anna = house.person("anna")
    await anna.press(card, "Assess")
    await walk(house, "One", "One", "One", "Few")
    await anna.press(await asked(house, "revenue"), "All answers")
    await anna.press(await asked(house, "4 of 6 known"), "Users")
    again = await asked(house, "How many users")
    assert "So far: few users affected (Anna, 10:00 UTC)" in again.text
    assert "nothing had to change" in await answer(house, anna, "How many users", "Few")
    await anna.press(await asked(house, "revenue"), "All answers")
    await anna.press(await asked(house, "4 of 6 known"), "Users")
    await answer(house, anna, "How many users", "Many")
    await house.driver.wait_until(lambda _: "many users affected" in card.refreshed().text)
    assert "few users" not in card.refreshed().text
    assert (await house.kinds()).count("assessed") == 5


async def test_a_confirmed_breach_offers_what_the_plan_has(house: House) -> None:
    """Security impact confirmed raises nothing by itself: the flags and the severity are offered to choose from."""
    card = await in_hand(house, "SEV-3")
    anna = house.person("anna")
    await anna.press(card, "Assess")
    await anna.press(await asked(house, "node"), "All answers")
    await anna.press(await asked(house, "0 of 6 known"), "Security")
    await answer(house, anna, "Is security affected?", "Breach confirmed")
    offer = await asked(house, "security breach confirmed")
    assert offer.buttons == ["🚩 security breach", "🚩 pqc fallback", "🎚 Only SEV-1", "Not now"]
    assert (await house.incident())["severity"] == "SEV-3"
    await anna.press(offer, "security breach")
    await house.driver.wait_until(lambda _: "SEV-1" in card.refreshed().text.splitlines()[0])
    await house.person("clara").private.wait_for("your decision is asked")
    overview = await asked(house, "1 of 6 known")
    assert not overview.has_button("security breach")
    assert overview.has_button("pqc fallback")


@pytest.mark.parametrize(("flag", "asks"), [("security_breach", "clara"), ("pqc_fallback", "boris")])
async def test_a_flag_raises_the_severity(house: House, flag: str, asks: str) -> None:
    """SEV-1: "Security breach (PQC fallback enabled)": the flag makes it SEV-1, and who decides is asked at once."""
    card = await in_hand(house, "SEV-4")
    await house.write("anna", f"/flag {flag}")
    await house.driver.wait_until(lambda _: "SEV-1" in card.refreshed().text.splitlines()[0])
    await house.person(asks).private.wait_for("your decision is asked")


async def test_another_plan_says_how_bad_a_flag_is(tmp_path: Path) -> None:
    """The plan says what a flag means; it makes an incident worse, and never milder."""
    house = House(tmp_path)
    plan = load_plan()
    flags = {"data_loss": "SEV-2"}
    house.plan = plan.model_copy(
        update={"rollback": None, "classification": plan.classification.model_copy(update={"flags": flags})}
    )
    async with house:
        card = await in_hand(house, "SEV-3")
        await house.write("anna", "/flag data loss")
        await house.driver.wait_until(lambda _: "SEV-2" in card.refreshed().text.splitlines()[0])
        assert "There is: data_loss" in (await house.write("anna", "/flag security_breach")).text
        await house.declare("Worse", "SEV-1")
        await house.write("anna", "/flag INC-2 data_loss")
        assert (await house.incident("INC-2"))["severity"] == "SEV-1"


async def test_strangers_and_forged_buttons_answer_nothing(house: House) -> None:
    """Whoever is not on the roster opens and answers nothing; a made-up place is out of date."""
    card = await in_hand(house)
    mallory = house.world.add_person("mallory", 6666, "Mallory")
    house.responders.chat.members[mallory.id] = mallory
    stranger = PersonView(house.driver, mallory)
    assert "Only people on the roster" in ((await stranger.press(card, "Assess")).text or "")
    await house.person("anna").press(card, "Assess")
    panel = await asked(house, "node")
    assert "Only people on the roster" in ((await stranger.press(panel, "One")).text or "")
    anna = house.person("anna")
    for data in ("1:ask:INC-1:9", "1:know:INC-1:9:1", "1:know:INC-1:0:9", "1:flag:INC-1:9"):
        assert "out of date" in ((await anna.press_raw(panel, data)).text or "")
    assert "assessed" not in await house.kinds()
