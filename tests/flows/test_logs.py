"""Logs in the chat: as text or as a file, for those who may read them, and how the reading ended."""

from pathlib import Path

import pytest

from bot.domain.plan import Action
from tests.flows.sights import SOME_LINES, a_house, python, stranger_in

MANY_LINES = "for n in range(4000): print(f'INFO request {n} served')"


async def test_the_log_follows_as_text(tmp_path: Path) -> None:
    """The answer comes at once and becomes the log; secrets are masked, markup is text."""
    async with a_house(tmp_path, {"logs": python(SOME_LINES)}) as house:
        await house.person("anna").send(house.responders, "/logs")
        shown = await house.responders.wait_for("3 lines")
        assert shown.text.startswith("📜 Application logs, ")
        assert "ERROR no disk token=•••" in shown.text
        assert "INFO <b>served</b>" in shown.text
        assert len([message for message in house.responders.messages if "Application logs" in message.text]) == 1


async def test_a_long_log_is_a_file_with_its_end_in_the_chat(tmp_path: Path) -> None:
    """What does not fit a message is a document; the chat shows the last lines."""
    async with a_house(tmp_path, {"logs": python(MANY_LINES)}) as house:
        await house.person("anna").send(house.responders, "/logs")
        document = await house.responders.wait_for(lambda message: message.document is not None)
        shown = house.responders.find("The whole of it is in the file")
        assert shown is not None
        assert "INFO request 3999 served" in shown.text
        assert "INFO request 10 served" not in shown.text
        assert "4,000 lines" in shown.text or "4000 lines" in shown.text
        assert "left out" in document.text


async def test_a_kind_of_log_and_one_that_does_not_exist(tmp_path: Path) -> None:
    """`/logs errors` runs the action of that kind and keeps its lines alone; another kind is answered with what is."""
    errors = python(SOME_LINES, title="Error logs", only_lines_with="ERROR")
    async with a_house(tmp_path, {"error_logs": errors}) as house:
        anna = house.person("anna")
        await anna.send(house.responders, "/logs errors")
        shown = await house.responders.wait_for("📜 Error logs")
        shown = await house.responders.wait_for("1 line")
        assert "INFO" not in shown.text
        await anna.send(house.responders, "/logs poetry")
        refusal = await house.responders.wait_for("I don't know poetry")
        assert "Error logs" in refusal.text


@pytest.mark.parametrize(
    ("action", "says"),
    [
        (python("import sys; print('half a line'); sys.exit(3)"), "It ended with exit status 3"),
        (python("import time; time.sleep(60)", timeout="1s"), "It was not done within 1 s and was ended"),
        (Action(title="Logs", run=("no-such-program-here",), authority="on_call"), "could not be started"),
        (python("pass"), "it is empty"),
        (python("print('all is well')", only_lines_with="ERROR"), "no line with ERROR"),
    ],
)
async def test_how_reading_a_log_ended_is_told_in_words(tmp_path: Path, action: Action, says: str) -> None:
    """A failure is no silence, and an empty log no failure."""
    async with a_house(tmp_path, {"logs": action}) as house:
        await house.person("anna").send(house.responders, "/logs")
        await house.responders.wait_for(says)


async def test_logs_take_authority(tmp_path: Path) -> None:
    """On-call is refused what is the CTO's, a stranger everything; nothing runs."""
    ran = tmp_path / "ran"
    action = python(f"open({str(ran)!r}, 'w')", authority="cto")
    async with a_house(tmp_path / "bot", {"logs": action}) as house:
        await house.person("anna").send(house.responders, "/logs")
        await house.responders.wait_for("Application logs is for CTO or above.")
        await stranger_in(house).send(house.responders, "/logs")
        await house.responders.wait_for("Only people on the roster")
        assert not ran.exists()
