"""What can be looked at in the chat: metrics, charts and health, beside a monitoring that watches a broken service."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.plan import HealthCheck
from bot.sandbox.alert_hook import Hook
from bot.sandbox.monitoring import Monitoring, MonitoringKind
from bot.sandbox.service import BreakableService
from bot.sandbox.traffic import SetPoints
from bot.settings import load_plan
from tests.flows.pictures import picture_of
from tests.house import Fired, House


@pytest.fixture
async def watched(tmp_path: Path) -> AsyncIterator[House]:
    """A house whose service has failed 12 % of its requests for ten minutes, and is healthy to look at otherwise."""
    async with AsyncExitStack() as stack:
        house = House(tmp_path / "bot")
        broken = replace(SetPoints(), error_ratio=0.12)
        made = BreakableService(house.clock.now, broken, history=timedelta(minutes=10))
        service = await stack.enter_async_context(made.serve())
        hook = Hook("http://127.0.0.1:1/nobody")
        monitoring = await stack.enter_async_context(
            Monitoring.start(service, hook, tmp_path, kind=MonitoringKind.STAND_IN)
        )
        house.settings["prometheus_url"] = monitoring.prometheus_url
        checks = (
            HealthCheck(name="api", url=f"{service.url}/health"),
            HealthCheck(name="search", url="http://127.0.0.1:1/health"),
        )
        house.plan = load_plan().model_copy(update={"health_checks": checks, "rollback": None})
        await stack.enter_async_context(house)
        yield house


async def measured(house: House) -> None:
    """Wait until the bot has had its first look at the metrics."""

    async def looked() -> bool:
        return bool(house.bot.looking.readings.values())

    await house.until(looked)


async def test_metrics_stand_against_their_targets(watched: House) -> None:
    """A figure outside of its target is red, with the target beside it."""
    anna = watched.person("anna")
    await anna.send(watched.responders, "/metrics")
    shown = await watched.responders.wait_for("📊 Metrics")
    rows = shown.text.replace("\N{NO-BREAK SPACE}", " ").splitlines()
    assert "🔴 Error rate 12 % (< 0.1 %)" in rows
    assert any(row.startswith("🟢 Latency P95 ") for row in rows)


async def test_the_card_says_what_is_outside_of_its_target(watched: House) -> None:
    """The card names the broken figure; the chart behind its button is a picture that changes its range in place."""
    await measured(watched)
    await watched.post("/hooks/alertmanager", Fired().body())
    card = await watched.responders.wait_for("nobody has it yet")
    assert "Error rate 12 % (target < 0.1 %)" in card.text.replace("\N{NO-BREAK SPACE}", " ")

    anna = watched.person("anna")

    async def press() -> None:
        answer = await anna.press(card, "Charts")
        assert answer.text == "Drawing…"

    picture = await picture_of(watched.responders, press)
    assert "last 1 h" in picture.text
    await anna.press(picture, "6h")
    await watched.driver.wait_until(lambda _: "last 6 h" in picture.refreshed().text)
    assert len([message for message in watched.responders.messages if message.photo]) == 1


async def test_a_chart_of_one_metric(watched: House) -> None:
    """`/chart error_rate 15m` draws that metric alone; a metric that does not exist is named with those that do."""
    anna = watched.person("anna")
    picture = await picture_of(watched.responders, lambda: anna.send(watched.responders, "/chart error_rate 15m"))
    assert "Error rate · last 15 min" in picture.text
    await anna.send(watched.responders, "/chart happiness")
    refusal = await watched.responders.wait_for("I don't know happiness")
    assert "error_rate" in refusal.text


async def test_a_span_that_no_chart_has_is_answered_with_those_there_are(house: House) -> None:
    """With a metric or without: what begins like a length is none of the metrics, and none of them is listed."""
    for written in ("/chart 7h", "/chart error_rate 7h", "/chart 7h error_rate", "/chart 0", "/chart 7hours"):
        answer = (await house.write("anna", written, house.responders)).text
        assert "15m, 1h, 6h, 24h" in answer, written
        assert "error_rate" not in answer, written


async def test_a_span_may_be_written_in_another_unit(watched: House) -> None:
    """An hour is 60 minutes."""
    anna = watched.person("anna")
    picture = await picture_of(watched.responders, lambda: anna.send(watched.responders, "/chart error_rate 60M"))
    assert "Error rate · last 1 h" in picture.text.replace("\N{NO-BREAK SPACE}", " ")


async def test_health_checks_are_made_when_asked(watched: House) -> None:
    """Each check says how quickly it answered, or why it did not."""
    await watched.person("anna").send(watched.responders, "/health")
    shown = await watched.responders.wait_for("🩺 Health")
    assert "1 of 2 well" in shown.text
    assert "🟢 api" in shown.text
    assert "🔴 search: no connection" in shown.text


async def test_without_prometheus_it_is_said(house: House) -> None:
    """No figure is shown as healthy when nobody measures."""
    anna = house.person("anna")
    await anna.send(house.responders, "/metrics")
    shown = await house.responders.wait_for("📊 Metrics")
    assert "🟢" not in shown.text
    assert "⚪️ Error rate: unknown" in shown.text
    await anna.send(house.responders, "/chart")
    await house.responders.wait_for("No chart")


async def test_a_metric_decides_the_severity_of_what_is_declared(watched: House) -> None:
    """The plan's classification by metric: more than 5 % errors make a hand-declared incident SEV-2."""
    await measured(watched)
    await watched.person("anna").send(watched.responders, "/incident Customers can't pay")
    card = await watched.responders.wait_for("nobody has it yet")
    assert "SEV-2" in card.text
