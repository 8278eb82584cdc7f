"""Chats and people as they are: a Russian chat, a Russian reader, a group that becomes a supergroup."""

from pathlib import Path
from typing import Any

from bot.demo import demo_roster
from bot.domain.roster import Roster
from bot.sandbox.people import ChatKind
from bot.sandbox.world import RESPONDERS_ID, World
from tests.house import Fired, House


def changed(**parts: Any) -> Roster:
    """The demo's roster with other values at `people__anna__language` and the like."""
    roster: dict[str, Any] = demo_roster().model_dump(mode="json", by_alias=True)
    for path, value in parts.items():
        place = roster
        *way, last = path.split("__")
        for part in way:
            place = place[part]
        place[last] = value
    return Roster.model_validate(roster)


async def test_each_reads_their_own_language(tmp_path: Path) -> None:
    """Boris reads Russian in private, Anna English; the responders chat is English, the stakeholders' is Russian."""
    roster = changed(people__boris__language="ru", chats__stakeholders__language="ru")
    async with House(tmp_path, roster=roster) as house:
        await house.post("/hooks/alertmanager", Fired().body())
        card = await house.responders.wait_for("nobody has it yet")
        english = await house.person("anna").private.wait_for("you are on call")
        russian = await house.person("boris").private.wait_for("INC-1")
        assert "Answer by" in english.text
        assert "nobody" not in russian.text
        assert any("а" <= char <= "я" for char in russian.text)
        news = await house.stakeholders.wait_for("SEV-1")
        assert any("а" <= char <= "я" for char in news.text)
        assert any("а" <= char <= "я" for char in (await house.write("boris", "/help")).text)
        assert "/ack · I have it" in (await house.write("boris", "/help", house.responders)).text
        assert "You have INC-1 now" in (await house.person("boris").press(card, "Ack")).text


async def test_a_russian_chat(tmp_path: Path) -> None:
    """In a Russian chat card, buttons, answers and refusals are Russian; the words of alerts stay as they came."""
    async with House(tmp_path, roster=changed(chats__responders__language="ru")) as house:
        await house.post("/hooks/alertmanager", Fired().body())
        card = await house.responders.wait_for("High error rate on payments-api")
        assert "nobody has it yet" not in card.text
        assert not card.has_button("Escalate")
        (first, *_) = card.buttons
        taken = await house.person("anna").press(card, first)
        refused = await house.person("boris").press(card, first)
        assert all(any("а" <= char <= "я" for char in answer.text) for answer in (taken, refused))
        assert (await house.incident())["holder"]["id"] == "anna"


def with_a_basic_group() -> World:
    """The demo's world, whose responders chat is a basic group still."""
    world = World.demo()
    world.chats[RESPONDERS_ID].kind = ChatKind.GROUP
    return world


async def test_a_group_that_becomes_a_supergroup_is_followed(tmp_path: Path) -> None:
    """Telegram gives the group another id: cards, commands and presses go on there, also after a restart."""
    async with House(tmp_path, world=with_a_basic_group()) as house:
        await house.declare("Before")
        await house.responders.wait_for("Before")
        await house.settle()
        upgraded = house.responders.upgrade(-1005005005005)

        await house.declare("After")
        card = await upgraded.wait_for("After")
        assert "You have INC-2" in (await house.person("anna").press(card, "Ack")).text
        await upgraded.wait_for("Anna has it")
        assert "INC-3 is open" in (await house.write("dan", "/incident Written there", upgraded)).text

        await house.stop_bot()
        await house.start_bot()
        assert "You have INC-3" in (await house.write("dan", "/ack INC-3", upgraded)).text
        assert "You have INC-1" in (await house.write("boris", "/ack INC-1", upgraded)).text
        await upgraded.wait_for("Boris has it")


async def test_a_move_that_was_not_heard_of_is_noticed(tmp_path: Path) -> None:
    """The group moved while the bot was down, and the update is lost: Telegram's refusal says where to go."""
    async with House(tmp_path, world=with_a_basic_group()) as house:
        await house.declare("Before")
        await house.responders.wait_for("Before")
        await house.settle()
        await house.stop_bot()
        upgraded = house.responders.upgrade(-1005005005005)
        for bot in house.world.bots.values():
            bot.inbox.clear()
        await house.start_bot()
        await house.declare("After")
        await upgraded.wait_for("After")
