"""From a metric that breaks to Resolved, with a real Prometheus, Alertmanager and Redis."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.sandbox.alert_hook import Hook
from bot.sandbox.alertmanager_standin import Timing
from bot.sandbox.message_view import MessageView
from bot.sandbox.monitoring import Monitoring, MonitoringKind
from bot.sandbox.real_monitoring import ALERTMANAGERS, PROMETHEUS
from bot.sandbox.service import BreakableService
from tests.house import House
from tests.needs import need_program

QUICK = Timing(group_wait=timedelta(milliseconds=100), group_interval=timedelta(milliseconds=500))
WITHIN_S = 40
"""A rate over 5 s must rise or fall, be scraped, be evaluated and be sent; on a busy machine all that takes a while."""


@pytest.fixture
async def service(house: House, tmp_path: Path) -> AsyncIterator[BreakableService]:
    """A service that the real programs watch, and whose alerts reach the bot."""
    need_program(PROMETHEUS)
    need_program(*ALERTMANAGERS)
    hook = Hook(house.url("/hooks/alertmanager"))
    async with (
        BreakableService().serve() as served,
        Monitoring.start(served, hook, tmp_path / "monitoring", timing=QUICK, kind=MonitoringKind.REAL),
    ):
        yield served


def break_it(service: BreakableService) -> None:
    """30 % of requests fail from now on."""
    service.change(replace(service.set_points, error_ratio=0.3))


def heal(service: BreakableService) -> None:
    """No request fails from now on."""
    service.change(replace(service.set_points, error_ratio=0.0))


async def asks_whether_it_is_over(house: House, after: MessageView) -> None:
    """Wait until card and thread say that every alert has resolved."""
    await house.responders.wait_for("every alert has resolved", timeout=WITHIN_S, after=after)
    await house.responders.wait_for("Every alert has resolved. Is it over?")


@pytest.mark.timeout(180)
async def test_from_a_breaking_metric_to_resolved(house: House, service: BreakableService) -> None:
    """Break, page, Ack, heal, Resolve; soon broken again it is reopened, later it is a new incident that follows."""
    anna = house.person("anna")

    break_it(service)
    card = await house.responders.wait_for("High error rate on payments-api", timeout=WITHIN_S)
    assert "SEV-2 · INC-1 · nobody has it yet" in card.text
    page = await anna.private.wait_for("INC-1")
    assert "You have INC-1" in (await anna.press(page, "Ack")).text
    await house.responders.wait_for("Anna has it")

    heal(service)
    await asks_whether_it_is_over(house, card)
    assert (await house.incident())["status"] == "in_hand"
    assert "is resolved" in (await anna.press(card.refreshed(), "Resolve")).text
    await house.driver.wait_until(lambda _: card.refreshed().has_button("Reopen"))
    assert (await house.incident())["status"] == "resolved"

    ended = house.responders.last
    await house.pass_time(timedelta(minutes=10))
    break_it(service)
    await house.responders.wait_for("reopened", timeout=WITHIN_S, after=ended)
    again = await anna.private.wait_for(lambda page: page.has_button("Ack"))
    await anna.press(again, "Ack")
    heal(service)
    await asks_whether_it_is_over(house, house.responders.last)
    await anna.press(card.refreshed(), "Resolve")
    await house.driver.wait_until(lambda _: card.refreshed().has_button("Reopen"))

    await house.pass_time(house.plan.alerts.reopen_within + timedelta(minutes=1))
    break_it(service)
    new = await house.responders.wait_for("INC-2 · nobody has it yet", timeout=WITHIN_S)
    assert "Follows INC-1" in new.text
    assert (await house.incident("INC-2"))["follows"] == "INC-1"
    assert (await house.incident("INC-1"))["status"] == "resolved"
