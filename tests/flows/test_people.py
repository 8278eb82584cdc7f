"""Who may do what: strangers, forgers, anonymous admins, people who left, and two at the same moment."""

import asyncio
from typing import Any

from bot.demo import demo_roster
from bot.domain.roster import Roster
from bot.sandbox.driver import PersonView
from bot.sandbox.message_view import MessageView
from tests.house import House

TEAM_ONLY = "Only people on the roster can change anything"


def a_stranger(house: House) -> PersonView:
    """Somebody in the responders chat who is not on the roster."""
    mallory = house.world.add_person("mallory", 6666, "Mallory <b>")
    house.responders.chat.members[mallory.id] = mallory
    return house.person("mallory")


async def an_incident(house: House, severity: str = "SEV-1") -> MessageView:
    """One that is open, and its card."""
    await house.declare(severity=severity)
    card = await house.responders.wait_for("INC-1 ·")
    await house.settle()
    return card


def without(person: str) -> Roster:
    """The demo's team after somebody left it."""
    everybody: dict[str, Any] = demo_roster().model_dump(mode="json", by_alias=True)
    return Roster.model_validate(
        {**everybody, "people": {key: value for key, value in everybody["people"].items() if key != person}}
    )


FORGED = (
    "",
    " ",
    "1",
    "1:ack",
    "1:ack:",
    "1:ack:INC-1:more",
    "2:ack:INC-1",
    "1:ACK:INC-1",
    "1:ack:inc-1",
    "1:ack:INC-01",
    "1:ack:INC-9999999999",
    "1:sev:INC-1:9:0",
    "1:sev:INC-1:-1:0",
    "1:sev!:INC-1:3:9",
    "1:sev:INC-1:one:0",
    "1:esc:INC-1:99",
    "1:later:INC-1:0",
    "1:later:INC-1:99999",
    "1:pick:shutdown:INC-1",
    "1:pick:ack:INC-1",
    "1:panel:INC-1:root",
    "1:list:0:99",
    "1:list:99999:-",
    "'; DROP TABLE incidents; --",
    "\N{FIRE}" * 16,
    "x" * 64,
)


async def test_forged_data_does_nothing(house: House) -> None:
    """Whatever data a client makes up is answered with a sentence, and leaves the incident as it was."""
    card = await an_incident(house)
    before = await house.timeline()
    for data in FORGED:
        answered = await house.person("dan").press_raw(card, data)
        assert "Traceback" not in answered.text, data
    assert await house.timeline() == before


async def test_data_of_an_incident_that_does_not_exist(house: House) -> None:
    """A press for an incident that nobody declared says that there is none."""
    card = await an_incident(house)
    assert "There is no INC-77" in (await house.person("dan").press_raw(card, "1:ack:INC-77")).text


async def test_a_stranger_reads_and_changes_nothing(house: House) -> None:
    """Every button and command of somebody who is not on the roster is refused in words, in the chat and in private."""
    card, mallory = await an_incident(house), a_stranger(house)
    before = await house.timeline()
    for data in (
        "1:ack:INC-1",
        "1:esc:INC-1:-",
        "1:sev:INC-1:1:0",
        "1:sev!:INC-1:1:0",
        "1:end:INC-1",
        "1:later:INC-1:5",
    ):
        assert TEAM_ONLY in (await mallory.press_raw(card, data)).text, data
    assert TEAM_ONLY in (await mallory.press_raw(card, "1:upd?:INC-1")).text
    for command in ("/ack", "/sev 2", "/resolve", "/note x", "/update x", "/escalate", "/assign anna", "/incident x"):
        assert TEAM_ONLY in (await house.write("mallory", command, house.responders)).text, command
        assert "6666" in (await house.write("mallory", command)).text, command
    assert await house.timeline() == before
    assert "INC-1" in (await house.write("mallory", "/incidents", house.responders)).text
    assert "INC-1" not in (await house.write("mallory", "/incidents")).text
    for command in ("/start", "/incidents"):
        told = (await house.write("mallory", command)).text
        assert "not on the roster" in told, command
        assert "in the team's chats" in told, "where a stranger may read: not in private"


async def test_a_strangers_reply_is_no_note(house: House) -> None:
    """What a stranger writes below the card is refused, and not kept."""
    card = await an_incident(house)
    a_stranger(house)
    assert TEAM_ONLY in (await house.write("mallory", "I know!", house.responders, reply_to=card)).text
    assert "noted" not in await house.kinds()


async def test_a_forwarded_card_is_no_key(house: House) -> None:
    """A card forwarded to a stranger's private chat can't be pressed by the stranger."""
    card, mallory = await an_incident(house), a_stranger(house)
    copy = await mallory.forward(card, mallory.private)
    assert TEAM_ONLY in (await mallory.press_raw(copy, "1:ack:INC-1")).text
    assert (await house.incident())["status"] == "unanswered"


async def test_an_anonymous_admin_is_nobody(house: House) -> None:
    """Who writes in the name of the group can't be held to it: refused, whoever it is, and told why by /whoami."""
    await an_incident(house)
    anna = house.person("anna")
    sent = await anna.send(house.responders, "/ack", anonymous=True)
    await house.responders.wait_for(TEAM_ONLY, after=sent)
    sent = await anna.send(house.responders, "/whoami", anonymous=True)
    await house.responders.wait_for("anonymous admin", after=sent)
    assert (await house.incident())["status"] == "unanswered"


