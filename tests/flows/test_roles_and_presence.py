"""Who commands, who speaks, who writes down; and what happens when the one who has it goes silent: by the real bot."""

from bot.sandbox.driver import PersonView
from bot.sandbox.message_view import MessageView
from tests.flows.written_course import Course
from tests.house import House


async def in_hand(house: House, severity: str = "SEV-1") -> tuple[Course, MessageView]:
    """An incident that Anna took at once, on a clock that the test moves; its card."""
    course = Course(house)
    await course.declare(severity)
    await house.write("anna", "/ack")
    card = await house.responders.wait_for("Anna has it")
    await house.settle()
    return course, card


async def panel(house: House, line: str) -> MessageView:
    """The panel of roles, once it says this."""
    return await house.responders.wait_for(lambda message: message.text.startswith("👥 INC-1") and line in message.text)


async def test_roles_are_taken_and_handed_over_by_a_tap(house: House) -> None:
    """The holder commands by default; a tap takes a role, another hands it over; the card and the log say who."""
    _, card = await in_hand(house)
    anna, boris, dan = (house.person(key) for key in ("anna", "boris", "dan"))
    await anna.press(card.refreshed(), "Roles")
    opened = await panel(house, "🎖 Commander: Anna · has the incident")
    assert opened.reply_to is not None
    assert "✍️ Scribe: nobody" in opened.text
    assert "👥" not in card.refreshed().text
    assert (await dan.press(opened, "Scribe")).text == "INC-1: Dan is scribe now"
    await panel(house, "✍️ Scribe: Dan · since 10:00 UTC")
    await house.driver.wait_until(lambda _: "👥 Commander: Anna · Scribe: Dan" in card.refreshed().text)
    await boris.press(opened.refreshed(), "Commander")
    await panel(house, "🎖 Commander: Boris")
    assert "no longer" not in (await house.person("anna").private.wait_for("Boris is commander now")).text

    hand_over = [button for row in opened.refreshed().keyboard for button in row if "Hand over" in button.text]
    await boris.press_raw(opened, hand_over[1].data or "")
    choosing = await house.responders.wait_for("📣 INC-1: who is communications lead?")
    await boris.press(choosing, "Dan")
    await panel(house, "📣 Communications: Dan")
    await dan.private.wait_for("INC-1: Boris made Dan communications lead")
    roles = (await house.incident())["roles"]
    assert {role: person["id"] for role, person in roles.items()} == {
        "commander": "boris",
        "communications": "dan",
        "scribe": "dan",
    }
    await boris.press_raw(opened, hand_over[0].data or "")
    await boris.press(await house.responders.wait_for("who is commander?"), "Nobody")
    await panel(house, "🎖 Commander: Anna")
    await house.settle()
    assert not [message for message in house.responders.messages if message.id > opened.id], "no noise in the thread"


async def test_forged_and_strange_presses_change_no_role(house: House) -> None:
    """A stranger takes nothing; a made-up role or person is out of date; a role that is had can't be taken twice."""
    _, card = await in_hand(house)
    mallory = house.world.add_person("mallory", 6666, "Mallory")
    house.responders.chat.members[mallory.id] = mallory
    stranger = PersonView(house.driver, mallory)
    assert "Only people on the roster" in ((await stranger.press(card.refreshed(), "Roles")).text or "")
    anna = house.person("anna")
    await anna.press(card.refreshed(), "Roles")
    opened = await panel(house, "Commander")
    assert "Only people on the roster" in ((await stranger.press(opened, "Scribe")).text or "")
    for forged in ("1:take:INC-1:9", "1:role:INC-1:0:1", "1:role?:INC-1:7"):
        assert "out of date" in ((await anna.press_raw(opened, forged)).text or "")
    await anna.press(opened, "Scribe")
    assert "Anna is scribe already" in ((await anna.press(opened, "Scribe")).text or "")
    await anna.press_raw(opened, "1:role?:INC-1:2")
    choosing = await house.responders.wait_for("who is scribe?")
    await anna.press(choosing, "Cancel")
    await panel(house, "✍️ Scribe: Anna")


async def test_a_silent_holder_is_asked_and_answers(house: House) -> None:
    """SEV-1, 15 minutes without a sign: asked in private with a button; one press, and nobody else is called."""
    course, card = await in_hand(house)
    anna = house.person("anna")
    await course.at(15)
    question = await anna.private.wait_for("❓ INC-1: still on it?")
    assert "No sign since 10:00 UTC. Without one others are called at 10:25 UTC." in question.text
    await house.driver.wait_until(
        lambda _: "❓ Anna was asked for a sign, else others are called at 10:25 UTC" in card.refreshed().text
    )
    await course.at(20)
    refusal = await house.person("boris").press_raw(card, question.button("Still on it").data or "")
    assert refusal.text == "Already acknowledged by Anna"
    assert (await anna.press(question, "Still on it")).text == "INC-1: Anna is still on it"
    await house.driver.wait_until(lambda _: "you are on it" in question.refreshed().text)
    assert not question.refreshed().buttons
    await course.at(29)
    assert not [page for page in course.pages["boris"] if page > 15]
    assert "was asked" not in card.refreshed().text


async def test_a_holder_who_stays_silent_is_replaced(house: House) -> None:
    """No answer for 10 minutes: the Team Lead is called and told why, and takes it over; the thread heard it once."""
    course, card = await in_hand(house)
    await course.at(25)
    told = await house.responders.wait_for("no sign of Anna since 10:00 UTC")
    assert told.text == "⏰ INC-1: no sign of Anna since 10:00 UTC · Team Lead called: Boris"
    boris = house.person("boris")
    page = await boris.private.wait_for("Anna gives no sign since 13:00 MSK.")
    assert "❓ No sign of Anna since 10:00 UTC" in card.refreshed().text
    await boris.press(page, "Ack")
    await house.responders.wait_for("Boris has it")
    await course.at(39)
    assert "holder_asked" not in (await house.kinds())[-2:]


async def test_a_holder_who_comes_back_ends_the_call(house: House) -> None:
    """Anna writes a note: the Team Lead's page asks no more."""
    course, _ = await in_hand(house)
    await course.at(26)
    boris = house.person("boris")
    page = await boris.private.wait_for("gives no sign")
    await house.write("anna", "/note I was in the data centre")
    await house.driver.wait_until(lambda _: not page.refreshed().has_button("Ack"))
    await course.at(34)
    assert [minute for minute in course.pages["boris"] if minute > 20] == [25]


async def test_looking_at_it_is_a_sign_too(house: House) -> None:
    """Whoever opens a panel or reads the timeline is there: half-way through the time that is kept."""
    course, card = await in_hand(house)
    await course.at(8)
    await house.person("anna").press(card.refreshed(), "Roles")

    async def kept() -> bool:
        return "holder_there" in await house.kinds()

    await house.until(kept)
    await course.at(22)
    assert "holder_asked" not in await house.kinds()
    await house.write("anna", "/timeline")
    await house.until(lambda: _twice(house))


async def _twice(house: House) -> bool:
    return (await house.kinds()).count("holder_there") == 2
