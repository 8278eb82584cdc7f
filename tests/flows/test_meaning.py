"""What a message means: which incident, and what an answer to one of the bot's messages is."""

from datetime import timedelta

from bot.sandbox.message_view import MessageView
from tests.house import House


async def card_of(house: House, incident: str) -> MessageView:
    """The card of an incident."""
    return await house.responders.wait_for(lambda message: f"{incident} ·" in message.text)


async def test_an_ambiguous_command_offers_the_open_ones(house: House) -> None:
    """With two open incidents a command without an id asks which; the button carries it out, with its text."""
    await house.declare("Small", "SEV-3")
    await house.declare("Large", "SEV-1")
    asked = await house.write("anna", "/note seen <this> before", house.responders)
    assert "Which incident does /note mean?" in asked.text
    assert "Large" in asked.buttons[0]
    await house.person("anna").press(asked, "Small")
    await house.driver.wait_until(lambda _: "Noted for INC-1" in asked.refreshed().text)
    assert (await house.timeline("INC-1"))[-1]["data"]["text"] == "seen <this> before"
    assert "noted" not in await house.kinds("INC-2")


async def test_a_choice_is_the_askers_or_another_members(house: House) -> None:
    """A stranger who presses a choice is refused; nothing is noted."""
    await house.declare("Small", "SEV-3")
    await house.declare("Large", "SEV-1")
    asked = await house.write("anna", "/ack", house.responders)
    mallory = house.world.add_person("mallory", 6666, "Mallory")
    house.responders.chat.members[mallory.id] = mallory
    answered = await house.person("mallory").press(asked, "Small")
    await house.settle()
    assert (await house.incident("INC-1"))["status"] == "unanswered"
    assert "Only people on the roster" in answered.text + asked.refreshed().text


async def test_a_reply_to_a_card_names_its_incident(house: House) -> None:
    """A command that answers a card means that card's incident, and so does one that answers a page."""
    await house.declare("Small", "SEV-3")
    await house.declare("Large", "SEV-1")
    answered = await house.write("dan", "/ack", house.responders, reply_to=await card_of(house, "INC-1"))
    assert "You have INC-1 now" in answered.text
    page = await house.person("boris").private.wait_for("INC-2")
    assert "You have INC-2 now" in (await house.write("boris", "/ack", reply_to=page)).text


async def test_a_reply_to_the_card_is_a_note(house: House) -> None:
    """What is written in the card's thread stays in the log; what answers nobody is nobody's."""
    await house.declare()
    card = await card_of(house, "INC-1")
    assert "Noted for INC-1" in (await house.write("dan", "The disk is full", house.responders, reply_to=card)).text
    await house.person("dan").send(house.responders, "Lunch?")
    await house.write("dan", "/whoami", house.responders)
    noted = [event["data"]["text"] for event in await house.timeline() if event["kind"] == "noted"]
    assert noted == ["The disk is full"]


async def test_a_reply_to_a_reminder_is_an_update(house: House) -> None:
    """The answer to the reminder, to the question after Update, and to the private ping is a status update."""
    await house.declare()
    anna = house.person("anna")
    await anna.press(await card_of(house, "INC-1"), "Ack")
    await house.pass_time(timedelta(minutes=30))
    reminder = await house.responders.wait_for("update due")
    assert "Update posted" in (await house.write("anna", "First", house.responders, reply_to=reminder)).text

    await anna.press(await card_of(house, "INC-1"), "Update")
    question = await house.responders.wait_for("what is the news?")
    assert "Update posted" in (await house.write("anna", "Second", house.responders, reply_to=question)).text

    await house.pass_time(timedelta(minutes=36))
    ping = await anna.private.wait_for("your update was due")
    assert "Update posted" in (await house.write("anna", "Third", reply_to=ping)).text
    for text in ("First", "Second", "Third"):
        await house.stakeholders.wait_for(text)


async def test_a_corrected_message_does_nothing(house: House) -> None:
    """A command that is edited afterwards is not carried out a second time, nor is one that an edit makes of a text."""
    anna = house.person("anna")
    sent = await anna.send(house.responders, "/incident Checkout fails")
    await card_of(house, "INC-1")
    await anna.edit(sent, "/incident Checkout fails again")
    other = await anna.send(house.responders, "Lunch?")
    await anna.edit(other, "/incident No lunch")
    await house.write("anna", "/whoami", house.responders)
    assert len((await house.get("/api/incidents"))[1]["incidents"]) == 1


async def test_other_bots_and_unknown_commands(house: House) -> None:
    """In a chat of many bots a command for another one, or that nobody knows, is left; in private it is answered."""
    dan = house.person("dan")
    await dan.send(house.responders, "/incident@other_bot Not for us")
    await dan.send(house.responders, "/frobnicate")
    answered = await house.write("dan", "/whoami@nabat_bot", house.responders)
    assert [message.id for message in house.responders.messages if message.from_bot] == [answered.id]
    assert "I don't know /frobnicate" in (await house.write("dan", "/frobnicate")).text


async def test_a_command_works_in_its_chats_only(house: House) -> None:
    """In the stakeholders' chat nothing is declared."""
    await house.person("dan").send(house.stakeholders, "/incident From the wrong room")
    await house.write("dan", "/help", house.stakeholders)
    assert await house.get("/api/incidents") == (200, {"incidents": []})
