"""A drill, as the team lives it: everything is as ever, marked as an exercise, and nothing outside is touched."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from bot.domain.plan import Action
from bot.sandbox.message_view import MessageView
from bot.settings import load_plan
from tests.house import Fired, House


def of(incident: str) -> Callable[[MessageView], bool]:
    """Whether a message of the bot is about it."""
    return lambda message: message.from_bot and incident in message.text.splitlines()[0]


async def test_a_drill_runs_through_all_of_it(tmp_path: Path) -> None:
    """Card, pages and thread are marked; stakeholders hear nothing; the rollback is not run; a score ends it."""
    ran = tmp_path / "ran"
    plan = load_plan()
    rollback = Action(title="Rollback", run=("bash", "-c", f"touch {ran}"), authority="on_call")
    plan = plan.model_copy(update={"actions": {**plan.actions, "rollback": rollback}})
    async with House(tmp_path / "bot", plan) as house:
        anna = house.person("anna")
        answer = await house.write("anna", "/drill SEV-1 Nobody can pay")
        assert answer.text.startswith("DRILL")
        card = await house.responders.wait_for("nobody has it yet")
        assert "DRILL · SEV-1 · INC-1" in card.text.splitlines()[0]
        assert "Nobody can pay" in card.text
        page = await anna.private.wait_for(lambda message: message.has_button("Ack"))
        assert "DRILL" in page.text.splitlines()[0]
        assert (await house.incident())["drill"] is True
        listed = await house.write("dan", "/incidents")
        assert "DRILL" in listed.text

        await house.pass_time(timedelta(minutes=2))
        assert "You have INC-1" in (await anna.press(page, "Ack")).text
        await anna.press(card.refreshed(), "Rollback")
        await house.driver.wait_until(lambda _: card.refreshed().has_button("Confirm"))
        assert "DRILL · INC-1: Rollback: not run" in (await anna.press(card.refreshed(), "Confirm")).text
        told = await house.responders.wait_for("Rollback: not run")
        assert "Rollback" in told.text
        await house.pass_time(timedelta(minutes=28))
        reminder = await house.responders.wait_for("update due")
        await anna.send(house.responders, "We would roll back now", reply_to=reminder)
        await house.driver.wait_until(lambda _: "We would roll back now" in card.refreshed().text)
        await house.write("anna", "/resolve")
        score = await house.responders.wait_for("🎓 Score")
        assert "answered in 2 min" in score.text
        assert "target 15 min" in score.text
        assert "updates on time: 1 of 1" in score.text
        assert "checklist: " in score.text

        assert "rollback was not run" in (await house.write("anna", "/timeline INC-1")).text
        await house.settle()
        marked = [message for message in house.responders.messages if of("INC-1")(message)]
        assert len(marked) >= 4
        assert [message.text for message in marked if "DRILL" not in message.text.splitlines()[0]] == []
        assert house.stakeholders.messages == []
        assert not ran.exists()
        assert "0 incidents" in (await house.write("anna", "/stats")).text


async def test_the_question_whether_to_run_says_that_it_is_a_drill(house: House) -> None:
    """Nobody is to wonder at 3 a.m. whether the rollback that is asked for would be a real one."""
    await house.write("anna", "/drill SEV-1 Nobody can pay")
    question = await house.write("anna", "/rollback")
    assert question.text.startswith("DRILL · Run Rollback")
    assert question.has_button("Confirm")


async def test_a_scenario_is_taken_from_the_plan(house: House) -> None:
    """By turns, so that two drills in a row are not the same; a stranger can't start one."""
    await house.write("anna", "/drill")
    await house.write("anna", "/drill")
    first, second = await house.incident("INC-1"), await house.incident("INC-2")
    assert first["title"] != second["title"]
    examples = {example: name for name, it in house.plan.severities.items() for example in it.examples}
    assert examples[first["title"]] == first["severity"]


async def test_a_real_alert_during_a_drill_is_a_real_incident(house: House) -> None:
    """It joins no drill, is paged and told as ever, can't be merged with it, and is counted; the drill is not."""
    await house.write("anna", "/drill SEV-1")
    await house.responders.wait_for("DRILL · SEV-1 · INC-1")
    status, answer = await house.post("/hooks/alertmanager", Fired().body())
    assert (status, answer) == (200, {"incidents": ["INC-2"]})
    card = await house.responders.wait_for(of("INC-2"))
    assert "DRILL" not in card.text
    await house.person("anna").private.wait_for(lambda message: of("INC-2")(message) and "DRILL" not in message.text)
    assert "can't become one" in (await house.write("anna", "/merge INC-2 INC-1")).text
    assert "can't become one" in (await house.write("anna", "/merge INC-1 INC-2")).text
    await house.stakeholders.wait_for("INC-2")
    assert house.stakeholders.find("INC-1") is None
    figures = (await house.text("/metrics"))[1].splitlines()
    unanswered = [line for line in figures if line.startswith("nabat_incidents_open") and "SEV-1" in line]
    assert sum(float(line.rsplit(" ", 1)[1]) for line in unanswered) == 1


def unmarked(house: House) -> list[str]:
    """What the team reads of the incident that does not begin with saying that it is an exercise."""
    chats = (house.responders, *(house.person(key).private for key in ("anna", "boris", "clara")))
    said = [message for chat in chats for message in chat.messages if message.from_bot]
    return [str(message) for message in said if "DRILL" not in message.text.splitlines()[0]]


async def pressed_through(house: House, message: MessageView, *labels: str) -> None:
    """Press the buttons of a message that shows itself anew, one after the other; each sight of it is marked."""
    anna = house.person("anna")
    for label in labels:
        await house.driver.wait_until(lambda _, label=label: message.refreshed().has_button(label))
        before = message.refreshed()
        await anna.press(before, label)
        await house.driver.wait_until(
            lambda _, before=before: (
                (message.refreshed().text, message.refreshed().buttons) != (before.text, before.buttons)
            )
        )
        assert "DRILL" in message.refreshed().text.splitlines()[0], label


async def test_every_message_of_a_drill_says_so(house: House) -> None:
    """Panels, their next pages, answers to commands, in the group and in private: no message can pass for the real."""
    anna = house.person("anna")
    await house.write("anna", "/drill SEV-1 Nobody can pay", house.responders)
    card = await house.responders.wait_for("nobody has it yet")
    await house.write("anna", "/ack", house.responders)
    await house.driver.wait_until(lambda _: card.refreshed().has_button("Assess"))

    async def opened(label: str) -> MessageView:
        last = house.responders.last
        await anna.press(card.refreshed(), label)
        return await house.responders.wait_for(lambda message: bool(message.buttons), after=last)

    questions = await opened("Assess")
    await pressed_through(house, questions, "Several", "One", "All of them", "All answers", "Users", "Many")
    await pressed_through(house, await opened("Roles"), "Communications", "Hand over", "Cancel")
    await pressed_through(house, await opened("Checklist"), "After the incident", "During the incident")
    for command in ("/impact Nobody can pay", "/note I look", "/timeline", "/sev 2", "/assign boris", "/runbook"):
        await house.write("anna", command, house.responders)
        await house.write("clara", f"{command.partition(' ')[0]} INC-1 {command.partition(' ')[2]}")
    await house.write("anna", "/resolve now it was one", house.responders)
    await house.driver.wait_until(lambda _: card.refreshed().has_button("Review"))
    review = await opened("Review")
    await pressed_through(house, review, "Runbooks")
    await anna.press(review.refreshed(), "Close review")
    await house.responders.wait_for("why is the review closed")
    await house.settle()
    assert unmarked(house) == []
