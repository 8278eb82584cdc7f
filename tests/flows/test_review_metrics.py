"""The metrics in the post-incident document: a picture over the incident's time, whatever becomes of Prometheus."""

import json
import re
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.alert_hook import Hook
from bot.sandbox.files import File
from bot.sandbox.message_view import MessageView
from bot.sandbox.monitoring import Monitoring, MonitoringKind
from bot.sandbox.service import BreakableService
from bot.sandbox.traffic import SetPoints
from bot.settings import load_plan
from tests.house import House

FAILING = SetPoints(error_ratio=0.12)
FIRST_PICTURE_S = 60.0
"""The chart worker starts with the first picture, which takes a busy machine a while."""
READING = re.compile(rb'still being read|"reading"')


@pytest.fixture
async def watched(tmp_path: Path) -> AsyncIterator[House]:
    """A house whose service has failed 12 % of its requests for ten minutes; nothing is rolled back by itself."""
    async with AsyncExitStack() as stack:
        house = House(tmp_path / "bot", load_plan().model_copy(update={"rollback": None}))
        made = BreakableService(house.clock.now, FAILING, history=timedelta(minutes=10))
        service = await stack.enter_async_context(made.serve())
        monitoring = await stack.enter_async_context(
            Monitoring.start(service, Hook("http://127.0.0.1:1/nobody"), tmp_path, kind=MonitoringKind.STAND_IN)
        )
        house.settings["prometheus_url"] = monitoring.prometheus_url
        yield await stack.enter_async_context(house)


@pytest.fixture
async def hung(tmp_path: Path) -> AsyncIterator[House]:
    """A house beside a Prometheus that takes questions and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        async with House(tmp_path, load_plan().model_copy(update={"rollback": None}), prometheus_url=url) as house:
            yield house


def document(message: MessageView) -> File:
    """The file of a message."""
    assert message.document is not None
    return message.document


async def complete(house: House, name: str) -> MessageView:
    """The message with the file of that name, once its metrics are in it: a busy machine may bring them later."""
    shown = await house.responders.wait_for(
        lambda message: message.document is not None and message.document.name == name
    )
    await house.driver.wait_until(lambda _: not READING.search(document(shown.refreshed()).content))
    return shown.refreshed()


async def test_the_document_carries_the_metrics_as_a_picture(watched: House) -> None:
    """Markdown links the picture that comes with it, the page holds it, and the JSON has the numbers."""
    await watched.declare("Payments fail")
    await watched.write("anna", "/ack")
    anna, room = watched.person("anna"), watched.responders

    await anna.send(room, "/postmortem")
    picture = await room.wait_for("keep INC-1-metrics.png beside the document", timeout=FIRST_PICTURE_S)
    plain = await complete(watched, "INC-1.md")
    text = document(plain).content.decode()
    assert "](INC-1-metrics.png)" in text
    assert "| Error rate | \\< 0.1 % | 12 % · " in text.replace("\N{NO-BREAK SPACE}", " ")
    assert document(picture).name == "INC-1-metrics.png"
    width, height = struct.unpack(">II", document(picture).content[16:24])
    assert (width, height > 300) == (1280, True)

    await anna.press(plain, "HTML")
    page = await complete(watched, "INC-1.html")
    assert '<img class="picture" src="data:image/png;base64,iVBOR' in document(page).content.decode()
    await anna.press(page, "JSON")
    data = await complete(watched, "INC-1.json")
    series: list[dict[str, Any]] = json.loads(document(data).content)["metrics"]["series"]
    errors: list[float | None] = next(one["values"] for one in series if one["metric"] == "error_rate")
    assert max(value or 0.0 for value in errors) == pytest.approx(0.12, abs=0.01)
    # The page holds its picture, and numbers need none: only Markdown has one beside it.
    assert len([message for message in room.messages if "metrics.png" in message.text]) == 1


async def test_a_document_does_not_wait_for_a_prometheus_that_hangs(hung: House) -> None:
    """It goes out at once and says that the metrics are being read; then the same message says that they can't be."""
    await hung.declare("Payments fail")
    await hung.person("anna").send(hung.responders, "/postmortem")
    shown = await hung.responders.wait_for("post-incident document")
    assert "are still being read" in document(shown).content.decode()
    await hung.driver.wait_until(lambda _: shown.refreshed().edited)
    after = document(shown.refreshed()).content.decode()
    assert "be read: Prometheus did not answer" in after
    assert not [message for message in hung.responders.messages if "metrics.png" in message.text]


async def test_without_prometheus_the_document_is_silent_about_metrics(house: House) -> None:
    """A team that measures nothing reads no excuse for it."""
    await house.declare("Payments fail")
    await house.person("anna").send(house.responders, "/postmortem")
    shown = await house.responders.wait_for("post-incident document")
    assert "## Metrics" not in document(shown).content.decode()
