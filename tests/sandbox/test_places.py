"""Where the bot may write: people who block it or have not started it, groups that changed, topics."""

from bot.sandbox.driver import Driver
from bot.sandbox.people import BotRole, ChatKind
from bot.sandbox.world import World
from tests.sandbox.conftest import RESPONDERS, Caller


async def test_a_person_who_blocks_is_not_written_to(call: Caller, driver: Driver) -> None:
    """A block refuses messages, and taking it back lets them through."""
    anna = driver.person("anna")
    await anna.block()
    assert (await call("sendMessage", chat_id=anna.id, text="x")).description == (
        "Forbidden: bot was blocked by the user"
    )
    await anna.block(blocked=False)
    assert (await call("sendMessage", chat_id=anna.id, text="x")).body["ok"]


async def test_start_lets_the_bot_write(call: Caller, driver: Driver) -> None:
    """Once Eve has pressed Start, she can be written to."""
    await driver.person("eve").start()
    assert (await call("sendMessage", chat_id=1005, text="x")).body["ok"]


async def test_a_removed_bot_is_told_so(call: Caller, driver: Driver) -> None:
    """A bot that was removed from a group can't write there."""
    driver.chat("Incidents").set_bot_role(BotRole.KICKED)
    reply = await call("sendMessage", chat_id=RESPONDERS, text="x")
    assert (reply.status, reply.description) == (403, "Forbidden: bot was kicked from the supergroup chat")


async def test_a_group_that_became_a_supergroup_names_its_new_id(call: Caller, world: World, driver: Driver) -> None:
    """The old id is refused with the new one as a parameter, and the new one works."""
    world.add_group(-77, "Small", world.people.values(), kind=ChatKind.GROUP)
    driver.chat("Small").upgrade(-1001077)
    reply = await call("sendMessage", chat_id=-77, text="x")
    assert reply.description == "Bad Request: group chat was upgraded to a supergroup chat"
    assert reply.body["parameters"] == {"migrate_to_chat_id": -1001077}
    assert (await call("sendMessage", chat_id=-1001077, text="x")).body["ok"]


async def test_a_topic_needs_a_forum_and_the_right(call: Caller, world: World, driver: Driver) -> None:
    """Topics are refused where there are none and without the right; a message goes into the topic it names."""
    refused = await call("createForumTopic", chat_id=RESPONDERS, name="INC-1")
    assert refused.description == "Bad Request: the chat is not a forum"
    world.add_group(-1001003, "Forum", world.people.values(), forum=True)
    topic = (await call("createForumTopic", chat_id=-1001003, name="INC-1")).result["message_thread_id"]
    sent = await call("sendMessage", chat_id=-1001003, text="x", message_thread_id=topic)
    assert (sent.result["message_thread_id"], sent.result["is_topic_message"]) == (topic, True)
    lost = await call("sendMessage", chat_id=-1001003, text="x", message_thread_id=99)
    assert lost.description == "Bad Request: message thread not found"
    driver.chat("Forum").set_bot_role(BotRole.MEMBER)
    refused = await call("createForumTopic", chat_id=-1001003, name="INC-2")
    assert refused.description == "Bad Request: not enough rights to create a topic"
