"""What a written command is answered: in order in its chat, and never in the way of anybody else."""

import asyncio
from dataclasses import replace
from pathlib import Path

from bot.delivery.budgets import CHAT_EVERY_S, Budgets, Limits
from bot.delivery.direct import ANSWER_WITHIN_S
from bot.delivery.flight import Pace
from bot.domain.intents import Lane
from bot.sandbox.driver import MessageView
from tests.delivery.moving_time import MovingTime
from tests.house import House

AT_ONCE = 2
"""Answers that a group takes here within a minute."""


def a_busy_group(folder: Path, time: MovingTime) -> House:
    """A house whose groups take two answers a minute; time for that stands until the test moves it."""
    house = House(folder)
    few = replace(Limits.none(), group=dict.fromkeys(Lane, AT_ONCE), answers_in_group=AT_ONCE)
    house.pace = Pace(budgets=Budgets(few), real_time=time)
    return house


def answers(house: House) -> list[MessageView]:
    """What the bot has answered in the group."""
    return [message for message in house.responders.messages if message.from_bot]


async def test_a_group_whose_budget_is_spent_holds_up_nobody_else(tmp_path: Path) -> None:
    """Answers wait for their chat's budget beside the next updates, and come in the order of their questions."""
    time = MovingTime()
    async with a_busy_group(tmp_path, time) as house:
        asked = [await house.person("anna").send(house.responders, f"/whoami {n}") for n in range(AT_ONCE * 2)]
        assert "Boris" in (await house.write("boris", "/whoami")).text
        await house.driver.wait_until(lambda _: len(answers(house)) == AT_ONCE)
        await time.advance(ANSWER_WITHIN_S - 1)
        assert "Boris" in (await house.write("boris", "/whoami")).text
        assert len(answers(house)) == AT_ONCE
        replied = [message.reply_to.id for message in answers(house) if message.reply_to]
        assert replied == [message.id for message in asked[:AT_ONCE]]


async def test_what_a_full_group_can_not_take_is_read_in_private(tmp_path: Path) -> None:
    """Nobody who asks is left without an answer because the group's minute is spent."""
    async with a_busy_group(tmp_path, MovingTime()) as house:
        for number in range(AT_ONCE + 1):
            await house.person("boris").send(house.responders, f"/whoami {number}")
        alone = await house.person("boris").private.wait_for("Boris")
        assert alone.reply_to is None
        assert len(answers(house)) == AT_ONCE


async def test_routine_news_leaves_room_for_answers(tmp_path: Path) -> None:
    """With Telegram's own limits: a SEV-1 with its drafts, and what is asked in the middle of it is answered there."""
    async with House(tmp_path) as house:
        limits = Limits()
        busy = house.responders.id
        await house.stop_bot()
        house.pace = Pace(budgets=Budgets(limits), real_time=MovingTime())
        for _ in range(limits.group[Lane.REPLIES]):
            house.pace.budgets.spend(busy, house.pace.now_s() - CHAT_EVERY_S * limits.group[Lane.REPLIES])
        await house.start_bot()
        await house.declare("Checkout fails", "SEV-1")
        asked = await house.person("anna").send(house.responders, "/whoami")
        told = await house.responders.wait_for("Anna")
        assert told.reply_to is not None
        assert told.reply_to.id == asked.id


async def test_answers_that_wait_come_in_order(tmp_path: Path) -> None:
    """As soon as the group takes something again, the oldest question is answered first."""
    time = MovingTime()
    async with a_busy_group(tmp_path, time) as house:
        house.pace.budgets.penalty(house.responders.id, time.now_s() + 5)
        first = await house.person("anna").send(house.responders, "/whoami")
        second = await house.person("boris").send(house.responders, "/help")
        await house.write("clara", "/whoami")
        assert not answers(house)
        await time.advance(5)
        await house.driver.wait_until(lambda _: len(answers(house)) == AT_ONCE)
        assert [message.reply_to.id for message in answers(house) if message.reply_to] == [first.id, second.id]


async def test_a_send_that_hangs_keeps_no_press_waiting(tmp_path: Path) -> None:
    """Telegram takes its time over one answer; what others write is carried out meanwhile."""
    async with House(tmp_path) as house:
        hang = house.sandbox.faults.hang("sendMessage", times=1)
        await house.person("anna").send(house.responders, "/help")
        await hang.reached.wait()
        await house.person("boris").send(house.responders, "/incident Checkout fails")

        async def declared() -> bool:
            status, _ = await house.get("/api/incidents/INC-1")
            return status == 200

        await asyncio.wait_for(house.until(declared), 5)
        hang.release()
        await house.responders.wait_for("nobody has it yet")


async def test_an_update_written_in_private_is_seen_by_the_team(tmp_path: Path) -> None:
    """The responders read it in the incident's thread, the stakeholders as ever; one written there is not repeated."""
    async with House(tmp_path) as house:
        await house.declare()
        card = await house.responders.wait_for("nobody has it yet")
        await house.write("anna", "/update Rolled back, errors fall")
        told = await house.responders.wait_for("update by Anna")
        assert "Rolled back, errors fall" in told.text
        assert told.reply_to is not None
        assert told.reply_to.id == card.id
        await house.stakeholders.wait_for("Rolled back, errors fall")
        await house.write("anna", "/update All is well", house.responders)
        await house.stakeholders.wait_for("All is well")
        await house.settle()
        assert not any("update by" in message.text for message in answers(house) if "All is well" in message.text)
