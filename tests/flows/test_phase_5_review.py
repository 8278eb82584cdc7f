"""Phase 5 of the written plan, Post-Incident (within 24 hours), lived through with the real bot."""

from datetime import UTC, datetime, timedelta

from bot.sandbox.message_view import MessageView
from tests.house import Fired, House

THURSDAY = datetime(2030, 3, 7, 10, tzinfo=UTC)
"""A working morning, far from the beta launch, and after any day on which the tests run."""


async def at(house: House, moment: datetime) -> None:
    """Move the clock to a moment."""
    house.clock.advance(moment - house.clock.now())


async def resolved(house: House) -> MessageView:
    """An incident of Thursday morning that Anna took and resolved after 30 minutes; its card."""
    house.clock.set_speed(0)
    await at(house, THURSDAY)
    await house.post("/hooks/alertmanager", Fired(starts_at="2030-03-07T09:58:00Z").body())
    await house.write("anna", "/ack")
    await at(house, THURSDAY + timedelta(minutes=29))
    await house.write("anna", "/update Rolled back, errors are falling")
    await at(house, THURSDAY + timedelta(minutes=30))
    await house.write("anna", "/resolve Rolled back 4.2.1")
    return await house.responders.wait_for(lambda message: message.has_button("Add lesson"))


async def test_the_review_is_scheduled_and_asked_for_until_somebody_closes_it(house: House) -> None:
    """Within 24 hours: the card says by when; before that its holder hears of it, then the next authority."""
    card = await resolved(house)
    assert "review by Mar 8, 10:30 UTC" in card.text

    await at(house, THURSDAY + timedelta(hours=20, minutes=30))
    asked = await house.responders.wait_for("INC-1: the review is due 10:30 UTC")
    assert "Anna" in asked.text
    await house.person("anna").private.wait_for("the review is due")

    await at(house, THURSDAY + timedelta(hours=24, minutes=30))
    await house.responders.wait_for("the review was due 10:30 UTC and is not closed")
    await house.person("boris").private.wait_for("the review was due")

    opened = await house.person("boris").press(asked, "Review")
    assert opened.text == ""
    panel = await house.responders.wait_for("No lesson is written down yet")
    refused = await house.person("boris").press(panel, "Close review")
    assert "lines of the checklists are open" in refused.text
    why = await house.responders.wait_for("why is the review closed as it is?")
    closed = await house.write("boris", "Small and understood", house.responders, reply_to=why)
    assert "review closed by" in closed.text
    await house.responders.wait_for("INC-1: review closed by Boris")
    await house.driver.wait_until(lambda _: "review closed" in card.refreshed().text)
    assert "closed the review" in (await house.person("anna").press(panel, "Close review")).text


async def test_lessons_learned_are_collected_in_the_chat(house: House) -> None:
    """What went well, what could be improved, and action items: by buttons under the card, and by answers."""
    card = await resolved(house)
    anna, dan = house.person("anna"), house.person("dan")

    await dan.press(card, "Add lesson")
    question = await house.responders.wait_for("what did we learn?")
    kept = await house.write("dan", "- Nobody watched the connection pool", house.responders, reply_to=question)
    assert "Lesson 1 of INC-1 is kept" in kept.text
    await house.write("anna", "+ The rollback took a minute", house.responders, reply_to=question)

    await anna.press(card, "Add action")
    question = await house.responders.wait_for("who is to do what")
    made = await house.write("anna", "Alert on the pool @dan friday", house.responders, reply_to=question)
    assert "1. Alert on the pool · Dan · by tomorrow" in made.text
    await dan.private.wait_for("an action item of yours · by tomorrow")

    await anna.press(card, "Review")
    panel = await house.responders.wait_for("🔧 Nobody watched the connection pool")
    assert "👍 The rollback took a minute" in panel.text
    await anna.press(panel, "Runbooks")
    await house.driver.wait_until(lambda _: "Up to date: Runbooks" in panel.refreshed().text)
    await anna.press(panel.refreshed(), "Monitoring")
    await house.driver.wait_until(lambda _: "Runbooks, Monitoring" in panel.refreshed().text)


async def test_action_items_are_asked_for_on_their_day_until_done_and_followed_up(house: House) -> None:
    """The owner is reminded privately when business opens, each working day; two weeks later the rest is listed."""
    await resolved(house)
    dan = house.person("dan")
    await house.write("anna", "/action Alert on the pool @dan tomorrow")
    await house.write("anna", "/action Write the runbook @dan 2w")

    await at(house, datetime(2030, 3, 8, 9, tzinfo=UTC))
    today = await dan.private.wait_for("due today")
    assert "Alert on the pool" in today.text
    await at(house, datetime(2030, 3, 11, 9, tzinfo=UTC))
    late = await dan.private.wait_for("was due Mar 8")
    await dan.press(late, "Done")
    await house.driver.wait_until(lambda _: late.refreshed().has_button("Not done"))

    await at(house, THURSDAY + timedelta(days=14, minutes=30))
    follow_up = await house.responders.wait_for("INC-1: follow-up review")
    assert "Write the runbook · Dan · due today" in follow_up.text
    assert "Alert on the pool" not in follow_up.text


async def test_whoever_is_not_on_the_roster_changes_nothing(house: House) -> None:
    """A stranger in the chat reads the review; no lesson, no item, no end comes of their presses and words."""
    card = await resolved(house)
    mallory = house.world.add_person("mallory", 6666, "Mallory")
    house.responders.chat.members[mallory.id] = mallory
    stranger = house.person("mallory")
    assert "roster" in (await stranger.press(card, "Add lesson")).text
    await stranger.press(card, "Review")
    panel = await house.responders.wait_for("No lesson is written down yet")
    for word in ("Runbooks", "Close review"):
        assert "roster" in (await stranger.press(panel, word)).text
    refused = await house.write("mallory", "/lesson Let me in", house.responders)
    assert "roster" in refused.text
    assert not {"lesson_learned", "documentation_ticked", "review_closed"} & set(await house.kinds())
