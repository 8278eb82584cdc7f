"""What is written to the bot alone and is no command: it is answered once, and disturbs nobody else."""

from pathlib import Path
from typing import Any

import pytest

from bot.demo import demo_roster
from bot.domain.roster import Roster
from bot.sandbox.files import Upload
from tests.house import House

HINT = "That is no command. Commands begin with a slash: /help lists them."
TAKE = "Nobody has INC-1 yet: /ack takes it."
LOG = Upload("log.txt", "text/plain", b"oops")


def told(house: House, key: str) -> list[str]:
    """All that the bot wrote to somebody in private."""
    return [message.text for message in house.person(key).private.messages if message.from_bot]


def in_russian(key: str) -> Roster:
    """The demo's team, of whom one reads Russian."""
    everybody: dict[str, Any] = demo_roster().model_dump(mode="json", by_alias=True)
    everybody["people"][key]["language"] = "ru"
    return Roster.model_validate(everybody)


async def test_a_word_that_is_no_command_is_answered_once(house: House) -> None:
    """Somebody writes `ack` and forgets the slash: one line says where the commands are."""
    assert (await house.write("dan", "ack")).text == HINT
    await house.write("dan", "/whoami")
    assert len(told(house, "dan")) == 2


async def test_the_only_open_incident_is_named_while_nobody_has_it(house: House) -> None:
    """`/ack` is said where it works: not of an incident that somebody has, and not when two are open."""
    await house.declare()
    assert (await house.write("dan", "ack")).text == f"{HINT}\n{TAKE}"
    await house.write("anna", "/ack")
    assert (await house.write("dan", "ack")).text == HINT
    await house.declare("Search is slow", "SEV-2")
    assert (await house.write("dan", "ack")).text == HINT
    assert "noted" not in await house.kinds()


async def test_a_drill_is_named_as_one(house: House) -> None:
    """Whoever is called to a drill is not led to think that it is real."""
    await house.write("anna", "/drill")
    assert (await house.write("dan", "ack")).text == f"{HINT}\nDRILL · {TAKE}"


async def test_the_hint_is_in_the_language_of_whoever_wrote(tmp_path: Path) -> None:
    """Boris reads Russian."""
    async with House(tmp_path, roster=in_russian("boris")) as house:
        await house.declare()
        assert (await house.write("boris", "беру")).text == (
            "Это не команда. Команды начинаются с косой черты, их список: /help.\n"
            "INC-1 пока никто не взял: взять — /ack."
        )


async def test_a_file_without_words_is_answered(house: House) -> None:
    """What was sent without a caption can't be acted on either."""
    dan = house.person("dan")
    sent = await dan.send_file(dan.private, LOG)
    answer = await dan.private.wait_for(HINT)
    assert answer.reply_to is not None
    assert answer.reply_to.id == sent.id


async def test_in_the_chat_of_the_team_people_talk_to_each_other(house: House) -> None:
    """The responders chat hears nothing of it, though an incident is open."""
    await house.declare()
    await house.responders.wait_for("nobody has it yet")
    await house.person("dan").send(house.responders, "ack")
    await house.person("dan").send_file(house.responders, LOG)
    await house.write("dan", "/whoami", house.responders)
    assert not house.responders.find("no command")


async def test_a_stranger_gets_no_hint(house: House) -> None:
    """To somebody who is not on the roster no command would be of use."""
    house.world.add_person("mallory", 6666, "Mallory")
    mallory = house.person("mallory")
    await mallory.send(mallory.private, "hello")
    await house.write("mallory", "/whoami")
    assert len(told(house, "mallory")) == 1


STICKER = {"type": "regular", "width": 9, "height": 9, "is_animated": False, "is_video": False}


@pytest.mark.parametrize(
    ("content", "hints"),
    [
        ({"sticker": {"file_id": "s", "file_unique_id": "s", **STICKER}}, 1),
        ({"photo": [{"file_id": "p", "file_unique_id": "p", "width": 9, "height": 9}]}, 1),
        ({"voice": {"file_id": "v", "file_unique_id": "v", "duration": 3}}, 1),
        ({"message_auto_delete_timer_changed": {"message_auto_delete_time": 86_400}}, 0),
        ({"text": "hello", "from": {"id": 1004, "is_bot": True, "first_name": "Other"}}, 0),
    ],
)
async def test_what_a_person_sends_is_told_from_what_telegram_notes(
    house: House, content: dict[str, Any], hints: int
) -> None:
    """A picture, a sticker and a voice are answered; a note of Telegram's own is not, and neither is another bot."""
    dan = house.person("dan")
    base = {"message_id": 900, "date": 1_770_000_000, "from": dan.person.json(), "chat": dan.private.chat.json()}
    house.world.tell_bots("message", {**base, **content}, dan.private.chat)
    await house.write("dan", "/whoami")
    assert [text for text in told(house, "dan") if text == HINT] == [HINT] * hints
