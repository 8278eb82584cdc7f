"""Phase 4 of the written plan, Resolution: verify the fix (smoke tests, 30 minutes of metrics), then document it."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.domain.plan import Action
from bot.sandbox.alert_hook import Hook
from bot.sandbox.message_view import MessageView
from bot.sandbox.monitoring import Monitoring, MonitoringKind
from bot.sandbox.service import BreakableService
from tests.flows.gate import gate_before
from tests.house import Fired, House

MINUTE = timedelta(minutes=1)
LOOKS_AGAIN_S = 60.0
"""A busy machine's Prometheus may miss a look; the next comes 15 s later, by a clock that nobody moves any more."""


@asynccontextmanager
async def watched(path: Path, smoke_tests: str = "true") -> AsyncGenerator[tuple[House, BreakableService]]:
    """The demo's team beside a service whose metrics can be broken, with smoke tests that this machine can run."""
    async with AsyncExitStack() as stack:
        house = House(path / "bot")
        tests = Action(title="Smoke tests", run=(smoke_tests,), authority="on_call")
        house.plan = house.plan.model_copy(update={"actions": {**house.plan.actions, "smoke_tests": tests}})
        service = BreakableService(house.clock.now, history=timedelta(minutes=10))
        await stack.enter_async_context(service.serve())
        monitoring = await stack.enter_async_context(
            Monitoring.start(service, Hook("http://127.0.0.1:1/nobody"), path / "m", kind=MonitoringKind.STAND_IN)
        )
        house.settings["prometheus_url"] = monitoring.prometheus_url
        yield await stack.enter_async_context(house), service


async def in_hand(house: House) -> MessageView:
    """An incident that Anna has; its card."""
    await house.declare(severity="SEV-2")
    card = await house.responders.wait_for("nobody has it yet")
    await house.person("anna").press(card, "Ack")
    await house.driver.wait_until(lambda _: "Anna has it" in card.refreshed().text)
    return card


async def verifying(house: House, card: MessageView) -> None:
    """Anna presses Resolve, and the metrics were looked at once."""
    pressed = await house.person("anna").press(card.refreshed(), "Resolve")
    assert "the fix is watched until" in pressed.text
    await house.driver.wait_until(lambda _: "Anna verifies the fix" in card.refreshed().text)
    await house.pass_time(timedelta(seconds=20))
    await house.until(lambda: seen(house, 2))


async def seen(house: House, metrics: int) -> bool:
    """Whether so many looks at metrics changed something."""
    return (await house.kinds()).count("metric_seen") >= metrics


async def minutes_pass(house: House, count: int) -> None:
    """The clock goes on minute by minute, as the metrics are scraped meanwhile."""
    for _ in range(count):
        await house.pass_time(MINUTE)
        await house.settle()


async def test_a_fix_is_verified_by_smoke_tests_and_30_minutes_of_metrics(tmp_path: Path) -> None:
    """Resolve runs the smoke tests once and watches errors and latency, with progress on the card; then it is over."""
    async with watched(tmp_path) as (house, _):
        card = await in_hand(house)
        await verifying(house, card)
        told = await house.responders.wait_for("Anna calls it fixed, watched until")
        assert "Watched: Error rate, Latency P95, Smoke tests" in told.text
        assert (await house.incident())["status"] == "verifying"
        await house.stakeholders.wait_for("a fix is in place, we watch it until")

        await minutes_pass(house, 12)
        await house.driver.wait_until(lambda _: "Verifying: 12 of 30 min" in card.refreshed().text)
        assert "Smoke tests ✓" in card.refreshed().text
        await house.pass_time(18 * MINUTE)
        over = await house.responders.wait_for("INC-1 resolved by Anna", timeout=LOOKS_AGAIN_S)
        assert "✅ Verified: Error rate, Latency P95, Smoke tests" in over.text
        assert "Not verified" not in over.text
        assert (await house.incident())["status"] == "resolved"
        assert (await house.kinds()).count("action_started") == 1
        await house.driver.wait_until(lambda _: "checklist 3 of 7" in card.refreshed().text)


async def test_a_look_that_takes_longer_than_the_watch_is_followed_by_one_at_its_end(tmp_path: Path) -> None:
    """Prometheus answers late: what it said is of before, so it is asked again at once, not a look's time later."""
    async with watched(tmp_path) as (house, _), gate_before(house.settings["prometheus_url"]) as gate:
        await house.stop_bot()
        house.settings["prometheus_url"] = gate.url
        house.plan = house.plan.model_copy(update={"rollback": None})  # the matrix would knock as well
        await house.start_bot()
        card = await in_hand(house)
        await verifying(house, card)
        gate.close()
        await house.pass_time(MINUTE)
        await gate.knocked.wait()
        await house.pass_time(30 * MINUTE)
        assert (await house.incident())["status"] == "verifying"
        gate.open()
        over = await house.responders.wait_for("INC-1 resolved by Anna", timeout=LOOKS_AGAIN_S)
        assert "✅ Verified: Error rate, Latency P95, Smoke tests" in over.text


async def test_a_breach_takes_it_back_to_the_response(tmp_path: Path) -> None:
    """Errors outside of their target for a minute: the holder hears of it, and has it again."""
    async with watched(tmp_path) as (house, service):
        card = await in_hand(house)
        await verifying(house, card)
        await minutes_pass(house, 3)
        service.change(replace(service.set_points, error_ratio=0.2))
        await minutes_pass(house, 4)
        told = await house.responders.wait_for("it is not over: Error rate", timeout=LOOKS_AGAIN_S)
        assert "Back to the response · Anna has it" in told.text
        await house.person("anna").private.wait_for("it is not over: Error rate", timeout=LOOKS_AGAIN_S)
        await house.driver.wait_until(lambda _: card.refreshed().has_button("Resolve"))
        assert (await house.incident())["status"] == "in_hand"
        await house.stakeholders.wait_for("it is not over yet")