async def test_two_at_the_same_moment(house: House) -> None:
    """Of two who press Ack at once, one is the holder; the other is told who, and the card shows one name."""
    card = await an_incident(house)
    answers = await asyncio.gather(*(house.person(key).press(card, "Ack") for key in ("anna", "boris")))
    texts = [answer.text for answer in answers]
    holder = (await house.incident())["holder"]["name"]
    assert sorted(texts) == sorted(["You have INC-1 now", f"Already acknowledged by {holder}"])
    assert (await house.kinds()).count("acknowledged") == 1
    await house.responders.wait_for(f"{holder} has it")


async def test_everybody_at_the_same_moment(house: House) -> None:
    """A hundred presses of five people, each is answered, and one person has it."""
    house.world.person("eve").started = True
    card = await an_incident(house)
    keys = ("anna", "boris", "clara", "dan", "eve") * 20
    answers = await asyncio.gather(*(house.person(key).press(card, "Ack") for key in keys))
    assert all(answer.text for answer in answers)
    assert sum(answer.text == "You have INC-1 now" for answer in answers) == 1
    assert (await house.kinds()).count("acknowledged") == 1


async def test_who_left_the_roster_can_change_nothing(house: House) -> None:
    """Restarted with a roster without them, their buttons are refused, and the incident goes on without them."""
    card = await an_incident(house)
    await house.stop_bot()
    house.roster = without("boris")
    await house.start_bot()
    boris = house.person("boris")
    page = await boris.private.wait_for("INC-1")
    assert TEAM_ONLY in (await boris.press_raw(page, "1:ack:INC-1")).text
    assert TEAM_ONLY in (await boris.press(card, "Ack")).text
    assert (await house.incident())["status"] == "unanswered"
    assert "You have INC-1" in (await house.person("anna").press(card, "Ack")).text
    duty = (await house.write("anna", "/oncall")).text
    assert "Boris" not in duty


async def test_a_holder_who_left_is_still_named(house: House) -> None:
    """An incident held by somebody who left the roster can be taken over by assignment, and its card still works."""
    card = await an_incident(house)
    await house.person("boris").press(card, "Ack")
    await house.stop_bot()
    house.roster = without("boris")
    await house.start_bot()
    assert "boris" in (await house.write("anna", "/ack")).text.lower()
    assert "You have INC-1 now" in (await house.write("anna", "/assign anna")).text
    await house.responders.wait_for("Anna has it")


async def test_who_starts_in_the_middle_is_paged_at_once(house: House) -> None:
    """Eve never pressed Start: the thread and /oncall name her; once she does, the page she missed comes by itself."""
    roster: dict[str, Any] = demo_roster().model_dump(mode="json", by_alias=True)
    roster["people"]["eve"]["roles"] = ["on_call"]
    await house.stop_bot()
    house.roster = Roster.model_validate(roster)
    await house.start_bot()
    await an_incident(house)
    await house.responders.wait_for("Eve can't be written to about INC-1")
    assert "Can't be written to: Eve" in (await house.write("anna", "/oncall")).text
    eve = house.person("eve")
    await eve.start()
    page = await eve.private.wait_for("INC-1")
    assert "You have INC-1" in (await eve.press(page, "Ack")).text
    assert "Can't be written to" not in (await house.write("anna", "/oncall")).text


async def test_who_blocks_the_bot_is_passed_by(house: House) -> None:
    """On-call has blocked the bot: the next in authority is paged at once, and unblocking brings the page."""
    anna = house.person("anna")
    await anna.block()
    await house.declare(severity="SEV-3")
    await house.person("boris").private.wait_for("INC-1")
    await house.responders.wait_for("Anna can't be written to about INC-1")
    await anna.start()
    await anna.private.wait_for("INC-1")


async def test_a_button_that_is_out_of_date_says_so(house: House) -> None:
    """Pressing what the card no longer offers gets the reason."""
    card = await an_incident(house)
    anna, boris = house.person("anna"), house.person("boris")
    await anna.press(card, "Ack")
    assert "You have it already" in (await anna.press(card, "Ack")).text
    assert "Already acknowledged by Anna" in (await boris.press(card, "Ack")).text
    await anna.press(card, "Resolve")
    assert "Already resolved" in (await boris.press(card, "Resolve")).text
    assert "Already resolved" in (await boris.press(card, "Escalate")).text


async def test_a_milder_severity_is_confirmed_on_what_was_seen(house: House) -> None:
    """Confirm is refused when the severity has changed since; Cancel brings the card back."""
    card = await an_incident(house)
    anna = house.person("anna")
    await anna.press(card, "Severity")
    await house.driver.wait_until(lambda _: card.refreshed().has_button("SEV-3"))
    await anna.press(card.refreshed(), "SEV-3")
    await house.driver.wait_until(lambda _: card.refreshed().has_button("Confirm"))
    asked = card.refreshed()
    await anna.press(asked, "Cancel")
    await house.driver.wait_until(lambda _: card.refreshed().has_button("Ack"))
    confirm = await house.write("anna", "/sev 2")
    await anna.press(confirm, "Confirm")
    assert "It is SEV-2 by now" in (await anna.press(asked, "Confirm")).text
    assert (await house.incident())["severity"] == "SEV-2"


async def test_the_stakeholders_can_not_press(house: House) -> None:
    """What the stakeholders read has no buttons, so that nobody there is refused."""
    await an_incident(house)
    news = await house.stakeholders.wait_for("SEV-1")
    assert news.buttons == []
