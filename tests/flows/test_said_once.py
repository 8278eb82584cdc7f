"""What a command does is said once in the chat where it was written, and still told to everybody elsewhere."""

from pathlib import Path

import pytest

from bot.domain.plan import Action
from bot.sandbox.message_view import MessageView
from bot.settings import load_plan
from tests.house import House


def by_the_bot_after(house: House, message: MessageView) -> list[MessageView]:
    """What the bot wrote in the group since then."""
    return [said for said in house.responders.messages if said.from_bot and said.id > message.id]


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("/sev 2 it spreads", "SEV-3 to SEV-2"),
        ("/escalate team_lead need hands", "Team Lead"),
        ("/flag pqc_fallback", "set the flag"),
        ("/resolve it was one release", "resolved by Anna"),
        ("/resolve now it was one release", "resolved by Anna"),
    ],
)
async def test_what_the_thread_hears_is_the_answer(house: House, command: str, says: str) -> None:
    """One message says it: as an answer to the command, with everything that the thread is told."""
    await house.declare("Search is slow", "SEV-3")
    await house.responders.wait_for("nobody has it yet")
    await house.settle()
    answer = await house.write("anna", command, house.responders)
    await house.settle()
    asked = answer.reply_to
    assert asked is not None
    assert says in answer.text
    twice = [said for said in by_the_bot_after(house, asked) if says in said.text or said.reply_to == asked]
    assert twice == [answer]


async def test_what_was_asked_in_private_is_told_in_the_thread(house: House) -> None:
    """The asker reads the answer, the team reads who did it."""
    await house.declare("Search is slow", "SEV-3")
    await house.responders.wait_for("nobody has it yet")
    assert "INC-1 is SEV-2 now" in (await house.write("anna", "/sev 2")).text
    told = await house.responders.wait_for("Anna changed SEV-3 to SEV-2")
    assert told.reply_to is not None
    assert "INC-1" in told.reply_to.text


async def test_a_flag_and_the_severity_it_makes_are_said_at_once(house: House) -> None:
    """One message: who set it, and how bad that makes it; a flag on what is as bad already says no more than that."""
    await house.declare("Search is slow", "SEV-3")
    await house.responders.wait_for("nobody has it yet")
    answer = await house.write("anna", "/flag pqc_fallback", house.responders)
    await house.settle()
    assert answer.text == "🚩 INC-1: Anna set the flag pqc fallback · SEV-1 now"
    assert not [said for said in house.responders.messages if "SEV-3 to SEV-1" in said.text]
    assert (await house.kinds()).count("severity_changed") == 1
    await house.stakeholders.wait_for("SEV-1 instead of SEV-3")
    again = await house.write("anna", "/flag security_breach", house.responders)
    assert again.text == "🚩 INC-1: Anna set the flag security breach"


async def test_the_watch_over_a_fix_and_its_early_end_are_said_once(tmp_path: Path) -> None:
    """`/resolve` begins the watch, a reply with the reason ends it: each is answered by what the thread is told."""
    plan = load_plan()
    tests = Action(title="Smoke tests", run=("sleep", "60"), authority="on_call")
    plan = plan.model_copy(update={"actions": {**plan.actions, "smoke_tests": tests}})
    async with House(tmp_path, plan) as house:
        await house.declare("Search is slow", "SEV-4")
        card = await house.responders.wait_for("nobody has it yet")
        watched = await house.write("anna", "/resolve", house.responders)
        assert "Anna calls it fixed, watched until" in watched.text
        await house.driver.wait_until(lambda _: card.refreshed().has_button("Resolve now"))
        await house.person("anna").press(card.refreshed(), "Resolve now")
        question = await house.responders.wait_for("why is the fix not watched")
        answer = await house.write("anna", "It was one release", house.responders, reply_to=question)
        assert "resolved by Anna" in answer.text
        assert answer.has_button("Cause")
        await house.settle()
        assert not [said for said in by_the_bot_after(house, watched) if "is resolved" in said.text]
        assert not house.responders.find("the fix is watched")


async def test_the_end_of_a_review_is_said_once(house: House) -> None:
    """The reason why it closes over open lines is answered by what the thread is told."""
    await house.declare("Search is slow", "SEV-4")
    card = await house.responders.wait_for("nobody has it yet")
    await house.write("anna", "/resolve now it was one", house.responders)
    await house.driver.wait_until(lambda _: card.refreshed().has_button("Review"))
    anna = house.person("anna")
    await anna.press(card.refreshed(), "Review")
    review = await house.responders.wait_for(lambda message: message.has_button("Close review"))
    await anna.press(review, "Close review")
    question = await house.responders.wait_for("why is the review closed")
    answer = await house.write("anna", "The rest is elsewhere", house.responders, reply_to=question)
    await house.settle()
    assert "review closed by Anna" in answer.text
    assert [said for said in by_the_bot_after(house, question) if "closed" in said.text] == [answer]


async def test_a_merge_is_said_once(house: House) -> None:
    """In the chat of both: the answer says what became a part of what."""
    for title in ("Search is slow", "Mail is late"):
        await house.declare(title, "SEV-4")
    await house.settle()
    answer = await house.write("anna", "/merge INC-2 INC-1", house.responders)
    await house.settle()
    asked = answer.reply_to
    assert asked is not None
    assert "INC-2" in answer.text
    assert "INC-1" in answer.text
    assert by_the_bot_after(house, asked) == [answer]


async def test_a_launch_that_is_switched_is_told_once(house: House) -> None:
    """The answer in the group says what applies from now on; the stakeholders hear of it in their own words."""
    answer = await house.write("anna", "/beta on 2d", house.responders)
    await house.settle()
    asked = answer.reply_to
    assert asked is not None
    assert "Beta launch is on until" in answer.text
    assert "Every alert is to be answered within 5 min" in answer.text
    assert [said for said in by_the_bot_after(house, asked) if "Beta launch" in said.text] == [answer]
    await house.stakeholders.wait_for("Beta launch is on until")
    assert "Beta is over" in (await house.write("anna", "/beta off", house.responders)).text