async def test_a_firing_alert_takes_it_back_to_the_response(tmp_path: Path) -> None:
    """An alert that fires anew needs no metric."""
    async with watched(tmp_path) as (house, _):
        await house.post("/hooks/alertmanager", Fired().body())
        card = await house.responders.wait_for("nobody has it yet")
        await house.write("anna", "/ack")
        await house.post("/hooks/alertmanager", Fired(status="resolved").body())
        await verifying(house, card)
        await house.post("/hooks/alertmanager", Fired(starts_at="2026-01-09T15:02:00Z").body())
        await house.responders.wait_for("it is not over: HighErrorRate fires")
        assert (await house.incident())["status"] == "in_hand"


async def test_failed_smoke_tests_take_it_back_to_the_response(tmp_path: Path) -> None:
    """What the tests say counts at once."""
    async with watched(tmp_path, "false") as (house, _):
        card = await in_hand(house)
        await house.person("anna").press(card.refreshed(), "Resolve")
        await house.responders.wait_for("it is not over: Smoke tests failed")
        assert (await house.incident())["status"] == "in_hand"


async def test_resolve_now_takes_a_reason_that_is_recorded(tmp_path: Path) -> None:
    """By its button, with a ready reason or a reply; by word; without a reason it is refused."""
    async with watched(tmp_path) as (house, _):
        card = await in_hand(house)
        await verifying(house, card)
        anna = house.person("anna")
        assert "being watched" in (await house.write("anna", "/resolve")).text
        assert "Say why" in (await house.write("anna", "/resolve now")).text
        await anna.press(card.refreshed(), "Resolve now")
        question = await house.responders.wait_for("why is the fix not watched to the end?")
        await anna.press(question, "Seen to work by hand")
        over = await house.responders.wait_for("INC-1 resolved by Anna", timeout=LOOKS_AGAIN_S)
        assert "Seen to work by hand" in over.text
        assert "Not verified: Error rate, Latency P95 (skipped)" in over.text
        assert [event["data"]["reason"] for event in await house.timeline() if event["kind"] == "resolved"] == [
            "Seen to work by hand"
        ]


async def test_a_watch_survives_a_restart_and_runs_the_tests_once(tmp_path: Path) -> None:
    """The bot stops in the middle; after its start the watch goes on to its end."""
    async with watched(tmp_path) as (house, _):
        card = await in_hand(house)
        await verifying(house, card)
        await minutes_pass(house, 5)
        await house.stop_bot()
        await house.start_bot()
        await house.pass_time(25 * MINUTE)
        over = await house.responders.wait_for("INC-1 resolved by Anna", timeout=LOOKS_AGAIN_S)
        assert "✅ Verified: Error rate, Latency P95, Smoke tests" in over.text
        assert (await house.kinds()).count("action_started") == 1


async def test_somebody_sees_that_it_is_not_over(tmp_path: Path) -> None:
    """Not over yet ends the watch; the same people go on."""
    async with watched(tmp_path) as (house, _):
        card = await in_hand(house)
        await verifying(house, card)
        await house.person("dan").press(card.refreshed(), "Not over yet")
        await house.responders.wait_for("Dan says it is not over")
        await house.driver.wait_until(lambda _: "Anna has it" in card.refreshed().text)


async def test_what_can_not_be_verified_is_said_and_holds_up_nothing(house: House) -> None:
    """Without Prometheus, and with tests that this machine can't run: resolved at once, not verified."""
    await house.declare(severity="SEV-2")
    card = await house.responders.wait_for("nobody has it yet")
    pressed = await house.person("anna").press(card, "Resolve")
    assert "INC-1 is resolved" in pressed.text
    assert "Not verified: Error rate, Latency P95 (no Prometheus), Smoke tests (can't be run here)" in pressed.text
    await house.driver.wait_until(lambda _: "Not verified" in card.refreshed().text)


async def test_the_smoke_tests_alone_verify_where_there_is_no_prometheus(tmp_path: Path) -> None:
    """They run, and their end is the end of the incident; what else there was to see is said."""
    house = House(tmp_path)
    tests = Action(title="Smoke tests", run=("true",), authority="on_call")
    house.plan = house.plan.model_copy(update={"actions": {**house.plan.actions, "smoke_tests": tests}})
    async with house:
        card = await in_hand(house)
        await house.person("anna").press(card.refreshed(), "Resolve")
        over = await house.responders.wait_for("INC-1 resolved by Anna", timeout=LOOKS_AGAIN_S)
        assert "✅ Verified: Smoke tests" in over.text
        assert "Not verified: Error rate, Latency P95 (no Prometheus)" in over.text


async def test_a_breach_while_the_bot_was_down_is_seen(tmp_path: Path) -> None:
    """The watch's time runs out during a stop: the history is read, and it is not over."""
    async with watched(tmp_path) as (house, service):
        card = await in_hand(house)
        await verifying(house, card)
        await minutes_pass(house, 3)
        await house.stop_bot()
        service.change(replace(service.set_points, error_ratio=0.2))
        await house.pass_time(5 * MINUTE)
        service.change(replace(service.set_points, error_ratio=0.0))
        await house.pass_time(40 * MINUTE)
        await house.start_bot()
        await house.responders.wait_for("it is not over: Error rate is at 20")
        assert "resolved" not in await house.kinds()
